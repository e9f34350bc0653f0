import assert from 'node:assert/strict'
import { isHeadwaterError, mostRows, type ErrorCode, type Store } from '@headwater/core'
import { law } from '../law.ts'
import { appended, aRequest, record, to } from '../make.ts'
import { countersOf, insert, opened, running, sqlOf, statement } from './user-tables.ts'

/** A statement that must not run fails the request that it stands in, and no other. */
async function failsAlone(store: Store, sql: string, code: ErrorCode): Promise<void> {
  const results = await store.log.append([
    aRequest([to('a-1')]),
    running('b-1', [insert(store, 'undone'), statement(store, sql)]),
    aRequest([to('c-1')]),
  ])
  const [, result] = results
  assert.deepEqual([results[0]?.status, results[2]?.status], ['appended', 'appended'], sql)
  assert.ok(result?.status === 'failed', `${sql}: ${result?.status}`)
  assert.ok(isHeadwaterError(result.error, code), `${sql}: ${result.error.message}`)
  const page = await store.log.readStream({ branch: 0, tenant: '', stream: 'b-1', after: 0, limit: 1 })
  assert.equal(page.revision, 0, sql)
  assert.deepEqual(await countersOf(store), { k: 0 }, sql)
}

async function withCounter(store: Store): Promise<Store> {
  await record(store, 'z-1')
  await appended(store.log, running('z-1', [insert(store, 'k')]))
  return store
}

const forbidden = {
  'touches the log': [
    'DELETE FROM events',
    'UPDATE events SET position = position + 1',
    'INSERT INTO shop__counters (id, n) SELECT stream, revision FROM events',
    'DELETE FROM shop__counters WHERE n IN (SELECT max(position) FROM events)',
    'WITH heads AS (SELECT max(position) AS n FROM events) UPDATE shop__counters SET n = (SELECT n FROM heads)',
    'DELETE FROM commands',
    'UPDATE partitions SET position = 0',
  ],
  'controls the transaction': [
    'BEGIN',
    'COMMIT',
    'ROLLBACK',
    'SAVEPOINT mine',
    '/* now */ COMMIT',
    '-- now\nROLLBACK',
  ],
  'makes or drops a table': [
    'CREATE TABLE shop__more (id TEXT)',
    'DROP TABLE shop__counters',
    'ALTER TABLE shop__counters ADD COLUMN m INTEGER',
  ],
} as const

export const statementGuardLaws = [
  ...Object.entries(forbidden).map(([what, statements]) =>
    law(
      `a statement that ${what} is refused`,
      async (trial) => {
        const store = await withCounter(await opened(trial))
        for (const sql of statements) await failsAlone(store, sql, 'sql.refused')
      },
      'sql',
    ),
  ),

  law(
    'a statement that makes no sense fails its request alone',
    async (trial) => {
      const store = await withCounter(await opened(trial))
      await failsAlone(store, 'DELETE FROM shop__nothing', 'sql.failed')
      await failsAlone(store, 'DELETE FROM shop__counters WHERE', 'sql.failed')
      await failsAlone(store, 'DELETE FROM shop__counters WHERE nothing = 1', 'sql.failed')
      await failsAlone(store, 'UPDATE shop__counters SET n = NULL', 'sql.failed')
      await failsAlone(store, 'DELETE FROM shop__counters; DELETE FROM shop__counters', 'sql.failed')
    },
    'sql',
  ),

  law(
    'a value never becomes a part of a statement',
    async (trial) => {
      const store = await withCounter(await opened(trial))
      const evil = "'); DELETE FROM shop__counters; --"
      await appended(store.log, running('a-1', [insert(store, evil, 1)]))
      assert.deepEqual(await countersOf(store), { k: 0, [evil]: 1 })
      const found = await sqlOf(store).query(
        statement(store, 'SELECT n FROM shop__counters WHERE id = ?', [evil]),
      )
      assert.deepEqual(
        found.map(({ n }) => Number(n)),
        [1],
      )
    },
    'sql',
  ),

  law(
    'a query reads users’ tables, and neither writes nor looks into the log',
    async (trial) => {
      const store = await withCounter(await opened(trial))
      for (const sql of [
        'DELETE FROM shop__counters',
        'SELECT * FROM events',
        'SELECT * FROM shop__counters WHERE n < (SELECT count(*) FROM events)',
        'COMMIT',
        'CREATE TABLE shop__more (id TEXT)',
      ]) {
        await assert.rejects(
          sqlOf(store).query(statement(store, sql)),
          (error) => isHeadwaterError(error, 'sql.refused'),
          sql,
        )
      }
      await assert.rejects(sqlOf(store).query(statement(store, 'SELECT * FROM shop__nothing')), (error) =>
        isHeadwaterError(error, 'sql.failed'),
      )
      assert.deepEqual(await countersOf(store), { k: 0 })
    },
    'sql',
  ),

  law(
    'a query gives so many rows at most, and fails above that',
    async (trial) => {
      const store = await opened(trial)
      const numbers = `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${mostRows})`
      const fill = `${numbers} INSERT INTO shop__counters (id, n) SELECT 'k-' || n, n FROM numbers`
      await appended(store.log, running('a-1', [{ ...statement(store, fill), expectedRows: mostRows }]))
      const all = statement(store, 'SELECT n FROM shop__counters')
      assert.equal((await sqlOf(store).query(all)).length, mostRows)
      await appended(store.log, running('a-1', [insert(store, 'one more')]))
      await assert.rejects(sqlOf(store).query(all), (error) => isHeadwaterError(error, 'sql.too-many-rows'))
    },
    'sql',
  ),

  law(
    'text, numbers, bytes and null come back as they were given',
    async (trial) => {
      const store = await trial.open()
      const binary = sqlOf(store).dialect === 'postgres' ? 'BYTEA' : 'BLOB'
      const types = `(id TEXT PRIMARY KEY, number DOUBLE PRECISION, bytes ${binary}, missing TEXT)`
      await sqlOf(store).migrate('shop', [
        { name: 'make', statements: [`CREATE TABLE shop__values ${types}`] },
      ])
      const sql = 'INSERT INTO shop__values (id, number, bytes, missing) VALUES (?, ?, ?, ?)'
      const bytes = Uint8Array.of(0, 1, 255)
      await appended(store.log, running('a-1', [statement(store, sql, ['ä€𝄞', 1.5, bytes, null])]))
      const [row] = await sqlOf(store).query(
        statement(store, 'SELECT id, number, bytes, missing FROM shop__values'),
      )
      assert.ok(row?.['bytes'] instanceof Uint8Array)
      assert.deepEqual(
        { ...row, bytes: [...row['bytes']] },
        { id: 'ä€𝄞', number: 1.5, bytes: [0, 1, 255], missing: null },
      )
    },
    'sql',
  ),
]
