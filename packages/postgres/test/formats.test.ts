import { randomUUID } from 'node:crypto'
import { sqlConformance } from '@headwater/conformance'
import { describe, expect, it, onTestFinished } from 'vitest'
import { logSchema, viewSchema } from '../src/schema.ts'
import { readSql } from '../src/sql.ts'
import { loadParser, type Tree } from '../src/user-parser.ts'
import { administer, openTrial, schemaOf, server } from './support.ts'

/**
 * What a step after the first may do, so that processes of the version before go on while it is taken and after it: make
 * what was not there, triggers of it among that, and columns that they need not know of. Why it may not; undefined: it may.
 */
function objectionTo(statement: Tree, made: ReadonlySet<unknown>): string | undefined {
  const [[kind, node] = ['', {}]] = Object.entries(statement) as [string, Tree][]
  if (kind === 'CreateFunctionStmt')
    return node['replace'] === true ? 'it replaces a function that others call' : undefined
  if (['CreateStmt', 'CreateSeqStmt', 'InsertStmt'].includes(kind)) return undefined
  if (kind === 'IndexStmt')
    return node['unique'] === true ? 'what others write may break the index' : undefined
  if (kind === 'CreateTrigStmt' && made.has(tableOf(node))) return undefined
  if (kind !== 'AlterTableStmt') return `${kind} changes what others use`
  const commands = node['cmds'] as readonly { AlterTableCmd: Tree }[]
  return commands.map(({ AlterTableCmd: command }) => objectionToColumn(command)).find(Boolean)
}

function objectionToColumn({ subtype, def }: Tree): string | undefined {
  if (subtype !== 'AT_AddColumn') return `${String(subtype)} changes what others use`
  const column = (def as { ColumnDef: Tree }).ColumnDef
  const constraints = (column['constraints'] ?? []) as readonly { Constraint: Tree }[]
  const kinds = constraints.map(({ Constraint: { contype } }) => contype)
  const isNeeded = kinds.includes('CONSTR_NOTNULL') && !kinds.includes('CONSTR_DEFAULT')
  return isNeeded ? 'others do not know that it needs a value' : undefined
}

function tableOf(node: Tree | undefined): unknown {
  return (node?.['relation'] as Tree | undefined)?.['relname']
}

async function objectionsTo(sql: string): Promise<readonly string[]> {
  const { parseSync } = await loadParser()
  const { stmts = [] } = parseSync(sql)
  const made = new Set(stmts.flatMap(({ stmt }) => tableOf((stmt as { CreateStmt?: Tree }).CreateStmt) ?? []))
  return stmts.flatMap(({ stmt }) => objectionTo(stmt as Tree, made) ?? [])
}

describe('a step of the schema', () => {
  it('after the first leaves to processes of the version before all that they use', async () => {
    for (const { steps } of [logSchema, viewSchema]) {
      for (const file of steps.slice(1).flat()) expect(await objectionsTo(readSql(file))).toEqual([])
    }
  })

  it.each([
    'CREATE TABLE more (n integer)',
    'CREATE INDEX by_n ON more (n)',
    'ALTER TABLE events ADD COLUMN extra text',
    "ALTER TABLE events ADD COLUMN extra text NOT NULL DEFAULT ''",
    'CREATE FUNCTION more() RETURNS integer LANGUAGE sql RETURN 1',
    'CREATE TABLE more (n integer); CREATE TRIGGER check_more BEFORE INSERT ON more FOR EACH ROW EXECUTE FUNCTION check_more()',
  ])('may be: %s', async (sql) => expect(await objectionsTo(sql)).toEqual([]))

  it.each([
    'DROP TABLE tags',
    'ALTER TABLE events DROP COLUMN actor',
    'ALTER TABLE events RENAME COLUMN actor TO by_whom',
    'ALTER TABLE events ALTER COLUMN position TYPE numeric',
    'ALTER TABLE events ADD COLUMN extra text NOT NULL',
    'CREATE UNIQUE INDEX by_type ON events (type, recorded_at)',
    'CREATE OR REPLACE FUNCTION is_gone(presence bigint) RETURNS boolean LANGUAGE sql RETURN false',
    'DROP FUNCTION is_gone(bigint)',
    'CREATE TRIGGER check_more BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION check_more()',
  ])('may not be: %s', async (sql) => expect(await objectionsTo(sql)).toHaveLength(1))
})

/** What a later version may do with the tables, at its most. */
async function takeNextStep(schema: string): Promise<void> {
  const tables = (await administer(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = '${schema}' AND table_name <> 'migrations'`,
  )) as readonly { readonly name: string }[]
  const changes = tables.map(
    ({ name }) => `ALTER TABLE ${schema}.${name} ADD COLUMN of_tomorrow text NOT NULL DEFAULT 'unknown'`,
  )
  const step = `INSERT INTO ${schema}.migrations (number, checksum, taken_at) SELECT max(number) + 1, 'of tomorrow', now() FROM ${schema}.migrations`
  await administer([...changes, `CREATE TABLE ${schema}.of_tomorrow (n integer)`, step].join(';'))
}

describe.skipIf(server === undefined)('processes of the version before', () => {
  it('that have the log open when the next one changes the tables go on, and new ones start', async () => {
    const database = randomUUID()
    const before = await openTrial({ database })
    onTestFinished(() => before.close())
    const lease = await before.leases.acquire('view', 'one', 60_000)
    await takeNextStep(schemaOf(database))
    expect(lease && (await before.leases.renew(lease, 60_000))).toBe(true)
    const after = await openTrial({ database })
    onTestFinished(() => after.close())
    expect(await after.leases.held('view')).toEqual([{ name: 'view', owner: 'one' }])
    expect((await after.log.head(0)).epoch).toBe((await before.log.head(0)).epoch)
  })

  // On tables that are changed by now, all of the contract holds: here that with the most of the writes in it.
  sqlConformance(
    'tables of tomorrow',
    async ({ database }) => {
      const store = await openTrial({ database })
      await takeNextStep(schemaOf(database))
      return store
    },
    { sql: true },
  )
})
