import { HeadwaterError, type ProcessorHandle } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { follow } from './support/follow.ts'
import { get, listen, overridden, post, serve, type Served } from './support/serve.ts'

async function processorsWith(
  summary: Partial<Awaited<ReturnType<ProcessorHandle['summary']>>> | Error,
): Promise<Served> {
  const { headwater } = await serve()
  const [processor] = headwater.processors
  if (processor === undefined) throw new Error('No processor runs')
  const real = await processor.summary()
  const changed = overridden<ProcessorHandle>(processor, {
    summary: () =>
      summary instanceof Error
        ? Promise.reject(summary)
        : Promise.resolve({ ...real, status: 'running', ...summary }),
  })
  return serve({}, { processors: [changed] })
}

describe('/livez', () => {
  it('says ok as long as the process answers, whatever the store does', async () => {
    const served = await serve({}, { head: () => Promise.reject(new HeadwaterError('log.busy', 'Busy')) })
    const answer = await get(served, '/livez')
    expect([answer.status, answer.json()]).toEqual([200, { status: 'ok' }])
  })
})

const ready = { status: 'ready', roles: ['gateway', 'views', 'subscriptions', 'snapshots', 'images'] }

describe('/readyz', () => {
  it('is ready once every processor runs', async () => {
    const served = await serve()
    await expect.poll(async () => (await get(served, '/readyz')).json()).toEqual(ready)
  })

  it('is ready where another process holds the lease', async () => {
    expect((await get(await processorsWith({ status: 'standby' }), '/readyz')).status).toBe(200)
  })

  it('is ready while an operator has a processor paused: requests are answered all the same', async () => {
    const served = await serve()
    await expect.poll(async () => (await get(served, '/readyz')).status).toBe(200)
    const processor = served.headwater.processor('totals')
    await processor.pause({ why: 'The disk is moved' })
    await expect.poll(async () => (await processor.summary()).status).toBe('paused')
    expect((await get(served, '/readyz')).json()).toEqual(ready)
  })

  it.each([
    'starting',
    'stopped',
    'failed',
  ] as const)('is not ready while a processor is %s, and says which', async (status) => {
    const error = status === 'failed' ? { code: 'log.diverged', message: 'secret' } : undefined
    const answer = await get(await processorsWith({ status, error }), '/readyz')
    expect(answer.status).toBe(503)
    expect(answer.json()).toMatchObject({
      code: 'gateway.not-ready',
      reasons: [expect.stringContaining(`totals is ${status}`)],
    })
    expect(answer.body).not.toContain('secret')
  })

  it('is not ready when a processor or the store does not answer', async () => {
    expect((await get(await processorsWith(new Error('secret')), '/readyz')).json()).toMatchObject({
      status: 503,
    })
    const silent = await serve({}, { head: () => new Promise(() => undefined) })
    const answer = await get(silent, '/readyz')
    expect(answer.json()['reasons']).toContainEqual(expect.stringContaining('The store does not answer'))
  })
})

describe('a gateway without an API', () => {
  it('answers to what watches the process, and to nobody else', async () => {
    const served = await serve({ api: false })
    await expect
      .poll(async () => (await get(served, '/readyz')).json())
      .toMatchObject({
        roles: ['views', 'subscriptions', 'snapshots', 'images'],
      })
    expect((await get(served, '/livez')).status).toBe(200)
    expect((await get(served, '/metrics')).body).toContain('headwater_role{role="views"} 1')
    for (const path of ['/events', '/views', '/catalog', '/openapi.json'])
      expect((await get(served, path)).json()).toMatchObject({ status: 404 })
  })
})

