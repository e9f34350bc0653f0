import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { instrument } from './instrument.ts'
import { type Page, root } from './markdown.ts'

/** Generated: what is type-checked, and what is run. */
const output = join(root, 'docs/test/dist')

/** The module of a page that its blocks make together; other files are named by `file=`. */
export const mainFile = 'main.ts'

export interface SnippetModule {
  readonly page: string
  readonly file: string
  /** The page's lines, with everything blanked that isn't this module's: line numbers are those of the page. */
  readonly text: string
  readonly isRun: boolean
}

/**
 * The TypeScript of a page. Blocks build on each other, in order, and make one module, save that
 *
 * - `ts file=name.ts` puts the block into a file of its own, which the others can import as `./name.ts`; with `replaces`
 *   it takes the place of what the file held before, of which then only the types are checked;
 * - `ts no-run` is type-checked on its own and not run;
 * - `ts again` begins a new module.
 */
export function modulesOf(page: Page): readonly SnippetModule[] {
  const modules = new Map<string, { lines: string[]; isRun: boolean }>()
  let current = mainFile
  const put = (file: string, line: number, text: string, isRun: boolean): void => {
    const module = modules.get(file) ?? { lines: page.lines.map(() => ''), isRun }
    modules.set(file, module)
    for (const [index, content] of text.split('\n').entries()) module.lines[line + index] = content
  }
  for (const [index, { language, words, line, text }] of page.blocks.entries()) {
    if (words.includes('prints') && page.blocks[index - 1]?.language === 'ts') {
      put(current, line - 1, `;$prints(${JSON.stringify(text)}, ${line})`, true)
      continue
    }
    if (language !== 'ts') continue
    const file = words.find((word) => word.startsWith('file='))?.slice('file='.length)
    if (words.includes('no-run')) put(`line-${line}.ts`, line, text, false)
    else if (file !== undefined) {
      const before = modules.get(file)
      if (words.includes('replaces') && before !== undefined) {
        modules.delete(file)
        modules.set(`before-line-${line}.ts`, { ...before, isRun: false })
      }
      put(file, line, text, true)
    } else {
      if (words.includes('again')) current = `from-line-${line}.ts`
      put(current, line, text, true)
    }
  }
  return [...modules].map(([file, { lines, isRun }]) => {
    return { page: page.path, file, text: lines.join('\n'), isRun }
  })
}

/** Which of a page's modules are begun, rather than imported. */
export function isEntry({ file, isRun }: SnippetModule): boolean {
  return isRun && (file === mainFile || file.startsWith('from-line-') || file.endsWith('.test.ts'))
}

/** Makes the folders anew; each page has one, in which `./examples` and `./counter.ts` are those of the repository. */
export function writeModules(kind: 'check' | 'run', modules: readonly SnippetModule[]): void {
  rmSync(join(output, kind), { recursive: true, force: true })
  const claimed = new Set(modules.map(({ page, file }) => join(page, file)))
  for (const page of new Set(modules.map((module) => module.page))) {
    const folder = folderOf(kind, page)
    mkdirSync(folder, { recursive: true })
    symlinkSync(join(root, 'examples'), join(folder, 'examples'), 'dir')
    if (claimed.has(join(page, 'counter.ts'))) continue
    const counter = `export * from './examples/counter/counter.ts'\nexport { default } from './examples/counter/counter.ts'\n`
    writeFileSync(join(folder, 'counter.ts'), counter)
  }
  for (const module of modules) {
    const path = pathOf(kind, module)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, kind === 'check' ? checked(module) : runnable(module))
  }
}

export function pathOf(kind: 'check' | 'run', { page, file }: Pick<SnippetModule, 'page' | 'file'>): string {
  return join(folderOf(kind, page), file)
}

function folderOf(kind: string, page: string): string {
  return join(output, kind, page.replaceAll('/', '_').replace(/\.md$/, ''))
}

// A module without imports and exports would share its names with all others.
function checked({ text }: SnippetModule): string {
  return `${text.replace(/^;\$prints\(.*$/gm, '')}\nexport {}\n`
}

function runnable(module: SnippetModule): string {
  const checks = JSON.stringify(join(root, 'docs/test/lib/checks.ts'))
  const headwater = JSON.stringify(join(root, 'docs/test/lib/opened.ts'))
  const vitest = JSON.stringify(join(root, 'docs/test/lib/tests.ts'))
  const text = instrument(module.text, module.page)
    .replace(/from 'headwater'/g, `from ${headwater}`)
    .replace(/from 'vitest'/g, `from ${vitest}`)
  return `import { $all, $is, $part, $prints, $throws } from ${checks};${text}\nexport {}\n`
}

/** The page and line that a compiler's message is about, for its reader. */
export function inTermsOfPages(message: string, modules: readonly SnippetModule[]): string {
  return modules.reduce((text, module) => {
    const generated = pathOf('check', module).slice(root.length + 1)
    return text.replaceAll(generated, `${module.page} (${basename(module.file)})`)
  }, message)
}
