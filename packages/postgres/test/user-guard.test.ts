import { beforeAll, describe, expect, it } from 'vitest'
import { objectionTo, type Permission } from '../src/user-guard.ts'
import { loadParser, parsed } from '../src/user-parser.ts'

let parser: Awaited<ReturnType<typeof loadParser>>
beforeAll(async () => {
  parser = await loadParser()
})

const functions = new Set(['lower', 'sum', 'count', 'now', 'extract', 'coalesce', 'generate_series', 'btrim'])

function objection(sql: string, permission: Permission): string | undefined {
  const prefix = permission === 'step' ? { prefix: 'shop__' } : {}
  return objectionTo(parsed(parser, sql).statement, { permission, functions, ...prefix })
}

const allowed: Record<Permission, readonly string[]> = {
  read: [
    'SELECT id, n FROM shop__counters WHERE id = $1 ORDER BY n DESC LIMIT 10',
    'select lower("c"."id") from "shop__counters" as "c" inner join "other__names" as "n" on "n"."id" = "c"."id"',
    'WITH c AS (SELECT * FROM shop__counters) SELECT sum(n) OVER (PARTITION BY id) FROM c;',
    'WITH RECURSIVE a (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM b), b AS (SELECT n FROM a WHERE n < 3) SELECT * FROM b',
    'SELECT * FROM shop__counters WHERE EXISTS (WITH events AS (SELECT 1 AS id) SELECT FROM events)',
    'VALUES (1, 2), (3, 4)',
    'SELECT extract(year FROM now()), trim($1::text), n::text FROM shop__counters, generate_series(1, 3) AS g (n)',
    'TABLE shop__counters',
  ],
  write: [
    'INSERT INTO shop__counters (id, n) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n + 1',
    'WITH old AS (DELETE FROM shop__counters WHERE n < 0 RETURNING id) INSERT INTO shop__gone SELECT id FROM old',
    'UPDATE shop__counters SET n = o.n FROM shop__others AS o WHERE o.id = shop__counters.id',
    'MERGE INTO shop__counters c USING shop__others o ON o.id = c.id WHEN MATCHED THEN UPDATE SET n = o.n',
    '/* a note */ DELETE FROM shop__counters USING (SELECT id FROM shop__gone FOR UPDATE) AS g WHERE g.id = shop__counters.id',
  ],
  step: [
    'CREATE TABLE shop__lines (id text PRIMARY KEY, at timestamptz DEFAULT now(), n integer CHECK (n > 0))',
    'CREATE TABLE IF NOT EXISTS "shop__lines" (of text REFERENCES shop__counters (id) ON DELETE CASCADE)',
    'CREATE TABLE shop__copy (LIKE shop__lines INCLUDING ALL)',
    'CREATE TABLE shop__copy AS SELECT * FROM shop__lines',
    'CREATE TABLE shop__parts PARTITION OF shop__lines FOR VALUES FROM (1) TO (2)',
    'CREATE INDEX shop__by_n ON shop__lines (n, lower(id)) WHERE n > 3',
    'CREATE VIEW shop__sums AS SELECT sum(n) FROM shop__lines',
    'CREATE MATERIALIZED VIEW shop__sums AS SELECT sum(n) FROM shop__lines',
    'ALTER TABLE shop__lines ADD COLUMN m integer, ALTER COLUMN n SET NOT NULL, ADD CONSTRAINT shop__one UNIQUE (n), ADD CONSTRAINT positive CHECK (n > 0)',
    'ALTER TABLE shop__lines RENAME TO shop__rows',
    'ALTER TABLE shop__lines RENAME COLUMN n TO m',
    'ALTER INDEX shop__by_n RENAME TO shop__by_m',
    'DROP INDEX shop__by_n',
    'DROP TABLE IF EXISTS shop__lines, shop__rows',
    "COMMENT ON COLUMN shop__lines.n IS 'how many'",
    'UPDATE shop__lines SET n = 0',
  ],
}

