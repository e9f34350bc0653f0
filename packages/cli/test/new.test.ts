import { execFile } from 'node:child_process'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it, vi } from 'vitest'
import { headwater, startHeadwater, temporaryFolder, until } from './support/headwater.ts'

const execute = promisify(execFile)
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url))
// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

/** An app as `headwater new` makes it, with what it needs taken from the repository instead of a registry. */
async function aNewApp(): Promise<string> {
  const folder = await temporaryFolder()
  const made = await headwater(['new', 'my-app', '--no-install'], folder)
  expect(made).toMatchObject({ code: 0, stdout: 'cd my-app\nnpm install\nnpm start\n' })
  await symlink(modules, join(folder, 'my-app', 'node_modules'))
  return join(folder, 'my-app')
}

it('a new app passes its own tests and the compiler', async () => {
  const app = await aNewApp()
  const vitest = [join(modules, 'vitest', 'vitest.mjs'), 'run', '--reporter=json', '--outputFile=report.json']
  await execute(process.execPath, vitest, { cwd: app })
  expect(JSON.parse(await readFile(join(app, 'report.json'), 'utf8'))).toMatchObject({
    success: true,
    numPassedTests: 3,
  })
  await execute(process.execPath, [join(modules, 'typescript', 'bin', 'tsc')], { cwd: app })
  const manifest = JSON.parse(await readFile(join(app, 'package.json'), 'utf8'))
  expect(manifest).toMatchObject({ name: 'my-app', scripts: { start: 'headwater dev', test: 'vitest run' } })
  expect(manifest.dependencies.headwater).toBe(
    `file:${relative(app, fileURLToPath(new URL('../../headwater', import.meta.url)))}`,
  )
})

it('a new app runs, and takes commands', async () => {
  const app = await aNewApp()
  const running = startHeadwater(['dev', '--port', '0', '--no-watch'], app)
  const url = await until(
    running,
    () => /http:\/\/[\w.]+:\d+/.exec(running.messages() + running.output())?.[0],
  )
  const sent = await headwater(['send', 'AddTask', '{"taskId":"1","title":"Try it"}', '--url', url], app)
  expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining('TaskAdded') })
  const done = await headwater(['send', 'CompleteTask', '{"taskId":"1"}', '--url', url], app)
  expect(done.code).toBe(0)
  await until(running, () => (running.messages().includes('Well done: 1') ? true : undefined))
})

it('nothing is written over', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'mine.txt'), 'mine')
  const refused = await headwater(['new', '.', '--name', 'shop', '--no-install'], folder)
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is not empty: it holds mine.txt'),
  })
  const unnamed = await headwater(['new', 'My App', '--no-install'], folder)
  expect(unnamed).toMatchObject({ code: 2, stderr: expect.stringContaining('is no name for an app') })
})
