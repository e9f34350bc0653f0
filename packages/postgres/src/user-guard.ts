import { isUserTable, tablePrefix } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { Tree } from './user-parser.ts'

/**
 * What a user's statement may do.
 * - `read`: give rows of users' tables. `write`: change them. `step`: that, and change what tables there are.
 */
export type Permission = 'read' | 'write' | 'step'

const rows = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']
const kinds: Record<Permission, readonly string[]> = {
  read: ['SelectStmt'],
  write: rows,
  step: [
    ...rows,
    'CreateStmt',
    'CreateTableAsStmt',
    'AlterTableStmt',
    'RenameStmt',
    'IndexStmt',
    'ViewStmt',
    'DropStmt',
    'CommentStmt',
  ],
}
/** What a step drops and renames, and about what it says something. */
const ownThings = ['OBJECT_TABLE', 'OBJECT_INDEX', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_COLUMN']
const renamed = [...ownThings, 'OBJECT_TABCONSTRAINT']

/** Changes of a table that concern nothing but the table. */
const alterations = `
  AddColumn DropColumn ColumnDefault CookedColumnDefault DropNotNull SetNotNull SetExpression DropExpression SetStatistics
  SetOptions ResetOptions SetStorage SetCompression AddConstraint AlterConstraint ValidateConstraint DropConstraint
  AlterColumnType SetRelOptions ResetRelOptions AddIdentity SetIdentity DropIdentity AttachPartition DetachPartition
  ReplicaIdentity ClusterOn DropCluster`
  .trim()
  .split(/\s+/)
  .map((name) => `AT_${name}`)

const indexed = ['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION']

export interface GuardedBy {
  readonly permission: Permission
  /** Of a step: its owner's prefix. Undefined: the tables of all owners. */
  readonly prefix?: string
  /** The functions that may be called. */
  readonly functions: ReadonlySet<string>
}

/**
 * Looks at the tree that PostgreSQL's own parser makes of a statement, before it may run: which tables and functions it
 * names is there, whatever its text looks like. All that it may name is named by a list; what is on none is refused.
 *
 * @returns why the statement may not run; undefined: it may
 */
export function objectionTo(statement: Tree, guarded: GuardedBy): string | undefined {
  const [[kind, tree] = ['', {}]] = Object.entries(statement) as [string, Tree][]
  if (!kinds[guarded.permission].includes(kind)) return `${nameOfKind(kind)} is not for here`
  return objectionToChange(kind, tree, guarded) ?? new Walk(guarded).node(statement, noNames)
}

/** Of what names tables and other things otherwise than by a reference to a table. */
function objectionToChange(kind: string, tree: Tree, { prefix = '' }: GuardedBy): string | undefined {
  const own = (name: unknown): boolean => isOwn(String(name), prefix)
  switch (kind) {
    case 'DropStmt':
      if (!ownThings.includes(String(tree['removeType']))) return 'it drops what a step did not make'
      return namesIn(tree['objects']).every(own) ? undefined : `it drops what is not named ${prefix}…`
    case 'CommentStmt':
      return objectionToComment(tree, own, prefix)
    case 'RenameStmt': {
      if (!renamed.includes(String(tree['renameType']))) return 'it renames what a step did not make'
      const isInside = ['OBJECT_COLUMN', 'OBJECT_TABCONSTRAINT'].includes(String(tree['renameType']))
      return isInside || own(tree['newname']) ? undefined : `it makes what is not named ${prefix}…`
    }
    case 'IndexStmt':
      if (tree['concurrent'] === true)
        return 'an index is made in the transaction of its step, not CONCURRENTLY'
      return own(tree['idxname']) ? undefined : `it makes an index that is not named ${prefix}…`
    default:
      return undefined
  }
}

function objectionToComment(tree: Tree, own: (name: unknown) => boolean, prefix: string): string | undefined {
  if (!ownThings.includes(String(tree['objtype']))) return 'it is about what a step did not make'
  const path = stringsIn(tree['object'])
  const name = tree['objtype'] === 'OBJECT_COLUMN' ? path.at(-2) : path.at(-1)
  const isPlain = path.length === (tree['objtype'] === 'OBJECT_COLUMN' ? 2 : 1)
  return isPlain && own(name) ? undefined : `it is about what is not named ${prefix}…`
}

const noNames: ReadonlySet<string> = new Set()

/** Goes through a tree; which common table expressions a name may stand for goes with it. */
class Walk {
  readonly #guarded: GuardedBy

  constructor(guarded: GuardedBy) {
    this.#guarded = guarded
  }

  node(value: unknown, names: ReadonlySet<string>): string | undefined {
    if (Array.isArray(value)) return this.#all(value, names)
    if (typeof value !== 'object' || value === null) return undefined
    const tree = value as Tree
    const own = this.#objection(tree, names)
    if (own !== undefined) return own
    const clause = tree['withClause'] as Tree | undefined
    const inside = clause === undefined ? names : new Set([...names, ...namesOfClause(clause)])
    if (clause !== undefined) {
      const objection = this.#clause(clause, names, inside)
      if (objection !== undefined) return objection
    }
    for (const [key, child] of Object.entries(tree)) {
      // What is changed is always a table.
      const objection =
        key === 'withClause' ? undefined : this.node(child, key === 'relation' ? noNames : inside)
      if (objection !== undefined) return objection
    }
    return undefined
  }

  #all(values: readonly unknown[], names: ReadonlySet<string>): string | undefined {
    for (const value of values) {
      const objection = this.node(value, names)
      if (objection !== undefined) return objection
    }
    return undefined
  }

  /** An expression sees those before it; itself and those behind it only where the clause is recursive. */
  #clause(clause: Tree, outer: ReadonlySet<string>, all: ReadonlySet<string>): string | undefined {
    const seen = new Set(clause['recursive'] === true ? all : outer)
    for (const { CommonTableExpr: expression } of clause['ctes'] as readonly { CommonTableExpr: Tree }[]) {
      const objection = this.node(expression, seen)
      if (objection !== undefined) return objection
      seen.add(String(expression['ctename']))
    }
    return undefined
  }

  #objection(tree: Tree, names: ReadonlySet<string>): string | undefined {
    if ('relname' in tree) return this.#toTable(tree, names)
    for (const [key, child] of Object.entries(tree)) {
      const objection = this.#toPart(key, child)
      if (objection !== undefined) return objection
    }
    return undefined
  }

  #toPart(key: string, child: unknown): string | undefined {
    const { permission } = this.#guarded
    switch (key) {
      case 'FuncCall':
        return this.#toFunction(stringsIn((child as Tree)['funcname']))
      case 'AlterTableCmd': {
        const kind = String((child as Tree)['subtype'])
        return alterations.includes(kind) ? undefined : `it changes more of a table than a step may (${kind})`
      }
      case 'Constraint':
        if (!this.#hasOwnIndex(child as Tree))
          return 'a constraint with an index is named like a table, with its prefix, or not at all'
        return (child as Tree)['initdeferred'] === true ||
          (child as Tree)['contype'] === 'CONSTR_ATTR_DEFERRED'
          ? 'constraints are checked at once, not deferred'
          : undefined
      case 'intoClause':
        return 'a table is made by CREATE TABLE'
      case 'lockingClause':
        return permission === 'read' ? 'a query takes no locks' : undefined
      case 'ExecuteStmt':
        return 'it runs another statement'
      case 'tablespacename':
      case 'tableSpace':
        return 'it names a tablespace'
      default:
        return permission === 'read' && rows.includes(key) ? 'a query changes nothing' : undefined
    }
  }

  /** It stands among the tables, under the constraint's name. */
  #hasOwnIndex({ contype, conname }: Tree): boolean {
    const { prefix } = this.#guarded
    if (typeof conname !== 'string' || prefix === undefined) return true
    return !indexed.includes(String(contype)) || isOwn(conname, prefix)
  }

  #toTable(
    { relname, schemaname, catalogname, relpersistence }: Tree,
    names: ReadonlySet<string>,
  ): string | undefined {
    const name = String(relname)
    if (schemaname !== undefined || catalogname !== undefined) return `it names a schema, of ${name}`
    if (relpersistence !== undefined && relpersistence !== 'p')
      return `${name} would not be there after a crash, or for others`
    if (names.has(name)) return undefined
    const { prefix } = this.#guarded
    if (prefix !== undefined && !isOwn(name, prefix)) return `${name} is not named ${prefix}…`
    return isUserTable(name) ? undefined : `it uses the table ${name}`
  }

  #toFunction(path: readonly string[]): string | undefined {
    const name = path.at(-1) ?? ''
    const isBuiltIn = path.length === 1 || (path.length === 2 && path[0] === 'pg_catalog')
    return isBuiltIn && this.#guarded.functions.has(name)
      ? undefined
      : `it calls ${path.join('.')}, which is not among the functions that only compute`
  }
}

