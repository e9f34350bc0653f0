import type { SqlStore } from '@headwater/core'
import {
  IdentifierNode,
  PostgresQueryCompiler,
  type SchemableIdentifierNode,
  SqliteQueryCompiler,
  TableNode,
  type AddConstraintNode,
  type AlterTableNode,
  type CompiledQuery,
  type CreateIndexNode,
  type CreateTableNode,
  type DefaultQueryCompiler,
  type DropConstraintNode,
  type QueryCompiler,
  type RenameConstraintNode,
  type RootOperationNode,
} from 'kysely'

type QueryId = Parameters<SqliteQueryCompiler['compileQuery']>[1]
type Named = AddConstraintNode['constraint']

/** The tables that stand in a query, by their names in the database. */
const tablesOfQuery = new WeakMap<CompiledQuery, ReadonlySet<string>>()

/** Undefined: the query was not made here. */
export function tablesIn(query: CompiledQuery): ReadonlySet<string> | undefined {
  return tablesOfQuery.get(query)
}

const compilers: Record<SqlStore['dialect'], new () => QueryCompiler> = {
  sqlite: prefixing(SqliteQueryCompiler, false),
  postgres: prefixing(PostgresQueryCompiler, true),
}

/**
 * Writes the schema and the name of a table as one name: `orders_db__` and `lines` as "orders_db__lines". So Kysely's own
 * way of telling tables from aliases and common table expressions puts each owner's tables under the owner's names, in
 * databases without schemas too.
 */
export function compilerFor(dialect: SqlStore['dialect']): QueryCompiler {
  return new compilers[dialect]()
}

/** @param haveIndexes constraints have indexes by their names beside the tables, and so are named like these */
function prefixing(Compiler: new () => DefaultQueryCompiler, haveIndexes: boolean): new () => QueryCompiler {
  return class extends Compiler {
    #tables = new Set<string>()
    /** That of the table which is made or changed. */
    #schema: string | undefined

    override compileQuery(node: RootOperationNode, queryId: QueryId): CompiledQuery {
      this.#tables = new Set()
      this.#schema = undefined
      const compiled = super.compileQuery(node, queryId)
      tablesOfQuery.set(compiled, this.#tables)
      return compiled
    }

    protected override visitSchemableIdentifier({ schema, identifier }: SchemableIdentifierNode): void {
      if (schema === undefined) return this.visitNode(identifier)
      const name = `${schema.name}${identifier.name}`
      this.#tables.add(name)
      this.visitNode(IdentifierNode.create(name))
    }

    /** An index belongs to the schema of its table, and so is named after it. */
    protected override visitCreateIndex(node: CreateIndexNode): void {
      const schema = node.table?.table.schema?.name ?? ''
      super.visitCreateIndex({ ...node, name: IdentifierNode.create(`${schema}${node.name.name}`) })
    }

    protected override visitCreateTable(node: CreateTableNode): void {
      this.#schema = node.table.table.schema?.name
      const constraints = node.constraints?.map((one) => this.#named(one as Named))
      super.visitCreateTable({ ...node, ...(constraints && { constraints }) })
    }

    protected override visitAlterTable(node: AlterTableNode): void {
      const { schema } = node.table.table
      this.#schema = schema?.name
      const renameTo = node.renameTo?.table
      if (schema === undefined || renameTo === undefined) return super.visitAlterTable(node)
      const renamed = TableNode.createWithSchema(schema.name, renameTo.identifier.name)
      super.visitAlterTable({ ...node, renameTo: renamed })
    }

    protected override visitAddConstraint(node: AddConstraintNode): void {
      super.visitAddConstraint({ ...node, constraint: this.#named(node.constraint) })
    }

    protected override visitDropConstraint(node: DropConstraintNode): void {
      super.visitDropConstraint({ ...node, constraintName: this.#own(node.constraintName) })
    }

    protected override visitRenameConstraint(node: RenameConstraintNode): void {
      super.visitRenameConstraint({
        ...node,
        oldName: this.#own(node.oldName),
        newName: this.#own(node.newName),
      })
    }

    #named<Constraint extends Named>(constraint: Constraint): Constraint {
      return constraint.name === undefined ? constraint : { ...constraint, name: this.#own(constraint.name) }
    }

    #own(name: IdentifierNode): IdentifierNode {
      return haveIndexes ? IdentifierNode.create(`${this.#schema ?? ''}${name.name}`) : name
    }
  }
}
