import assert from 'node:assert/strict'
import { isHeadwaterError, type ErrorCode, type Store } from '@headwater/core'
import { law } from '../law.ts'
import { appended, readAll, record } from '../make.ts'
import { counters, countersOf, insert, opened, running, sqlOf, statement } from './user-tables.ts'

const add = (name: string, column: string) => ({
  name,
  statements: [`ALTER TABLE shop__counters ADD COLUMN ${column} INTEGER`],
})

async function columnsOf(store: Store): Promise<readonly string[]> {
  await appended(store.log, running('a-1', [insert(store, 'k')]))
  const [row] = await sqlOf(store).query(statement(store, 'SELECT * FROM shop__counters LIMIT 1'))
  return Object.keys(row ?? {})
}

async function isThere(store: Store, table: string): Promise<boolean> {
  try {
    await sqlOf(store).query(statement(store, `SELECT count(*) FROM ${table}`))
    return true
  } catch (error) {
    assert.ok(isHeadwaterError(error, 'sql.failed'), String(error))
    return false
  }
}

async function isRefused(
  store: Store,
  owner: string,
  sql: string,
  code: ErrorCode = 'sql.refused',
): Promise<void> {
  await assert.rejects(
    sqlOf(store).migrate(owner, [{ name: 'wrong', statements: [sql] }]),
    (error) => isHeadwaterError(error, code),
    sql,
  )
}

export const userTableLaws = [
  law(
    'each step is taken once, in its order, however often it is named',
    async (trial) => {
      const store = await opened(trial)
      await sqlOf(store).migrate('shop', [counters('shop'), add('two', 'b')])
      await sqlOf(store).migrate('shop', [counters('shop'), add('two', 'b'), add('three', 'c')])
      assert.deepEqual(await columnsOf(store), ['id', 'n', 'b', 'c'])
    },
    'sql',
  ),

  law(
    'steps that race are taken once',
    async (trial) => {
      const store = await trial.open()
      const steps = [counters('shop'), add('two', 'b')]
      await Promise.all(Array.from({ length: 8 }, () => sqlOf(store).migrate('shop', steps)))
      assert.deepEqual(await columnsOf(store), ['id', 'n', 'b'])
    },
    'sql',
  ),

  law(
    'a step that was taken and reads otherwise now is noticed, and nothing is done',
    async (trial) => {
      const store = await opened(trial)
      const changed = { name: 'make', statements: ['CREATE TABLE shop__counters (id TEXT)'] }
      await assert.rejects(sqlOf(store).migrate('shop', [add('two', 'b'), changed]), (error) =>
        isHeadwaterError(error, 'sql.step-changed'),
      )
      assert.deepEqual(await columnsOf(store), ['id', 'n'])
    },
    'sql',
  ),

  law(
    'white space does not change a step',
    async (trial) => {
      const store = await opened(trial)
      const [text = ''] = counters('shop').statements
      await sqlOf(store).migrate('shop', [
        { name: 'make', statements: [`\n  ${text.replaceAll(' ', '\n\t')} `] },
      ])
      assert.deepEqual(await columnsOf(store), ['id', 'n'])
    },
    'sql',
  ),

  law(
    'a step that fails leaves none of the call behind',
    async (trial) => {
      const store = await opened(trial)
      const broken = { name: 'three', statements: ['CREATE TABLE shop__more (id TEXT)', 'CREATE TABLE'] }
      await assert.rejects(sqlOf(store).migrate('shop', [add('two', 'b'), broken]), (error) =>
        isHeadwaterError(error, 'sql.failed'),
      )
      assert.equal(await isThere(store, 'shop__more'), false)
      await sqlOf(store).migrate('shop', [add('two', 'b')])
      assert.deepEqual(await columnsOf(store), ['id', 'n', 'b'])
    },
    'sql',
  ),

  law(
    'steps of newer code are left alone by older code',
    async (trial) => {
      const store = await opened(trial)
      await sqlOf(store).migrate('shop', [counters('shop'), add('two', 'b')])
      await sqlOf(store).migrate('shop', [counters('shop')])
      assert.deepEqual(await columnsOf(store), ['id', 'n', 'b'])
    },
    'sql',
  ),

  law(
    'a step makes and changes tables of its own name only',
    async (trial) => {
      const store = await opened(trial)
      await record(store, 'a-1')
      for (const sql of [
        'CREATE TABLE counters (id TEXT)',
        'CREATE TABLE other__counters (id TEXT)',
        'CREATE TABLE shop__2__counters (id TEXT)',
        'CREATE INDEX by_n ON shop__counters (n)',
        'CREATE INDEX shop__by_stream ON events (stream)',
        'DROP TABLE events',
        'DELETE FROM events',
        'ALTER TABLE events ADD COLUMN mine INTEGER',
        'CREATE TABLE shop__copy AS SELECT * FROM events',
      ]) {
        await isRefused(store, 'shop', sql)
      }
      await isRefused(store, 'other', 'DROP TABLE shop__counters')
      assert.deepEqual(await countersOf(store), {})
      assert.equal((await readAll(store.log)).length, 1)
    },
    'sql',
  ),

  law(
    'a name that is none, or Headwater’s own, gets no tables',
    async (trial) => {
      const store = await trial.open()
      for (const owner of ['', 'a b', 'a__b', 'a--b', 'collection-x', 'sqlite', '1', 'a@', '"', 'a@b@c'])
        await isRefused(store, owner, 'CREATE TABLE a__b (id TEXT)')
    },
    'sql',
  ),

  law(
    'a drop takes all tables of one owner and no other’s, however similar their names',
    async (trial) => {
      const store = await trial.open()
      const owners = ['shop', 'shop-2', 'shop@2', 'shop@3', 'shop2']
      for (const owner of owners) await sqlOf(store).migrate(owner, [counters(owner)])
      await sqlOf(store).drop('shop')
      await sqlOf(store).drop('shop@2')
      const tables = [
        'shop__counters',
        'shop_2__counters',
        'shop__2__counters',
        'shop__3__counters',
        'shop2__counters',
      ]
      const left = await Promise.all(tables.map((table) => isThere(store, table)))
      assert.deepEqual(left, [false, true, false, true, true])
      await sqlOf(store).migrate('shop', [counters('shop')])
      assert.deepEqual(await countersOf(store), {})
    },
    'sql',
  ),

  law(
    'tables that refer to each other are dropped together',
    async (trial) => {
      const store = await opened(trial)
      const lines = 'CREATE TABLE shop__a_lines (id TEXT PRIMARY KEY, of TEXT REFERENCES shop__counters (id))'
      await sqlOf(store).migrate('shop', [{ name: 'lines', statements: [lines] }])
      const line = statement(store, 'INSERT INTO shop__a_lines (id, of) VALUES (?, ?)', ['l', 'k'])
      await appended(store.log, running('a-1', [insert(store, 'k'), line]))
      await sqlOf(store).drop('shop')
      assert.equal(await isThere(store, 'shop__a_lines'), false)
      assert.equal(await isThere(store, 'shop__counters'), false)
      await sqlOf(store).drop('shop')
    },
    'sql',
  ),

  law(
    'users’ tables are there when the store is opened again',
    async (trial) => {
      const store = await opened(trial)
      await appended(store.log, running('a-1', [insert(store, 'k', 5)]))
      await store.close()
      const again = await trial.open()
      await sqlOf(again).migrate('shop', [counters('shop')])
      assert.deepEqual(await countersOf(again), { k: 5 })
    },
    'sql',
    'durable',
  ),
]
