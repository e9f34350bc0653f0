import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin',
  'tsc',
)

const configuration = {
  extends: join(root, 'tsconfig.base.json'),
  compilerOptions: {
    noEmit: true,
    customConditions: ['@headwater/source'],
    typeRoots: [join(root, 'node_modules', '@types')],
  },
  include: ['*.ts'],
}

/**
 * Compiles programs, all in one run of the compiler.
 *
 * @returns the compiler's messages of each program, those of one error in one text
 */
export async function compile(
  programs: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-types-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration))
    for (const [name, source] of Object.entries(programs)) writeFileSync(join(folder, `${name}.ts`), source)
    return messagesByProgram(Object.keys(programs), await output(folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function output(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [compiler, '--project', folder, '--pretty', 'false'],
      { cwd: folder },
      (error, stdout, stderr) => {
        // Exit code 2 means that there are errors in the programs, which is what is looked for.
        if (error !== null && typeof error.code !== 'number') reject(error)
        else if (stderr !== '') reject(new Error(stderr))
        else resolve(stdout)
      },
    )
  })
}

function messagesByProgram(names: readonly string[], text: string): ReadonlyMap<string, readonly string[]> {
  const messages = new Map<string, string[]>(names.map((name) => [name, []]))
  for (const error of text.split(/\n(?=\S)/)) {
    const [, name, message] = /^(.+?)\.ts\(\d+,\d+\): error (.*)$/s.exec(error.trimEnd()) ?? []
    if (name === undefined || message === undefined) continue
    const known = messages.get(name)
    if (known === undefined) throw new Error(`An error outside of the programs: ${error}`)
    known.push(message)
  }
  return messages
}
