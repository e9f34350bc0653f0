import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startServer } from '../src/dev/server.ts'
import guarded from './support/guarded/app.ts'
import { temporaryFolder } from './support/headwater.ts'
import { runHere } from './support/in-process.ts'

vi.setConfig({ testTimeout: 120_000 })

const guardedApp = fileURLToPath(new URL('./support/guarded/app.ts', import.meta.url))
const why = ['--why', 'so it was']

/** A database with a correction on a branch, and a note on another one. */
async function filled(): Promise<{ db: string; run: (...line: string[]) => ReturnType<typeof runHere> }> {
  const db = join(await temporaryFolder(), 'guarded.db')
  const run = (...line: string[]) => runHere([...line, '--app', guardedApp, '--db', db])
  for (const line of [
    ['send', 'Note', '{"pageId":"1","text":"teh"}', '--id', 'first'],
    ['branch', 'create', 'correction'],
    ['amend', 'correct', 'first.1', '{"text":"the"}', ...why, '--branch', 'correction'],
    ['branch', 'create', 'note'],
    ['send', 'Note', '{"pageId":"2","text":"more"}', '--branch', 'note'],
  ])
    expect([line, (await run(...line)).code]).toEqual([line, 0])
  return { db, run }
}

it('who may merge what is the app’s to say, on the command line', async () => {
  const { run } = await filled()
  const merge = (name: string, ...options: string[]) => run('branch', 'merge', name, ...why, ...options)
  expect(await merge('correction', '--actor', 'ada')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('merge.refused: ada is not the editor'),
  })
  expect(await merge('correction')).toMatchObject({ code: 3 })
  expect(await merge('note')).toMatchObject({ code: 0 })
  expect(await merge('correction', '--actor', 'editor')).toMatchObject({ code: 0 })
  const { stdout } = await run('state', 'page-1', '--json')
  expect(JSON.parse(stdout).state).toEqual({ texts: ['the'] })
})

it('and of a server, to which nobody is known who doesn’t say so', async () => {
  const { db } = await filled()
  const server = await startServer(guarded, {
    db,
    host: '127.0.0.1',
    port: 0,
    gateway: true,
    roles: [],
    onError: () => undefined,
    onWarning: () => undefined,
    onChangedView: 'warn',
    http: {},
  })
  onTestFinished(() => server.close())
  const post = (name: string) =>
    fetch(`${server.url}/branches/${name}/merge`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ why: 'so it was' }),
    })
  const refused = await post('correction')
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ code: 'merge.refused', detail: 'null is not the editor' })
  expect((await post('note')).status).toBe(200)
  const merge = ['branch', 'merge', 'correction', ...why, '--url', server.url]
  expect(await runHere(merge)).toMatchObject({ code: 3 })
  expect(await runHere([...merge, '--actor', 'editor'])).toMatchObject({ code: 2 })
})