const refused: Record<Permission, readonly string[]> = {
  read: [
    'SELECT * FROM events',
    'SELECT * FROM "events"',
    'SELECT * FROM headwater.events',
    'SELECT * FROM headwater_tables.shop__counters',
    'SELECT * FROM pg_catalog.pg_class',
    'SELECT * FROM information_schema.tables',
    'SELECT (SELECT max(position) FROM events) FROM shop__counters',
    'WITH events AS (SELECT * FROM events) SELECT * FROM events',
    'WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a',
    'SELECT * FROM events WHERE EXISTS (WITH events AS (SELECT 1) SELECT FROM events)',
    'SELECT 1 UNION SELECT position FROM events',
    'SELECT * FROM shop__counters AS c, LATERAL (SELECT * FROM events) AS e',
    'WITH gone AS (DELETE FROM shop__counters RETURNING *) SELECT * FROM gone',
    'SELECT * FROM shop__counters FOR UPDATE',
    'SELECT * INTO shop__copy FROM shop__counters',
    'DELETE FROM shop__counters',
    "SELECT set_config('role', 'postgres', true)",
    'SELECT pg_catalog.pg_sleep(100)',
    "SELECT query_to_xml('SELECT * FROM events', true, true, '')",
    "SELECT pg_read_file('/etc/passwd')",
    'SELECT pg_advisory_lock(1)',
    "SELECT * FROM ts_stat('SELECT data FROM events')",
    "SELECT nextval('lease_tokens')",
    "SELECT headwater.lower('A')",
    "SELECT * FROM ROWS FROM (dblink('', ''))",
    "SELECT count(*) FILTER (WHERE pg_notify('a', 'b') IS NULL) FROM shop__counters",
    'SELECT id FROM shop__counters ORDER BY pg_sleep(1)',
    'EXPLAIN ANALYZE DELETE FROM shop__counters',
    "COPY shop__counters TO PROGRAM 'cat'",
    'SHOW search_path',
    'FETCH ALL FROM mine',
    'EXECUTE mine',
  ],
  write: [
    'DELETE FROM events',
    'WITH events AS (SELECT 1) DELETE FROM events',
    'INSERT INTO shop__counters SELECT position FROM events',
    'INSERT INTO shop__counters VALUES ((SELECT max(position) FROM events))',
    'UPDATE shop__counters SET n = 1 FROM events WHERE true',
    'DELETE FROM shop__counters USING events',
    'MERGE INTO events USING shop__counters ON true WHEN MATCHED THEN DELETE',
    'INSERT INTO shop__counters VALUES (1) ON CONFLICT (id) DO UPDATE SET n = (SELECT 1 FROM events)',
    'INSERT INTO shop__counters VALUES (1) RETURNING (SELECT count(*) FROM events)',
    'SELECT 1',
    'BEGIN',
    'COMMIT',
    'ROLLBACK AND CHAIN',
    'SAVEPOINT mine',
    "PREPARE TRANSACTION 'mine'",
    'SET search_path = public',
    'SET LOCAL ROLE postgres',
    'RESET ALL',
    'SET CONSTRAINTS ALL DEFERRED',
    'DISCARD ALL',
    'LISTEN a',
    'NOTIFY a',
    'LOCK TABLE shop__counters',
    'DO $$ BEGIN DELETE FROM events; END $$',
    'CALL anything()',
    'TRUNCATE shop__counters',
    'CREATE TABLE shop__more (id text)',
    'COPY shop__counters FROM STDIN',
    'VACUUM',
    'DELETE FROM shop__counters WHERE pg_terminate_backend(1)',
  ],
  step: [
    'CREATE TABLE lines (id text)',
    'CREATE TABLE other__lines (id text)',
    'CREATE TABLE shop__2__lines (id text)',
    'CREATE TABLE headwater.shop__lines (id text)',
    'CREATE TEMP TABLE shop__lines (id text)',
    'CREATE UNLOGGED TABLE shop__lines (id text)',
    'CREATE TABLE shop__lines (LIKE events INCLUDING ALL)',
    'CREATE TABLE shop__lines () INHERITS (events)',
    'CREATE TABLE shop__lines (of bigint REFERENCES events (position))',
    'CREATE TABLE shop__lines (id text UNIQUE DEFERRABLE INITIALLY DEFERRED)',
    'CREATE TABLE shop__lines (id text CONSTRAINT one PRIMARY KEY)',
    "CREATE TABLE shop__lines (id text DEFAULT nextval('lease_tokens'))",
    "CREATE TABLE shop__lines (id text DEFAULT current_setting('search_path'))",
    'CREATE TABLE shop__copy AS SELECT * FROM events',
    'CREATE TABLE shop__copy AS EXECUTE mine',
    'CREATE INDEX by_n ON shop__lines (n)',
    'CREATE INDEX ON shop__lines (n)',
    'CREATE INDEX CONCURRENTLY shop__by_n ON shop__lines (n)',
    'CREATE INDEX shop__by_n ON events (type)',
    'CREATE VIEW shop__all AS SELECT * FROM events',
    'CREATE VIEW everything AS SELECT 1',
    'DROP TABLE events',
    'DROP TABLE shop__lines, events',
    'DROP TABLE headwater.shop__lines',
    'DROP SCHEMA headwater',
    'DROP FUNCTION commit_progress',
    'DROP ROLE postgres',
    'ALTER TABLE events ADD COLUMN mine text',
    'ALTER TABLE shop__lines RENAME TO events',
    'ALTER TABLE events RENAME TO shop__events',
    'ALTER TABLE shop__lines OWNER TO someone',
    'ALTER TABLE shop__lines SET SCHEMA headwater',
    'ALTER TABLE shop__lines DISABLE TRIGGER ALL',
    'ALTER TABLE shop__lines ADD CONSTRAINT a FOREIGN KEY (n) REFERENCES events (position)',
    'ALTER TABLE shop__lines ATTACH PARTITION events DEFAULT',
    'ALTER TABLE shop__lines SET TABLESPACE fast',
    'ALTER SYSTEM SET fsync = off',
    'CREATE FUNCTION shop__f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    'CREATE TRIGGER shop__t AFTER INSERT ON shop__lines EXECUTE FUNCTION f()',
    'CREATE RULE shop__r AS ON INSERT TO shop__lines DO ALSO DELETE FROM events',
    'CREATE EXTENSION dblink',
    'CREATE ROLE someone',
    'GRANT ALL ON events TO someone',
    'SECURITY LABEL ON TABLE shop__lines IS NULL',
    "COMMENT ON TABLE events IS 'mine'",
    "COMMENT ON TABLE headwater.shop__lines IS 'mine'",
    'DELETE FROM other__lines',
    'SELECT * FROM shop__lines',
    'REFRESH MATERIALIZED VIEW shop__sums',
  ],
}

const permissions: readonly Permission[] = ['read', 'write', 'step']

describe.each(permissions)('with the permission to %s', (permission) => {
  it.each(allowed[permission])('%s may run', (sql) => {
    expect(objection(sql, permission)).toBeUndefined()
  })

  it.each(refused[permission])('%s is refused', (sql) => {
    expect(objection(sql, permission)).toMatch(/\w/)
  })
})

describe('a text of users', () => {
  it.each([
    '',
    ' ',
    ';',
    '-- nothing',
    'SELECT 1; SELECT 2',
    'DELETE FROM',
    "SELECT 'a",
  ])('that is not one statement fails: %s', (sql) => {
    expect(() => parsed(parser, sql)).toThrowError(expect.objectContaining({ code: 'sql.failed' }))
  })

  it('is cut where its statement ends, whatever letters it has', () => {
    expect(parsed(parser, "SELECT 'ä€𝄞' ; -- and no more").text.trim()).toBe("SELECT 'ä€𝄞'")
  })
})
