import type { Store } from '@headwater/core'
import { postgresStore } from '@headwater/postgres'
import pg from 'pg'

/**
 * Empties a schema of ours. What no migration makes goes, such as the tables of collections and of users; of the others the
 * rows go, since to delete a few takes a twentieth of the time that a truncation takes, or a new schema.
 */
const emptySchema = `CREATE FUNCTION pg_temp.empty_schema(its_name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT relname, pg_class.oid::regclass AS place, seqstart
    FROM pg_class LEFT JOIN pg_sequence ON seqrelid = pg_class.oid
    WHERE relnamespace = its_name::regnamespace AND relkind IN ('r', 'S')
  LOOP
    IF found.seqstart IS NOT NULL THEN
      PERFORM setval(found.place, found.seqstart, false);
    ELSIF starts_with(found.relname, 'collection_') THEN
      EXECUTE format('DROP TABLE %s', found.place);
    ELSIF found.relname <> 'migrations' THEN
      EXECUTE format('DELETE FROM %s', found.place);
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM pg_class WHERE relnamespace = (its_name || '_tables')::regnamespace) THEN
    EXECUTE format('DROP SCHEMA %I CASCADE', its_name || '_tables');
    EXECUTE format('CREATE SCHEMA %I', its_name || '_tables');
  END IF;
END $$`

/** What a schema consists of and holds, line by line, wherever it lies. */
const contents = `
  WITH ours AS (SELECT oid, nspname FROM pg_namespace WHERE nspname IN ($1::text, $1::text || '_tables')),
  relations AS (SELECT pg_class.* FROM pg_class JOIN ours ON ours.oid = relnamespace),
  lines (line) AS (
    SELECT format('schema %s %s', nspname, nspacl) FROM pg_namespace WHERE oid IN (SELECT oid FROM ours)
    UNION ALL
    SELECT format('relation %s %s %s %s %s', relname, relkind, relpersistence, relacl, reloptions) FROM relations
    UNION ALL
    SELECT format('rows %s %s', relname, query_to_xml(format('SELECT count(*) FROM %s', oid::regclass), false, true, ''))
    FROM relations WHERE relkind = 'r'
    UNION ALL
    SELECT format('next %s %s', relname,
      query_to_xml(format('SELECT last_value, is_called FROM %s', oid::regclass), false, true, ''))
    FROM relations WHERE relkind = 'S'
    UNION ALL
    SELECT format('column %s.%s %s %s %s', relname, attname, format_type(atttypid, atttypmod), attnotnull,
      (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum))
    FROM pg_attribute JOIN relations ON relations.oid = attrelid WHERE attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT format('index %s %s', pg_get_indexdef(indexrelid), indisvalid)
    FROM pg_index JOIN relations ON relations.oid = indrelid
    UNION ALL
    SELECT format('constraint %s %s %s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
    FROM pg_constraint JOIN relations ON relations.oid = conrelid
    UNION ALL
    SELECT format('trigger %s', pg_get_triggerdef(pg_trigger.oid))
    FROM pg_trigger JOIN relations ON relations.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL
    SELECT format('function %s %s', proname, md5(replace(pg_get_functiondef(pg_proc.oid), $1::text, 'its')))
    FROM pg_proc JOIN ours ON ours.oid = pronamespace
  )
  SELECT replace(line, $1::text, 'its') FROM lines ORDER BY 1`

/** Schemas that trials have one after the other: to make one takes many times as long as to empty it. */
export class Shelf {
  readonly #url: string
  readonly #emptied: string[] = []
  readonly #taken = new Map<string, string>()
  #made = 0
  #client: Promise<pg.Client> | undefined

  constructor(url: string) {
    this.#url = url
  }

  /** Opens the schema that a trial has, or one that is empty. */
  open = async ({ database }: { readonly database: string }): Promise<Store> => {
    const schema = this.#taken.get(database) ?? this.#emptied.pop() ?? `shelf_${(this.#made += 1)}`
    this.#taken.set(database, schema)
    return postgresStore({ url: this.#url, schema, connections: 4 })
  }

  /** Empties the schema of a trial that is over, for the next one. */
  remove = async (database: string): Promise<void> => {
    const schema = this.#taken.get(database)
    if (schema === undefined) return
    this.#taken.delete(database)
    const client = await (this.#client ??= this.#connect())
    await client.query('SELECT pg_temp.empty_schema($1)', [schema])
    this.#emptied.push(schema)
  }

  /** What each schema that was emptied holds, and what a new one does. */
  async contents(): Promise<{
    readonly emptied: readonly (readonly string[])[]
    readonly fresh: readonly string[]
  }> {
    const client = await (this.#client ??= this.#connect())
    const read = async (schema: string): Promise<readonly string[]> => {
      const { rows } = await client.query<[string]>({ text: contents, values: [schema], rowMode: 'array' })
      return rows.map(([line]) => line)
    }
    const store = await postgresStore({ url: this.#url, schema: 'shelf_new', connections: 1 })
    await store.close()
    await client.query('SELECT pg_temp.empty_schema($1)', ['shelf_new'])
    const emptied = []
    for (const schema of this.#emptied) emptied.push(await read(schema))
    return { emptied, fresh: await read('shelf_new') }
  }

  async close(): Promise<void> {
    await (await this.#client)?.end()
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#url })
    await client.connect()
    await client.query(emptySchema)
    return client
  }
}
