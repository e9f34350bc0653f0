import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppendRequest, Store } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import type { Law } from '../src/law.ts'
import { contract } from '../src/laws.ts'
import { hold } from '../src/register.ts'
import { isFinding } from './faults/finding.ts'
import { replaced, spoilt } from './faults/replaced.ts'

const folder = mkdtempSync(join(tmpdir(), 'headwater-sql-faults-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Fault {
  readonly name: string
  readonly plant: (store: Store) => Store
  readonly foundBy: readonly string[]
}

const withRequests = (store: Store, change: (request: AppendRequest) => AppendRequest): Store =>
  spoilt(store, 'log', { append: (requests) => store.log.append(requests.map(change)) })

const faults: readonly Fault[] = [
  {
    name: 'statements of an append are forgotten',
    plant: (store) => withRequests(store, (request) => ({ ...request, statements: [] })),
    foundBy: ['statements of an append run with it, in their order', 'racing updates of one row lose none'],
  },
  {
    name: 'nobody looks how many rows a statement changed',
    plant: (store) =>
      withRequests(store, ({ statements = [], ...request }) => ({
        ...request,
        statements: statements.map(({ sql, parameters }) => ({ sql, parameters })),
      })),
    foundBy: [
      'a statement that changes other rows than expected undoes its request and leaves the others untouched',
      'of two requests in one append that read the same row the first one wins',
      'racing updates of one row lose none',
    ],
  },
  {
    name: 'statements run in a transaction before that of their append',
    plant: (store) =>
      spoilt(store, 'log', {
        append: async (requests) => {
          for (const { statements, ...request } of requests)
            await store.log.append([
              { ...request, streams: [], conditions: [], documents: [], command: null, statements },
            ])
          return store.log.append(requests.map((request) => ({ ...request, statements: [] })))
        },
      }),
    foundBy: [
      'an append that conflicts runs no statement',
      'a command that is repeated runs its statements once',
    ],
  },
  {
    name: 'statements of a commit run although it is fenced',
    plant: (store) =>
      spoilt(store, 'progress', {
        commit: async ({ statements, ...commit }) => {
          const request = { tenant: '', branch: 0, commandId: `c-${Math.random()}`, actor: null }
          const empty = {
            correlationId: null,
            causationId: null,
            streams: [],
            conditions: [],
            documents: [],
            command: null,
          }
          await store.log.append([{ ...request, ...empty, statements }])
          await store.progress.commit(commit)
        },
      }),
    foundBy: ['a commit that is fenced runs no statement'],
  },
  {
    name: 'a step is taken every time',
    plant: (store) => {
      const { sql } = store
      if (sql === undefined) return store
      let calls = 0
      return {
        ...store,
        sql: replaced(sql, {
          migrate: (owner, steps) => {
            calls += 1
            return sql.migrate(
              owner,
              steps.map((step) => ({ ...step, name: `${step.name} ${calls}` })),
            )
          },
        }),
      }
    },
    foundBy: ['a step that was taken and reads otherwise now is noticed, and nothing is done'],
  },
  {
    name: 'a drop takes what is named alike',
    plant: (store) => {
      const { sql } = store
      if (sql === undefined) return store
      return {
        ...store,
        sql: replaced(sql, {
          drop: async (owner) => {
            await sql.drop(owner)
            if (owner === 'shop') await sql.drop('shop@3')
          },
        }),
      }
    },
    foundBy: ['a drop takes all tables of one owner and no other’s, however similar their names'],
  },
]

function lawOf(sentence: string): Law {
  const found = contract.sql.flatMap(([, laws]) => laws).find((law) => law.sentence === sentence)
  if (found === undefined) throw new Error(`No law says: ${sentence}`)
  return found
}

describe('the conformance suite finds a store with tables of users', () => {
  for (const { name, plant, foundBy } of faults) {
    test.each(foundBy)(`in which ${name}: ‘%s’`, async (sentence) => {
      const make = async ({ database }: { database: string }) =>
        plant(await sqliteStore({ path: join(folder, `${database}.db`) }))
      await expect(hold(lawOf(sentence), make, { sql: true })).rejects.toSatisfy(isFinding)
    })
  }
})
