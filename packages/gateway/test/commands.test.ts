import { HeadwaterError, type ErrorCode } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { get, post, serve } from './support/serve.ts'

describe('POST /commands/{type}', () => {
  it('answers an accepted command with what followed, and its revision as ETag', async () => {
    const served = await serve()
    const answer = await post(served, 'Increment', { counterId: 'a', by: 3 }, { 'idempotency-key': 'c-1' })
    expect(answer.status).toBe(200)
    expect(answer.json()).toEqual({
      commandId: 'c-1',
      stream: 'counter-a',
      revision: 1,
      position: 1,
      events: [{ id: 'c-1.1', type: 'Incremented', revision: 1, position: 1 }],
    })
    expect(answer.headers['etag']).toBe('"1"')
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  })

  it('names the position of the last of several events', async () => {
    const answer = await post(await serve(), 'Assemble', { counterId: 'a', lines: [] })
    expect(answer.json()).toMatchObject({
      revision: 2,
      position: 2,
      events: [{ position: 1 }, { position: 2 }],
    })
  })

  it('answers a command that changes nothing without events or position', async () => {
    const served = await serve()
    const answer = await post(served, 'Increment', { counterId: 'a', by: 0 })
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({ revision: 0, position: null, events: [] })
    expect(answer.headers['etag']).toBe('"0"')
  })

  it('gives a command an id of its own where none is sent', async () => {
    const answer = await post(await serve(), 'Increment', { counterId: 'a' })
    expect(answer.json()['commandId']).toMatch(/^[\da-f-]{36}$/)
  })

  it('fills in the defaults of the schema', async () => {
    const served = await serve()
    await post(served, 'Increment', { counterId: 'a' })
    const { events } = (await get(served, '/streams/counter-a')).json()
    expect(events).toMatchObject([{ data: { by: 1 } }])
  })

  it('gives a repeated command id the same answer and one effect', async () => {
    const served = await serve()
    const first = await post(served, 'Increment', { counterId: 'a', by: 3 }, { 'idempotency-key': 'once' })
    const second = await post(served, 'Increment', { counterId: 'a', by: 3 }, { 'idempotency-key': 'once' })
    expect(second.status).toBe(200)
    expect(second.body).toBe(first.body)
    expect(second.headers['etag']).toBe(first.headers['etag'])
    expect((await served.headwater.head()).position).toBe(1)
  })

  it('takes an idempotency key in quotes, as its draft has it, for the same as without', async () => {
    const served = await serve()
    await post(served, 'Increment', { counterId: 'a' }, { 'idempotency-key': 'once' })
    const answer = await post(served, 'Increment', { counterId: 'a' }, { 'idempotency-key': '"once"' })
    expect(answer.json()).toMatchObject({ commandId: 'once', revision: 1 })
  })

  it('refuses a command id with another payload: 422', async () => {
    const served = await serve()
    await post(served, 'Increment', { counterId: 'a', by: 1 }, { 'idempotency-key': 'once' })
    const answer = await post(served, 'Increment', { counterId: 'a', by: 2 }, { 'idempotency-key': 'once' })
    expect(answer.status).toBe(422)
    expect(answer.json()).toMatchObject({ code: 'command.id-reused', status: 422 })
    expect(answer.json()).not.toHaveProperty('rejected')
  })

  it('answers a rejection as a problem with the code of the domain: 422', async () => {
    const served = await serve()
    await post(served, 'Increment', { counterId: 'a', by: 90 })
    const answer = await post(served, 'Increment', { counterId: 'a', by: 20 }, { 'idempotency-key': 'c-2' })
    expect(answer.status).toBe(422)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.json()).toEqual({
      type: '/reference/errors#rejected',
      title: 'The command was rejected.',
      status: 422,
      code: 'too-high',
      detail: 'A counter ends at 100.',
      rejected: true,
      data: { value: 90, by: 20 },
      commandId: 'c-2',
      stream: 'counter-a',
      revision: 1,
    })
  })

  it('gives a repeat of a rejected command the same rejection, whatever happened since', async () => {
    const served = await serve()
    await post(served, 'Increment', { counterId: 'a', by: 90 })
    const first = await post(served, 'Increment', { counterId: 'a', by: 20 }, { 'idempotency-key': 'c-2' })
    await post(served, 'Increment', { counterId: 'a', by: -50 })
    const second = await post(served, 'Increment', { counterId: 'a', by: 20 }, { 'idempotency-key': 'c-2' })
    expect(second.status).toBe(422)
    expect(second.body).toBe(first.body)
  })

  it('points at every fault of invalid data: 400', async () => {
    const answer = await post(await serve(), 'Increment', { counterId: 7, by: 'x' })
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({
      code: 'command.invalid',
      status: 400,
      type: '/reference/errors#command.invalid',
    })
    expect(answer.json()['errors']).toEqual([
      { pointer: '/counterId', detail: expect.any(String) },
      { pointer: '/by', detail: expect.any(String) },
    ])
  })

  it('escapes pointers as RFC 6901 has it', async () => {
    const answer = await post(await serve(), 'Assemble', {
      counterId: 'a',
      lines: [{ 'a/b~c': 1 }, { 'a/b~c': -1 }],
    })
    expect(answer.json()['errors']).toEqual([{ pointer: '/lines/1/a~1b~0c', detail: expect.any(String) }])
  })

  it('points at the whole body where that is wrong', async () => {
    const answer = await post(await serve(), 'Increment', 'null')
    expect(answer.status).toBe(400)
    expect(answer.json()['errors']).toEqual([{ pointer: '', detail: expect.any(String) }])
  })

  it('knows no command of another name: 404', async () => {
    const answer = await post(await serve(), 'Decrement', { counterId: 'a' })
    expect(answer.status).toBe(404)
    expect(answer.json()).toMatchObject({ code: 'command.unknown' })
  })

  it('refuses who may not send it: 403', async () => {
    const answer = await post(await serve(), 'Reset', { counterId: 'a' })
    expect(answer.status).toBe(403)
    expect(answer.json()).toMatchObject({ code: 'command.forbidden' })
    expect(answer.body).toContain('Only root resets counters')
  })

  it('answers a decision that throws with 500 and none of its secrets, which go to the error hook', async () => {
    const errors: unknown[] = []
    const served = await serve({ onError: (error, request) => errors.push(error, request) })
    const answer = await post(served, 'Explode', { counterId: 'a' })
    expect(answer.status).toBe(500)
    expect(answer.json()).toMatchObject({ code: 'command.failed', requestId: expect.any(String) })
    expect(answer.body).not.toMatch(/secret|at .*\.ts/)
    expect(errors).toEqual([
      expect.objectContaining({ code: 'command.failed' }),
      { id: answer.json()['requestId'], method: 'POST', url: '/commands/Explode' },
    ])
  })

  it('answers what nobody expected with 500 and a request id only', async () => {
    const served = await serve({}, { executeRaw: () => Promise.reject(new TypeError('password is hunter2')) })
    const answer = await post(served, 'Increment', { counterId: 'a' })
    expect(answer.status).toBe(500)
    expect(answer.json()).toMatchObject({ code: 'request.failed', status: 500 })
    expect(answer.body).not.toContain('hunter2')
  })
})

