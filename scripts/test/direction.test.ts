import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inRoot } from '../lib/root.mjs'

let folder: string
const manifest = (name: string) =>
  JSON.stringify({ name, type: 'module', exports: { '.': { '@headwater/source': './src/index.ts' } } })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headwater-direction-'))
  await write({
    'packages/core/package.json': manifest('@headwater/core'),
    'packages/core/src/index.ts': "export { message } from './message/message.ts'\n",
    'packages/core/src/message/message.ts': 'export const message = 1\nexport type Message = number\n',
    'packages/core/src/log/log.ts':
      "import { message } from '../message/message.ts'\nexport const log = message\n",
    'packages/client/package.json': manifest('@headwater/client'),
    'packages/client/src/index.ts': 'export const client = 1\n',
    'packages/sqlite/package.json': JSON.stringify({ name: 'x', dependencies: { '@headwater/core': '*' } }),
    'packages/sqlite/src/index.ts':
      "import { message } from '@headwater/core'\nexport const sqlite = message\n",
    'examples/counter/app.ts': 'export default 1\n',
  })
  await mkdir(join(folder, 'node_modules/@headwater'), { recursive: true })
  await symlink(join(folder, 'packages/core'), join(folder, 'node_modules/@headwater/core'), 'junction')
  await symlink(join(folder, 'packages/client'), join(folder, 'node_modules/@headwater/client'), 'junction')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a repository whose imports point back passes', async () => {
  expect(await direction()).toEqual({
    code: 0,
    said: expect.stringContaining('0 imports in the wrong direction, 6 files'),
  })
})

const wrong = [
  {
    what: 'an earlier folder of core that imports a later one',
    file: 'packages/core/src/message/early.ts',
    source: "import { log } from '../log/log.ts'\nexport const early = log\n",
    rule: 'core-message-reads-downward',
  },
  {
    what: 'a type import of a later folder',
    file: 'packages/core/src/message/early.ts',
    source: "import type { Log } from '../log/type.ts'\nexport type Early = Log\n",
    rule: 'core-message-reads-downward',
    also: { 'packages/core/src/log/type.ts': 'export type Log = 1\n' },
  },
  {
    what: 'a re-exported type of a later folder',
    file: 'packages/core/src/message/early.ts',
    source: "export { type Log } from '../log/type.ts'\n",
    rule: 'core-message-reads-downward',
    also: { 'packages/core/src/log/type.ts': 'export type Log = 1\n' },
  },
  {
    what: 'a cycle of types within a folder',
    file: 'packages/core/src/log/a.ts',
    source: "import type { B } from './b.ts'\nexport type A = B[]\n",
    rule: 'no-cycle',
    also: { 'packages/core/src/log/b.ts': "import type { A } from './a.ts'\nexport type B = A\n" },
  },
  {
    what: 'a folder of core that has no place in the order',
    file: 'packages/core/src/utilities/x.ts',
    source: 'export const x = 1\n',
    rule: 'core-folder-without-a-place',
    also: { 'packages/core/src/log/y.ts': "export { x } from '../utilities/x.ts'\n" },
  },
  {
    what: 'input and output in core',
    file: 'packages/core/src/log/file.ts',
    source: "import { readFileSync } from 'node:fs'\nexport const file = readFileSync\n",
    rule: 'core-does-no-io',
  },
  {
    what: 'a module of Node in the client',
    file: 'packages/client/src/random.ts',
    source: "import { randomUUID } from 'node:crypto'\nexport const random = randomUUID\n",
    rule: 'browser-safe',
  },
  {
    what: 'the client that imports core',
    file: 'packages/client/src/core.ts',
    source: "import type { Message } from '@headwater/core'\nexport type M = Message\n",
    rule: 'client-imports-only-itself',
  },
  {
    what: "another package's inside",
    file: 'packages/sqlite/src/deep.ts',
    source: "export { message } from '../../core/src/message/message.ts'\n",
    rule: 'by-the-front-door',
  },
  {
    what: 'an example that goes around what users install',
    file: 'examples/counter/core.ts',
    source: "export { message } from '@headwater/core'\n",
    rule: 'examples-use-what-users-install',
  },
  {
    what: 'an import that leads nowhere',
    file: 'packages/sqlite/src/nowhere.ts',
    source: "export { x } from './not-there.ts'\n",
    rule: 'unresolved',
  },
]

test.for(wrong)('$what is refused', async ({ file, source, rule, also }) => {
  await write({ [file]: source, ...also })
  const { code, said } = await direction()
  expect(said).toContain(rule)
  expect(code).toBe(1)
})

async function write(files: Record<string, string | undefined>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text ?? '')
  }
}

function direction(): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [inRoot('scripts/direction.mjs'), folder], (error, _stdout, said) => {
      resolve({ code: error ? Number(error.code) : 0, said })
    })
  })
}