/** What the names of all that is an owner's begin with. @throws HeadwaterError `sql.refused` */
export function prefixOf(owner: string): string {
  const prefix = tablePrefix(owner)?.toLowerCase()
  if (prefix === undefined)
    throw new HeadwaterError('sql.refused', `${JSON.stringify(owner)} can't have tables: choose another name`)
  return prefix
}

/** Behind the prefix there is no further double underscore: that would be another owner's. */
export function isOwn(name: string, prefix: string): boolean {
  const rest = name.slice(prefix.length)
  return name.toLowerCase().startsWith(prefix) && rest !== '' && !rest.includes('__')
}

export function refused(sql: string, why: string): HeadwaterError {
  return new HeadwaterError('sql.refused', `The statement may not run: ${why}`, {
    details: { sql: sql.slice(0, 1_000) },
  })
}

/** `CreateStmt`, as people say it. */
function nameOfKind(kind: string): string {
  const words = kind.replace(/Stmt$/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
  return kind === '' ? 'an empty text' : words.toUpperCase()
}

function namesOfClause(clause: Tree): readonly string[] {
  return (clause['ctes'] as readonly { CommonTableExpr: Tree }[]).map(({ CommonTableExpr: expression }) =>
    String(expression['ctename']),
  )
}

/** The names of a list of objects, of which each is a list of strings; a path of several names is none of ours. */
function namesIn(objects: unknown): readonly string[] {
  return (objects as readonly unknown[]).map((object) => {
    const path = stringsIn(object)
    return path.length === 1 ? (path[0] ?? '') : ''
  })
}

function stringsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(stringsIn)
  if (typeof value !== 'object' || value === null) return []
  const { String: text, List: list } = value as { String?: { sval?: string }; List?: { items?: unknown } }
  if (text !== undefined) return [text.sval ?? '']
  return list === undefined ? [] : stringsIn(list.items)
}
