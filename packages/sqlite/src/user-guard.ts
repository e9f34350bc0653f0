import { isUserTable, type Statement as UserStatement } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { Database, Statement } from './database.ts'

/**
 * What a user's statement may do.
 * - `read`: give rows of users' tables. `write`: change them. `step`: that, and change what tables there are.
 */
export type Permission = 'read' | 'write' | 'step'

/** An instruction of the program that SQLite makes of a statement. */
interface Instruction {
  readonly opcode: string
  readonly p1: number
  readonly p2: number
  readonly p3: number
  /** Of a virtual table its address. */
  readonly p4: string | null
  readonly p5: number
}

const rows = ['INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'WITH']
const beginnings: Record<Permission, readonly string[]> = {
  read: ['SELECT', 'WITH', 'VALUES'],
  write: rows,
  step: [...rows, 'CREATE', 'ALTER', 'DROP'],
}
/** The page that holds the list of all tables: a step changes it, and is looked at again when it has. */
const schemaPage = 1
const rollback = 1
const pageInRegister = 16

/** Virtual tables that read nothing but what they are given. */
const harmless = ['json_each', 'json_tree']
/** The kinds that users may make, and the option by which a full-text index reads another table. */
const ownKinds = /\bUSING\s+(?:fts5|rtree)\b/i
const contentOption = /\bcontent\s*=\s*(?:'([^']*)'|"([^"]*)"|([^\s,)]*))/gi

/**
 * Looks at the program of a user's statement, triggers and foreign keys included, before it may run: which tables it opens
 * is there as page numbers, whatever its text looks like. It is what an authorizer would be told; better-sqlite3 has none.
 */
export class UserGuard {
  readonly #database: Database
  readonly #owners: Statement<[], [number, string]>
  readonly #virtual: Statement<[], string>
  #tables = new Map<number, string>()

  constructor(database: Database) {
    this.#database = database
    this.#owners = database
      .prepare<[], [number, string]>('SELECT rootpage, tbl_name FROM sqlite_schema WHERE rootpage > 0')
      .raw()
    this.#virtual = database
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage = 0")
      .pluck()
  }

  /** The tables of the database are others now. */
  refresh(): void {
    this.#tables = new Map(this.#owners.all())
  }

  /** @throws HeadwaterError `sql.refused`, and SQLite's error where the statement makes no sense */
  check({ sql, parameters }: UserStatement, permission: Permission): void {
    const [, first = ''] = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/|\()*([A-Za-z]*)/.exec(sql) ?? []
    if (!beginnings[permission].includes(first.toUpperCase())) {
      throw refused(
        sql,
        `it begins with ${first || 'no word'}, not with ${beginnings[permission].join(', ')}`,
      )
    }
    for (const instruction of this.#program(sql, parameters)) {
      const why =
        instruction.opcode === 'VCreate' ? objectionToVirtual(sql) : this.#objection(instruction, permission)
      if (why !== undefined) throw refused(sql, why)
    }
  }

  #program(sql: string, parameters: UserStatement['parameters'] = []): readonly Instruction[] {
    return this.#database.prepare<unknown[], Instruction>(`EXPLAIN ${sql}`).all(...parameters)
  }

  #objection({ opcode, p1, p2, p3, p4, p5 }: Instruction, permission: Permission): string | undefined {
    switch (opcode) {
      case 'VOpen':
      case 'VUpdate':
        return this.#mayUse(p4) ? undefined : 'it uses a virtual table that is not its own'
      case 'OpenRead':
      case 'OpenWrite':
      case 'ReopenIdx':
        // A table that the step itself makes has its page in a register.
        return (p5 & pageInRegister) === 0 ? this.#foreign(p2, p3, permission) : undefined
      case 'Clear':
        return this.#foreign(p1, p2, permission)
      case 'Destroy':
        return this.#foreign(p1, p3, permission)
      case 'AutoCommit':
      case 'Savepoint':
        return 'it controls the transaction'
      case 'Halt':
      case 'HaltIfNull':
        return p1 !== 0 && p2 === rollback ? 'OR ROLLBACK would undo what others do' : undefined
      default:
        return undefined
    }
  }

  /** A virtual table has no pages of its own: the program names it by its address in this connection. */
  #mayUse(address: string | null): boolean {
    const names = [...harmless, ...this.#virtual.all().filter(isUserTable)]
    return names.some((name) =>
      this.#program(`SELECT 1 FROM "${name}"`).some(({ opcode, p4 }) => opcode === 'VOpen' && p4 === address),
    )
  }

  #foreign(page: number, database: number, permission: Permission): string | undefined {
    if (page === schemaPage && permission === 'step') return undefined
    if (database !== 0) return 'it uses a temporary table'
    const table = this.#tables.get(page) ?? 'sqlite_schema'
    return isUserTable(table) || table === 'sqlite_sequence' ? undefined : `it uses the table ${table}`
  }
}

function objectionToVirtual(sql: string): string | undefined {
  if (!ownKinds.test(sql)) return 'virtual tables are made by fts5 and rtree only'
  const contents = [...sql.matchAll(contentOption)].map(([, one, other, bare]) => one ?? other ?? bare ?? '')
  const foreign = contents.find((table) => table !== '' && !isUserTable(table))
  return foreign === undefined ? undefined : `it uses the table ${foreign}`
}

export function refused(sql: string, why: string): HeadwaterError {
  return new HeadwaterError('sql.refused', `The statement may not run: ${why}`, {
    details: { sql: sql.slice(0, 1_000) },
  })
}
