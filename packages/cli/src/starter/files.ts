import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkoutOf, type Checkout } from './checkout.ts'
import { version } from '../version.ts'

/** Beside `src` and, in what is published, beside `dist`. */
const folder = fileURLToPath(new URL('../../starter/', import.meta.url))

/**
 * The files of a new app, by their names.
 *
 * @param name the app's, which is a package's name too
 * @param target the folder that they are for: from a checkout of Headwater, its packages are named by a path from there
 */
export function starterFiles(name: string, target: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const file of readdirSync(folder)) {
    // npm leaves a .gitignore out of a package, so ours has no dot.
    files.set(
      file === 'gitignore' ? '.gitignore' : file,
      readFileSync(folder + file, 'utf8').replaceAll('NAME', name),
    )
  }
  const checkout = checkoutOf(target)
  files.set('package.json', json(manifestOf(name, checkout)))
  files.set('tsconfig.json', json(compilerSettings(checkout)))
  if (checkout !== undefined) files.set('vitest.config.ts', sourcesForTests)
  return files
}

function manifestOf(name: string, checkout: Checkout | undefined) {
  return {
    name,
    private: true,
    version: '0.0.1',
    type: 'module',
    main: 'app.ts',
    scripts: { start: 'headwater dev', test: 'vitest run', check: 'tsc' },
    dependencies: {
      headwater: checkout === undefined ? `^${version}` : `file:${checkout.headwater}`,
      zod: '4.6.7',
    },
    // A Node of the project's own: whatever the machine has, npm's scripts run on this one.
    devDependencies: { '@types/node': '24.19.2', node: '24.21.0', typescript: '7.0.2', vitest: '5.1.0' },
    allowScripts: { node: true },
  }
}

function compilerSettings(checkout: Checkout | undefined) {
  return {
    compilerOptions: {
      target: 'ES2023',
      lib: ['ES2024', 'ESNext.Array', 'ESNext.Collection', 'ESNext.Disposable', 'ESNext.Iterator'],
      module: 'NodeNext',
      types: ['node'],
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      verbatimModuleSyntax: true,
      resolveJsonModule: true,
      skipLibCheck: true,
      ...(checkout !== undefined && { customConditions: [checkout.condition] }),
    },
    include: ['*.ts', 'src', 'test'],
  }
}

const sourcesForTests = `import { defineConfig } from 'vitest/config'

// This app uses a checkout of Headwater, which is taken from its sources. With an installed one this file can go.
const condition = '@headwater/source'

export default defineConfig({
  ssr: {
    resolve: {
      conditions: [condition, 'module', 'node', 'development|production'],
      externalConditions: [condition],
    },
  },
})
`

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
