import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

function compile(project: string): Promise<string> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [compiler, '--project', project, '--pretty', 'false'], (error, stdout) => {
      if (error !== null && typeof error.code !== 'number') reject(error)
      else resolve(stdout)
    })
  })
}

// A type that the compiler infers for an app has to have a name that the app's declarations can use.
test('what is defined with Headwater can be published with its types', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-declarations-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const project = join(folder, 'tsconfig.json')
  const compilerOptions = {
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: root,
    outDir: folder,
    customConditions: ['@headwater/source'],
    typeRoots: [join(root, 'node_modules/@types')],
  }
  await writeFile(
    project,
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions,
      include: [join(root, 'examples/*/*.ts')],
      exclude: [join(root, 'examples/**/*.test.ts')],
    }),
  )
  expect(await compile(project)).toBe('')
  const declared = await readFile(join(folder, 'examples/light-switch/light-switch.d.ts'), 'utf8')
  expect(declared).toContain('export declare class LightSwitch extends')
})
