import { type AppendRequest, isHeadwaterError } from '@headwater/core'
import assert from 'node:assert/strict'
import { law } from '../law.ts'
import { aCommand, anEvent, appended, aRequest, readAll, statuses, to } from '../make.ts'

/** What one database or another can't hold as text. */
const unstorable = ['\u0000', 'a\u0000b', '\ud834', 'x\udd1e']

/** A request with a text in each of the places in which a store keeps it as it is. */
function requestsWith(text: string): readonly (readonly [place: string, request: AppendRequest])[] {
  const condition = (item: { readonly types?: readonly string[]; readonly tags?: readonly string[] }) => ({
    conditions: [{ query: { items: [item] }, after: 0 }],
  })
  return [
    ['a tag', aRequest([to('b-1', [anEvent({ tags: ['fine', text] })])])],
    ['a type', aRequest([to('b-1', [anEvent({ type: text })])])],
    ['a stream', aRequest([to(`b-${text}`)])],
    ['an actor', aRequest([to('b-1')], { actor: text })],
    ['a command id', aRequest([to('b-1')], { commandId: text })],
    ['a correlation id', aRequest([to('b-1')], { correlationId: text })],
    ['a causation id', aRequest([to('b-1')], { causationId: text })],
    ['a command’s type', aRequest([to('b-1')], { command: aCommand({ type: text }) })],
    ['a condition’s tag', aRequest([to('b-1')], condition({ tags: [text] }))],
    ['a condition’s type', aRequest([to('b-1')], condition({ types: [text] }))],
  ]
}

const isInvalid = (error: unknown): boolean => isHeadwaterError(error, 'log.invalid-text')

export const textLaws = [
  law(
    'a request with a text that not every database can hold fails alone, and nothing of it is written',
    async (trial) => {
      const { log } = await trial.open()
      const cases = unstorable.flatMap(requestsWith)
      const results = await log.append([
        aRequest([to('a-1')]),
        ...cases.map(([, request]) => request),
        aRequest([to('c-1')]),
      ])
      assert.deepEqual(statuses([...results.slice(0, 1), ...results.slice(-1)]), ['appended', 'appended'])
      for (const [index, [place]] of cases.entries()) {
        const result = results[index + 1]
        assert.ok(result?.status === 'failed' && isInvalid(result.error), `${place}: ${result?.status}`)
      }
      assert.deepEqual(
        (await readAll(log)).map(({ position, stream }) => [position, stream]),
        [
          [1, 'a-1'],
          [2, 'c-1'],
        ],
      )
    },
  ),

  law('nothing is recorded together with a text that not every database can hold', async (trial) => {
    const { log } = await trial.open()
    const [[, faulty] = ['', aRequest([])]] = requestsWith('\u0000')
    await assert.rejects(log.appendTogether([aRequest([to('a-1')]), faulty]), isInvalid)
    assert.deepEqual(await readAll(log), [])
  }),

  law('data may hold U+0000, and half a surrogate pair as JSON writes it', async (trial) => {
    const { log } = await trial.open()
    const texts = [...unstorable.map((text) => JSON.stringify(text)), '\u0000', 'a\u0000b']
    for (const data of texts) await appended(log, aRequest([to('a-1', [anEvent({ data })])]))
    assert.deepEqual(
      (await readAll(log)).map(({ data }) => data),
      texts,
    )
  }),

  law('nothing has a tag or a type that not every database can hold', async (trial) => {
    const { log } = await trial.open()
    await appended(log, aRequest([to('a-1', [anEvent({ tags: ['fine'] })])]))
    const scope = { branch: 0, tenant: '', after: 0, limit: 10 }
    for (const text of unstorable) {
      assert.deepEqual((await log.read({ ...scope, types: [text] })).events, [])
      for (const item of [{ tags: ['fine', text] }, { types: [text] }])
        assert.deepEqual((await log.read({ ...scope, query: { items: [item] } })).events, [])
      const either = { items: [{ tags: [text] }, { types: [text, 'Happened'] }] }
      assert.equal((await log.read({ ...scope, query: either })).events.length, 1)
      assert.equal((await log.read({ ...scope, types: [text, 'Happened'] })).events.length, 1)
    }
  }),
]