describe('If-Match', () => {
  it('lets a command through at that revision', async () => {
    const served = await serve()
    expect((await post(served, 'Increment', { counterId: 'a' }, { 'if-match': '"0"' })).status).toBe(200)
    expect((await post(served, 'Increment', { counterId: 'a' }, { 'if-match': '"1"' })).status).toBe(200)
  })

  it('refuses it at another one, and decides nothing: 412', async () => {
    const served = await serve()
    await post(served, 'Increment', { counterId: 'a' })
    const answer = await post(served, 'Increment', { counterId: 'a' }, { 'if-match': '"7"' })
    expect(answer.status).toBe(412)
    expect(answer.json()).toMatchObject({ code: 'command.revision-mismatch' })
    expect(answer.headers['etag']).toBe('"1"')
    expect((await served.headwater.head()).position).toBe(1)
  })

  it.each([
    '*',
    '3',
    'W/"3"',
    '"3", "4"',
    '"-1"',
    '"x"',
    '""',
    '"1e3"',
  ])('understands revisions only, not %s', async (tag) => {
    const answer = await post(await serve(), 'Increment', { counterId: 'a' }, { 'if-match': tag })
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'request.malformed', errors: [{ header: 'If-Match' }] })
  })
})

describe('what a command belongs to', () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const correlationOf = async (headers: Record<string, string>): Promise<unknown> => {
    const served = await serve()
    await post(served, 'Increment', { counterId: 'a' }, { 'idempotency-key': 'c-1', ...headers })
    return (await served.headwater.event('c-1.1'))?.correlationId
  }

  it('is the command itself by default', async () => {
    expect(await correlationOf({})).toBe('c-1')
  })
  it('is what correlation-id says', async () => {
    expect(await correlationOf({ 'correlation-id': 'order-17' })).toBe('order-17')
  })
  it('is the trace of traceparent', async () => {
    expect(await correlationOf({ traceparent: `00-${trace}-00f067aa0ba902b7-01` })).toBe(trace)
  })
  it('is what correlation-id says even with a traceparent', async () => {
    const headers = { 'correlation-id': 'mine', traceparent: `00-${trace}-00f067aa0ba902b7-01` }
    expect(await correlationOf(headers)).toBe('mine')
  })
  it.each([
    '',
    'x',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `ff-${trace}-00f067aa0ba902b7-01`,
  ])('ignores the invalid traceparent %j', async (traceparent) => {
    expect(await correlationOf({ traceparent })).toBe('c-1')
  })
})

describe('who sends a command', () => {
  it('is nobody in particular by default, whatever headers claim', async () => {
    const served = await serve()
    await post(served, 'Increment', { counterId: 'a' }, { 'x-actor': 'root', actor: 'root' })
    expect(await served.headwater.event((await served.headwater.commands())[0]?.id + '.1')).toMatchObject({
      actor: null,
    })
  })

  it('is who the actor function says', async () => {
    const served = await serve({ actor: (request) => (request.headers['x-user'] === 'r' ? 'root' : null) })
    expect((await post(served, 'Reset', { counterId: 'a' })).status).toBe(403)
    expect((await post(served, 'Reset', { counterId: 'a' }, { 'x-user': 'r' })).status).toBe(200)
  })
})

describe('what may pass by itself', () => {
  const failWith = async (
    code: ErrorCode,
  ): Promise<{ status: number; retryAfter: unknown; code: unknown }> => {
    const served = await serve(
      {},
      { executeRaw: () => Promise.reject(new HeadwaterError(code, 'Of the test')) },
    )
    const answer = await post(served, 'Increment', { counterId: 'a' })
    return { status: answer.status, retryAfter: answer.headers['retry-after'], code: answer.json()['code'] }
  }

  it.each([
    'log.overloaded',
    'log.busy',
    'lock.timeout',
    'log.outcome-unknown',
    'log.closed',
  ] as const)('is a 503 with Retry-After: %s', async (code) => {
    expect(await failWith(code)).toEqual({ status: 503, retryAfter: '1', code })
  })
  it.each([
    'command.conflict',
    'log.conflict',
    'log.condition-failed',
  ] as const)('is a 409: %s', async (code) => {
    expect(await failWith(code)).toEqual({ status: 409, retryAfter: undefined, code })
  })
})
