/**
 * `npm run reference`: writes docs/reference/api from the docstrings of everything that the packages export.
 * `npm run reference -- --check`: fails if what is there is not what the sources say.
 *
 * TypeDoc does the work, with a TypeScript of its own (scripts/reference/package.json). It makes a page per entry point, so each
 * section of core's index becomes one: a page per subject, in the order in which data flows.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ensureInstalled, nodeBinary } from './lib/install.mjs'
import { main } from './lib/main.mjs'
import { entriesOf, titleOf } from './lib/reference.mjs'
import { inRoot } from './lib/root.mjs'
import { run } from './lib/run.mjs'

const work = inRoot('.cache', 'reference')
const pages = inRoot('docs', 'reference', 'api')

await main(async () => {
  const isCheck = process.argv.includes('--check')
  await ensureInstalled()
  await ensureInstalled(inRoot('scripts', 'reference'))
  const entries = entriesOf(inRoot())
  const code = await generate(entries)
  if (code !== 0) return code
  const written = new Map(entries.map(({ page }) => [`${page}.md`, pageOf(page)]))
  written.set('README.md', indexOf(entries.map(({ page }) => page)))
  return isCheck ? compare(written) : write(written)
})

/** @param {import('./lib/reference.mjs').Entry[]} entries */
async function generate(entries) {
  rmSync(work, { recursive: true, force: true })
  mkdirSync(join(work, 'entries'), { recursive: true })
  for (const { page, text } of entries) writeFileSync(join(work, 'entries', `${page}.ts`), text)
  const compilerOptions = {
    noEmit: true,
    allowImportingTsExtensions: true,
    customConditions: ['@headwater/source'],
    types: ['node'],
    typeRoots: [inRoot('node_modules', '@types')],
  }
  writeFileSync(
    join(work, 'tsconfig.json'),
    JSON.stringify({ extends: inRoot('tsconfig.base.json'), compilerOptions, include: ['entries'] }),
  )
  const options = {
    plugin: 'typedoc-plugin-markdown',
    tsconfig: join(work, 'tsconfig.json'),
    out: join(work, 'out'),
    readme: 'none',
    router: 'module',
    sort: 'source-order',
    groupOrder: 'Functions,Classes,Interfaces,Type Aliases,Variables',
    logLevel: 'Warn',
    hidePageHeader: 'true',
    hideBreadcrumbs: 'true',
    disableSources: 'true',
    excludeExternals: 'true',
    excludePrivate: 'true',
    useCodeBlocks: 'true',
    useHTMLAnchors: 'true',
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    propertyMembersFormat: 'table',
    typeDeclarationFormat: 'table',
    'validation.notExported': 'false',
    'validation.notDocumented': 'false',
    treatWarningsAsErrors: 'true',
  }
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const files = entries.flatMap(({ page }) => ['--entryPoints', join(work, 'entries', `${page}.ts`)])
  return run(nodeBinary(), [
    inRoot('scripts', 'reference', 'node_modules', 'typedoc', 'bin', 'typedoc'),
    ...given,
    ...files,
  ])
}

/** @param {string} page */
function pageOf(page) {
  const made = readFileSync(join(work, 'out', `${page}.md`), 'utf8')
  return `<!-- Generated from the sources: npm run reference -->\n\n${made.replace(/^# .*$/m, `# ${titleOf(page)}`)}`
}

/** @param {string[]} names */
function indexOf(names) {
  const rows = names.map((name) => `- [${titleOf(name)}](${name}.md)`)
  return `<!-- Generated from the sources: npm run reference -->

# API

Everything that the packages export, with parameters, units, defaults and errors: what an editor shows, on pages.

${rows.join('\n')}
`
}

/** @param {Map<string, string>} written */
function write(written) {
  rmSync(pages, { recursive: true, force: true })
  mkdirSync(pages, { recursive: true })
  for (const [name, text] of written) writeFileSync(join(pages, name), text)
  console.error(`${written.size} pages in ${relative(inRoot(), pages)}`)
  return 0
}

/** @param {Map<string, string>} written */
function compare(written) {
  const there = existsSync(pages) ? readdirSync(pages) : []
  const names = new Set([...there, ...written.keys()])
  const different = [...names].filter(
    (name) => !there.includes(name) || readFileSync(join(pages, name), 'utf8') !== written.get(name),
  )
  if (different.length === 0) return 0
  console.error(
    `Not what the sources say: ${different.join(', ')}. Run npm run reference, and commit what it writes.`,
  )
  return 1
}