describe('/metrics', () => {
  const figure = (text: string, name: string): number => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `))
    return Number(line?.slice(name.length + 1))
  }

  it('counts commands by type and outcome, events by type and errors by code', async () => {
    const served = await serve()
    await post(served, 'Increment', { counterId: 'a' })
    await post(served, 'Assemble', { counterId: 'a', lines: [] })
    await post(served, 'Increment', { counterId: 'a', by: 1000 })
    await post(served, 'Increment', { counterId: 5 })
    await post(served, 'Unheard', {})
    await post(served, 'Explode', { counterId: 'a' })
    await get(served, '/nothing')
    const { body, headers } = await get(served, '/metrics')
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(figure(body, 'headwater_commands_total{type="Increment",outcome="accepted"}')).toBe(1)
    expect(figure(body, 'headwater_commands_total{type="Increment",outcome="rejected"}')).toBe(1)
    expect(figure(body, 'headwater_commands_total{type="Increment",outcome="failed"}')).toBe(1)
    expect(figure(body, 'headwater_commands_total{type="unknown",outcome="failed"}')).toBe(1)
    expect(figure(body, 'headwater_command_duration_seconds_count{type="Increment"}')).toBe(3)
    expect(figure(body, 'headwater_events_appended_total{type="Incremented"}')).toBe(3)
    expect(figure(body, 'headwater_errors_total{code="command.invalid"}')).toBe(1)
    expect(figure(body, 'headwater_errors_total{code="command.failed"}')).toBe(1)
    expect(figure(body, 'headwater_errors_total{code="request.not-found"}')).toBe(1)
    expect(figure(body, 'headwater_commands_in_flight')).toBe(0)
    expect(body).not.toContain('Unheard')
  })

  it('times requests by their route, not by what is asked for', async () => {
    const served = await serve()
    await get(served, '/streams/counter-secret')
    await get(served, '/nothing/at/all')
    const { body } = await get(served, '/metrics')
    const labels = 'http_request_method="GET",http_route="/streams/:stream",http_response_status_code="404"'
    expect(figure(body, `http_server_request_duration_seconds_count{${labels}}`)).toBe(1)
    expect(body).toContain('http_route="none"')
    expect(body).not.toMatch(/counter-secret|at\/all/)
  })

  it('tells the head, and for each processor its lag and what is parked', async () => {
    const served = await processorsWith({ lag: { events: 7, seconds: 1.5 }, parked: 2, status: 'failed' })
    const { body } = await get(served, '/metrics')
    const labels = '{processor="totals",kind="view"}'
    expect(figure(body, `headwater_processor_lag_events${labels}`)).toBe(7)
    expect(figure(body, `headwater_processor_lag_seconds${labels}`)).toBe(1.5)
    expect(figure(body, `headwater_processor_parked_events${labels}`)).toBe(2)
    expect(figure(body, `headwater_processor_up${labels}`)).toBe(0)
    expect(figure(body, 'headwater_log_head_position')).toBe(0)
  })

  it('tells how many follow the log, and how the process is', async () => {
    const served = await listen()
    const client = await follow(served.url)
    const { body } = await get(served, '/metrics')
    expect(figure(body, 'headwater_event_streams')).toBe(1)
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_seconds{quantile="0.99"}',
    ]) {
      expect(figure(body, name)).toBeGreaterThan(0)
    }
    await client.stop()
  })

  it('gives what it can when the store does not answer', async () => {
    const served = await serve({}, { head: () => Promise.reject(new HeadwaterError('log.busy', 'Busy')) })
    const { status, body } = await get(served, '/metrics')
    expect(status).toBe(200)
    expect(figure(body, 'headwater_scrape_errors_total{code="log.busy"}')).toBe(1)
  })
})

describe('/reference/errors', () => {
  it('has a section for every problem’s type', async () => {
    const served = await serve()
    const { type } = (await post(served, 'Unheard', {})).json()
    const [path, anchor] = String(type).split('#')
    const { body, headers } = await get(served, path ?? '')
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(body).toContain(`<section id="${anchor}">`)
    expect(body).toContain('<section id="rejected">')
  })

  it('may be elsewhere', async () => {
    const served = await serve({ errorReference: 'https://docs.example/errors' })
    expect((await get(served, '/nothing')).json()['type']).toBe(
      'https://docs.example/errors#request.not-found',
    )
  })
})
