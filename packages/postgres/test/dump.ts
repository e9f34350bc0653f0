import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { programs } from './cluster.ts'

const run = promisify(execFile)

/** What pg_dump says of some schemas of a database. */
export async function dumpOf(
  url: string,
  schemas: readonly string[],
  ...options: readonly string[]
): Promise<string> {
  const named = schemas.flatMap((schema) => ['-n', schema])
  const { stdout } = await run(join(programs ?? '', 'pg_dump'), ['-d', url, ...named, ...options], {
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}

export async function restore(url: string, dump: string): Promise<void> {
  const psql = run(join(programs ?? '', 'psql'), ['-q', '-v', 'ON_ERROR_STOP=1', '-d', url])
  psql.child.stdin?.end(dump)
  await psql
}

/**
 * What makes a schema: a statement a line, as pg_dump orders them. Settings of its session and comments are left out, and of
 * functions only the digest of what they do is told, since that stands in the migrations.
 */
export function statementsOf(dump: string, schemas: Readonly<Record<string, string>>): string {
  let text = dump
    .replaceAll(/^(?:--|\\|SET |SELECT pg_catalog\.).*$/gm, '')
    .replaceAll(/(\$\w*\$)(.*?)\1/gs, (_, _quote: string, body: string) => `'${digestOf(body)}'`)
  for (const [schema, shown] of Object.entries(schemas))
    text = text.replaceAll(new RegExp(`\\b${schema}\\b`, 'g'), shown)
  return text
    .split(/;\n/)
    .map((statement) => statement.trim().replaceAll(/\s+/g, ' '))
    .filter((statement) => statement !== '')
    .map((statement) => `${statement};\n`)
    .join('')
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
