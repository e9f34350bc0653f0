import { cp, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { counterApp, headwater, startHeadwater, temporaryFolder, until } from './support/headwater.ts'

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url))

/** The counter in a folder of its own, where it can be changed. */
async function ownCounter(): Promise<string> {
  const folder = await temporaryFolder()
  await cp(counterApp, join(folder, 'counter'), { recursive: true })
  await symlink(modules, join(folder, 'node_modules'))
  return folder
}

async function answers(url: string): Promise<true | undefined> {
  try {
    const { ok } = await fetch(`${url}/livez`)
    return ok ? true : undefined
  } catch (error) {
    // Nobody listens there, yet or any more.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

describe('headwater dev', () => {
  it('serves the app, says where, and starts again when a source changed', async () => {
    const folder = await ownCounter()
    const running = startHeadwater(['dev', 'counter', '--port', '4811'], folder)
    const url = 'http://127.0.0.1:4811'
    await until(running, () => answers(url))
    expect(await until(running, () => /counter is running/.exec(running.messages())?.[0])).toBeDefined()
    expect(running.messages()).toContain(`${url}/openapi.json`)

    const file = join(folder, 'counter', 'counter.ts')
    await writeFile(file, (await readFile(file, 'utf8')).replace('> 100', '> 1'))
    await until(running, () => (running.messages().includes('started again') ? true : undefined))
    const response = await fetch(`${url}/commands/Increment`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"counterId":"a","by":2}',
    })
    expect(response.status).toBe(422)

    running.child.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
    expect(await answers(url)).toBeUndefined()
  })

  it('waits for a change where the app is broken, and says why', async () => {
    const folder = await ownCounter()
    const file = join(folder, 'counter', 'counter.ts')
    const sound = await readFile(file, 'utf8')
    await writeFile(file, `${sound}\nthrow new Error('half written')\n`)
    const running = startHeadwater(['dev', 'counter', '--port', '4812'], folder)
    await until(running, () => (running.messages().includes('Waiting for a change') ? true : undefined))
    expect(running.messages()).toContain('half written')
    await writeFile(file, sound)
    await until(running, () => answers('http://127.0.0.1:4812'))
  })
})

describe('headwater serve', () => {
  it('answers, logs JSON, and finishes when it is told to', async () => {
    const folder = await temporaryFolder()
    const running = startHeadwater(['serve', counterApp, '--port', '4813', '--db', 'counter.db'], folder)
    const url = 'http://127.0.0.1:4813'
    await until(running, () => answers(url))

    const sent = await headwater(
      ['send', 'Increment', '{"counterId":"a","by":99}', '--url', url, '--json'],
      folder,
    )
    expect(JSON.parse(sent.stdout)).toMatchObject({ status: 'accepted', revision: 1, position: 1 })
    const [rejected, events, view, state] = await Promise.all([
      headwater(['send', 'Increment', '{"counterId":"a","by":2}', '--url', url], folder),
      headwater(['read', '--url', url, '--json'], folder),
      headwater(['view', 'show', 'totals', '--filter', 'total>=99', '--url', url, '--json'], folder),
      headwater(['state', 'counter-a', '--url', url, '--json'], folder),
    ])
    expect(rejected).toMatchObject({ code: 3, stderr: expect.stringContaining('too-high') })
    expect(JSON.parse(events.stdout)).toMatchObject({ stream: 'counter-a', data: { by: 99 } })
    expect(JSON.parse(view.stdout)).toMatchObject({ items: [{ key: 'a', doc: { total: 99 } }] })
    expect(JSON.parse(state.stdout)).toEqual({ stream: 'counter-a', revision: 1, state: { value: 99 } })

    running.child.kill('SIGTERM')
    const { code, stdout, stderr } = await running.ended
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    const logged = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).msg)
    expect(logged).toEqual(['running', 'stopping', 'stopped'])
  })

  it('says so where nobody answers, or the port is taken', async () => {
    const folder = await temporaryFolder()
    const nobody = await headwater(['read', '--url', 'http://127.0.0.1:4849'], folder)
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('cli.server-unreachable') })
    const first = startHeadwater(['serve', counterApp, '--port', '4814', '--db', 'memory:'], folder)
    await until(first, () => answers('http://127.0.0.1:4814'))
    const second = await headwater(['serve', counterApp, '--port', '4814', '--db', 'memory:'], folder)
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('cli.port-in-use') })
    first.child.kill('SIGTERM')
  })
})
