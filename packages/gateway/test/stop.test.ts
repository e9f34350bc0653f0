import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome } from '@headwater/core'
import { openStore } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { counters } from './support/app.ts'
import { follow } from './support/follow.ts'
import { sendRaw, statusOf } from './support/raw.ts'
import { listen, post, serve } from './support/serve.ts'

/** What a sender saw of one command. */
type Seen = 'answered' | 'refused' | 'cut off before an answer' | 'half answered' | 'something else'

async function send(url: string, id: string): Promise<Seen> {
  let response: Response
  try {
    response = await fetch(`${url}/commands/Note`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify({ counterId: id, note: 'x'.repeat(200) }),
    })
  } catch {
    return 'cut off before an answer'
  }
  try {
    const body: Record<string, unknown> = JSON.parse(await response.text())
    if (response.status === 503) return 'refused'
    return response.status === 200 && body['commandId'] === id ? 'answered' : 'something else'
  } catch {
    return 'half answered'
  }
}

async function started(path: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(new URL('./support/stop-child.ts', import.meta.url), [path], {
    execArgv: ['--conditions=@headwater/source'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [url] = await once(child, 'message')
  return { child, url: String(url) }
}

describe('a process that is told to stop while commands come in', () => {
  it('has every command in its log that it answered, and answers none by halves', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'headwater-stop-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const path = join(directory, 'counters.db')
    const { child, url } = await started(path)
    const follower = await follow(url)

    const seen = new Map<string, Seen>()
    let isOver = false
    const load = Array.from({ length: 24 }, async (_, sender) => {
      for (let count = 0; !isOver; count++) {
        const id = `${sender}-${count}`
        const result = await send(url, id)
        seen.set(id, result)
        if (result !== 'answered') return
      }
    })
    await expect.poll(() => seen.size).toBeGreaterThan(300)
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    const [code] = await exited
    isOver = true
    await Promise.all(load)
    await follower.ended
    expect(code).toBe(0)

    const headwater = await openStore(counters, await sqliteStore({ path }), { processors: false })
    onTestFinished(() => headwater.close())
    const recorded = new Set<string>()
    for await (const event of headwater.events()) recorded.add(event.aggregateId)
    const ids = (what: Seen): string[] => [...seen].filter(([, result]) => result === what).map(([id]) => id)
    expect(ids('half answered')).toEqual([])
    expect(ids('something else')).toEqual([])
    expect(ids('answered').filter((id) => !recorded.has(id))).toEqual([])
    expect(ids('refused').filter((id) => recorded.has(id))).toEqual([])
    // Every event that the follower got is in the log, in order, from the first on.
    expect(follower.ids).toEqual(Array.from({ length: follower.ids.length }, (_, index) => index + 1))
  })
})

describe('closing the gateway', () => {
  function slow(): { outcome: Promise<Outcome>; finish: () => void } {
    let finish = (): void => undefined
    const outcome = new Promise<Outcome>((resolve) => {
      finish = () =>
        resolve({
          status: 'accepted',
          commandId: 'c',
          stream: 'counter-a',
          revision: 1,
          position: 1,
          events: [],
        })
    })
    return { outcome, finish }
  }

  const command = (port: number): Promise<string> =>
    sendRaw(
      port,
      'POST /commands/Increment HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"counterId":"a"}',
    )

  it('waits for the answer of what was begun, and takes nothing new', async () => {
    const { outcome, finish } = slow()
    let begun = 0
    const executeRaw = (): Promise<Outcome> => {
      begun += 1
      return outcome
    }
    const served = await listen({}, { executeRaw })
    const answer = command(served.port)
    await expect.poll(() => begun).toBe(1)
    const closed = served.gateway.close()
    expect((await post(served, 'Increment', { counterId: 'b' })).json()).toMatchObject({
      status: 503,
      code: 'gateway.stopping',
    })
    expect(begun).toBe(1)
    setTimeout(finish, 100)
    expect(statusOf(await answer)).toBe(200)
    await closed
    await expect(fetch(served.url)).rejects.toThrow('fetch failed')
  })

  it('can go on serving for a while, saying that it is not ready, for load balancers to notice', async () => {
    const served = await listen({ drainTime: 300 })
    const closed = served.gateway.close()
    const ready = await fetch(`${served.url}/readyz`)
    expect(await ready.json()).toMatchObject({
      code: 'gateway.not-ready',
      reasons: ['The server is shutting down'],
    })
    expect((await fetch(`${served.url}/livez`)).status).toBe(200)
    expect((await post(served, 'Increment', { counterId: 'a' })).status).toBe(200)
    await closed
    await expect(fetch(served.url)).rejects.toThrow('fetch failed')
  })

  it('cuts off who is not done by the time limit', async () => {
    const served = await listen({ stopLimit: 150 }, { executeRaw: () => new Promise(() => undefined) })
    const answer = command(served.port)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await served.gateway.close()
    expect(await answer).toBe('')
  })

  it('does not wait for connections on which nothing is asked', async () => {
    const served = await listen({ stopLimit: 90_000 })
    const idle = sendRaw(served.port, '', 60_000)
    const used = sendRaw(served.port, 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n', 60_000)
    await expect
      .poll(
        () =>
          new Promise((resolve) =>
            served.gateway.fastify.server.getConnections((_error, count) => resolve(count)),
          ),
      )
      .toBe(2)
    const began = performance.now()
    await served.gateway.close()
    expect(performance.now() - began).toBeLessThan(30_000)
    await Promise.all([idle, used])
  })

  it('may be asked for twice, and before anything was listened to', async () => {
    const { gateway } = await serve()
    await Promise.all([gateway.close(), gateway.close()])
    await expect(gateway.close()).resolves.toBeUndefined()
  })
})
