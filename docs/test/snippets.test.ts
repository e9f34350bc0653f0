import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { takeOutput } from './lib/checks.ts'
import { countClaims } from './lib/instrument.ts'
import { readPages, root } from './lib/markdown.ts'
import { inTermsOfPages, isEntry, modulesOf, pathOf, writeModules } from './lib/modules.ts'
import { closeAll } from './lib/opened.ts'
import { runTests } from './lib/tests.ts'

// A decision quotes what it is about, also what has changed since; what is generated shows signatures, not snippets.
const pages = readPages().filter(({ path }) => !/^docs\/(decisions|reference\/api)\//.test(path))
const modules = pages.flatMap(modulesOf)

test('every snippet has the types that the docs say, by the settings of the repository', async () => {
  writeModules('check', modules)
  const config = join(root, 'docs/test/dist/check/tsconfig.json')
  const include = [`${root}/docs/test/dist/check`]
  writeFileSync(
    config,
    JSON.stringify({ extends: `${root}/tsconfig.json`, include, exclude: ['**/public/**'] }),
  )
  const said = await compile(config)
  expect(inTermsOfPages(aboutSnippets(said), modules)).toBe('')
})

test('what is not run claims no results', () => {
  const claims = modules.filter(({ isRun, text }) => !isRun && countClaims(text) > 0)
  expect(claims.map(({ page, file }) => `${page} ${file}`)).toEqual([])
})

describe('the snippets run, and give what the docs say', () => {
  let folder: string
  let giveBack: () => void

  beforeAll(() =>
    writeModules(
      'run',
      modules.filter(({ isRun }) => isRun),
    ),
  )
  beforeEach(() => {
    // Files that a snippet makes are made here.
    folder = mkdtempSync(join(tmpdir(), 'headwater-docs-'))
    process.chdir(folder)
    giveBack = takeOutput()
  })
  afterEach(async () => {
    giveBack()
    await closeAll()
    process.chdir(root)
    rmSync(folder, { recursive: true, force: true })
  })

  for (const page of pages) {
    const entries = modules.filter((module) => module.page === page.path && isEntry(module))
    if (entries.length === 0) continue
    test(`${page.path}`, async () => {
      for (const entry of entries) await import(pathToFileURL(pathOf('run', entry)).href)
      await runTests()
      expect(entries.length).toBeGreaterThan(0)
    })
  }
})

/** Sources that do not compile are found by another check, which says so once. */
function aboutSnippets(said: string): string {
  const messages = said.split(/\n(?=\S)/)
  return messages.filter((message) => message.includes('docs/test/dist/check/')).join('\n')
}

/** What the compiler has to say; nothing, if all is well. */
function compile(config: string): Promise<string> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [tsc, '-p', config, '--pretty', 'false'],
      { cwd: root },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error)
        else resolve(`${stdout}${stderr}`)
      },
    )
  })
}
