import assert from 'node:assert/strict'
import { law } from '../law.ts'
import { anEvent, appended, aRequest, readAll, readStreamFully, record, statuses, to } from '../make.ts'

export const appendLaws = [
  law('the first event of a log has position 1 and revision 1', async (trial) => {
    const { log } = await trial.open()
    const result = await appended(log, aRequest([to('a-1')]))
    assert.equal(result.position, 1)
    assert.deepEqual(result.revisions, [1])
  }),

  law('positions are dense over streams and requests', async (trial) => {
    const { log } = await trial.open()
    await log.append([aRequest([to('a-1', 2)]), aRequest([to('b-1')])])
    await log.append([aRequest([to('c-1')]), aRequest([to('a-1', 3)])])
    assert.deepEqual(
      (await readAll(log)).map(({ position }) => position),
      [1, 2, 3, 4, 5, 6, 7],
    )
  }),

  law('events stand in the log in the order of the requests, then of their streams', async (trial) => {
    const { log } = await trial.open()
    await log.append([aRequest([to('b-1', 2), to('a-1')]), aRequest([to('c-1')])])
    assert.deepEqual(
      (await readAll(log)).map(({ stream }) => stream),
      ['b-1', 'b-1', 'a-1', 'c-1'],
    )
  }),

  law('revisions of a stream are dense from 1', async (trial) => {
    const { log } = await trial.open()
    await log.append([aRequest([to('a-1', 2)]), aRequest([to('b-1', 2)]), aRequest([to('a-1')])])
    await log.append([aRequest([to('a-1', 2)])])
    assert.deepEqual(
      (await readStreamFully(log, 'a-1')).map(({ revision }) => revision),
      [1, 2, 3, 4, 5],
    )
  }),

  law(
    'a result tells the position of its first event and the revision of each stream after it',
    async (trial) => {
      const store = await trial.open()
      await record(store, 'a-1', 3)
      const result = await appended(store.log, aRequest([to('b-1', 2), to('a-1', 2), to('c-1', 0)]))
      assert.equal(result.position, 4)
      assert.deepEqual(result.revisions, [2, 5, 0])
    },
  ),

  law('there is one result per request, in their order', async (trial) => {
    const { log } = await trial.open()
    const requests = [
      aRequest([to('a-1', 1, 'none')]),
      aRequest([to('b-1', 1, 'exists')]),
      aRequest([to('c-1')]),
      aRequest([to('d-1', 1, 7)]),
    ]
    assert.deepEqual(statuses(await log.append(requests)), ['appended', 'conflict', 'appended', 'conflict'])
  }),

  law('no requests give no results', async (trial) => {
    const { log } = await trial.open()
    assert.deepEqual(await log.append([]), [])
  }),

  law('an append without events has no position and moves nothing', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1', 2)
    const result = await appended(store.log, aRequest([to('a-1', 0, 2)]))
    assert.equal(result.position, undefined)
    assert.deepEqual(result.revisions, [2])
    assert.equal((await store.log.head(0)).position, 2)
  }),

  law('an event comes back as it was appended', async (trial) => {
    const { log } = await trial.open()
    const event = anEvent({
      type: 'order.placed',
      version: 3,
      data: '{"text":"ä€𝄞 \' \\" % _"}',
      occurredAt: -86_400_000,
    })
    const request = aRequest([to('order-ä€𝄞', [event])], {
      tenant: 'tenant-1',
      actor: 'ada',
      correlationId: 'correlation-1',
      causationId: 'cause-1',
    })
    const { recordedAt } = await appended(log, request)
    assert.deepEqual(
      (await readAll(log)).map((row) => ({ ...row })),
      [
        {
          position: 1,
          tenant: 'tenant-1',
          stream: 'order-ä€𝄞',
          revision: 1,
          type: 'order.placed',
          version: 3,
          commandId: request.commandId,
          ordinal: 1,
          recordedAt,
          occurredAt: -86_400_000,
          actor: 'ada',
          correlationId: 'correlation-1',
          causationId: 'cause-1',
          data: event.data,
        },
      ],
    )
  }),

  law('a stream gives the same events as the log', async (trial) => {
    const store = await trial.open()
    await record(store, 'a-1', 2)
    await record(store, 'b-1', 1)
    await record(store, 'a-1', 1)
    const ofLog = (await readAll(store.log)).filter(({ stream }) => stream === 'a-1')
    assert.deepEqual(await readStreamFully(store.log, 'a-1'), ofLog)
  }),

  law('a missing and an empty cause stay apart', async (trial) => {
    const { log } = await trial.open()
    await appended(log, aRequest([to('a-1')], { causationId: null, correlationId: null }))
    await appended(log, aRequest([to('a-1')], { causationId: '', correlationId: 'c' }))
    const causes = (await readAll(log)).map(({ causationId, correlationId }) => [causationId, correlationId])
    assert.deepEqual(causes, [
      [null, null],
      ['', 'c'],
    ])
  }),

  law('text comes back as text and bytes as bytes', async (trial) => {
    const { log } = await trial.open()
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    await appended(
      log,
      aRequest([to('a-1', [anEvent({ data: '' }), anEvent({ data: bytes }), anEvent({ data: '"x"' })])]),
    )
    const [empty, raw, text] = await readAll(log)
    assert.equal(empty?.data, '')
    assert.ok(raw?.data instanceof Uint8Array)
    assert.deepEqual([...raw.data], [...bytes])
    assert.equal(text?.data, '"x"')
  }),

  law('bytes are taken over at the append, whatever becomes of the buffer', async (trial) => {
    const { log } = await trial.open()
    const bytes = Uint8Array.of(1, 2, 3)
    await appended(log, aRequest([to('a-1', [anEvent({ data: bytes })])]))
    bytes.fill(9)
    const [event] = await readAll(log)
    assert.ok(event?.data instanceof Uint8Array)
    assert.deepEqual([...event.data], [1, 2, 3])
  }),

  law('a payload of a megabyte comes back whole', async (trial) => {
    const { log } = await trial.open()
    const data = JSON.stringify('€'.repeat(400_000))
    await appended(log, aRequest([to('a-1', [anEvent({ data })])]))
    assert.equal((await readAll(log))[0]?.data, data)
  }),

  law('ordinals count the events of a request from 1 over all of its streams', async (trial) => {
    const { log } = await trial.open()
    await appended(log, aRequest([to('a-1', 2), to('b-1', 2)]))
    assert.deepEqual(
      (await readAll(log)).map(({ ordinal }) => ordinal),
      [1, 2, 3, 4],
    )
  }),

  law('a request has one recorded time for all of its events', async (trial) => {
    const { log } = await trial.open()
    const { recordedAt } = await appended(log, aRequest([to('a-1', 2), to('b-1', 2)]))
    assert.deepEqual(
      (await readAll(log)).map((event) => event.recordedAt),
      [recordedAt, recordedAt, recordedAt, recordedAt],
    )
  }),

  law(
    'the recorded time is the clock’s',
    async (trial) => {
      let now = 1_000_000
      const { log } = await trial.open(() => now)
      const first = await appended(log, aRequest([to('a-1')]))
      now += 77
      const second = await appended(log, aRequest([to('a-1')]))
      assert.deepEqual([first.recordedAt, second.recordedAt], [1_000_000, 1_000_077])
    },
    'virtualTime',
  ),

  law(
    'the recorded time stands still while the clock runs backwards',
    async (trial) => {
      let now = 1_000_000
      const { log } = await trial.open(() => now)
      for (const time of [1_000_000, 400, 999_999, 1_000_001, 1]) {
        now = time
        await appended(log, aRequest([to('a-1')]))
      }
      const times = (await readAll(log)).map(({ recordedAt }) => recordedAt)
      assert.deepEqual(times, [1_000_000, 1_000_000, 1_000_000, 1_000_001, 1_000_001])
    },
    'virtualTime',
  ),

  law('a request at fault fails alone', async (trial) => {
    const { log } = await trial.open()
    const faulty = aRequest([to('b-1', [anEvent(), anEvent({ occurredAt: Number.NaN })])])
    const results = await log.append([aRequest([to('a-1')]), faulty, aRequest([to('c-1')])])
    assert.deepEqual(statuses(results), ['appended', 'failed', 'appended'])
    assert.deepEqual(
      (await readAll(log)).map(({ position, stream }) => [position, stream]),
      [
        [1, 'a-1'],
        [2, 'c-1'],
      ],
    )
  }),
]
