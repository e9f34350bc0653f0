import { memoryViews, outOfTurn, type ViewStore } from '@headwater/core'
import { describe, expect, test } from 'vitest'
import { commitLaws, type ViewStoreLaw } from '../src/view-store/commits.ts'
import { holdOfViews } from '../src/view-store/register.ts'
import { isFinding } from './faults/finding.ts'
import { replaced } from './faults/replaced.ts'

interface Fault {
  readonly name: string
  readonly plant: (store: ViewStore) => ViewStore
  readonly foundBy: readonly string[]
}

const faults: readonly Fault[] = [
  {
    name: 'whoever commits is written, wherever the documents stand',
    plant: (store) =>
      replaced(store, {
        commit: async (commit) => {
          const position = await store.position(commit.collection, commit.branch)
          await store.commit({ ...commit, from: position?.position })
        },
      }),
    foundBy: ['a commit from another position than the documents’ is refused and writes nothing'],
  },
  {
    name: 'an earlier holder may commit',
    plant: (store) => replaced(store, { commit: (commit) => store.commit({ ...commit, token: 1 }) }),
    foundBy: ['a commit of an earlier holder is refused and writes nothing'],
  },
  {
    name: 'documents are written before the position is looked at',
    plant: (store) =>
      replaced(store, {
        commit: async (commit) => {
          const before = await store.position(commit.collection, commit.branch)
          const checkpoint = before ?? { ...commit.checkpoint, position: 0 }
          await store.commit({ ...commit, from: before?.position, token: 9, checkpoint })
          await store.commit({ ...commit, from: commit.from ?? checkpoint.position, token: 9, documents: [] })
        },
      }),
    foundBy: ['a commit from another position than the documents’ is refused and writes nothing'],
  },
  {
    name: 'a late commit is refused, but by who asks before it writes',
    plant: (store) =>
      replaced(store, {
        commit: async (commit) => {
          const before = await store.position(commit.collection, commit.branch)
          if (before?.position !== commit.from) throw outOfTurn(commit)
          for (;;) {
            const now = await store.position(commit.collection, commit.branch)
            const written = store.commit({ ...commit, from: now?.position })
            if ((await Promise.allSettled([written]))[0]?.status === 'fulfilled') return
          }
        },
      }),
    foundBy: ['of racing commits from one position one is written, whole', 'racing increments lose none'],
  },
  {
    name: 'a collection that is dropped keeps its position',
    plant: (store) => {
      const positions = new Map<string, Awaited<ReturnType<ViewStore['position']>>>()
      return replaced(store, {
        drop: async (collection) => {
          positions.set(collection, await store.position(collection, 0))
          await store.drop(collection)
        },
        position: async (collection, branch) =>
          (await store.position(collection, branch)) ?? positions.get(collection),
      })
    },
    foundBy: ['a collection that is dropped forgets its position'],
  },
  {
    name: 'branches share a position',
    plant: (store) =>
      replaced(store, {
        position: (collection) => store.position(collection, 0),
      }),
    foundBy: ['collections and branches stand where they stand, each by itself'],
  },
  {
    name: 'tenants share documents',
    plant: (store) =>
      replaced(store, {
        get: (collection, branch, _tenant, keys) => store.get(collection, branch, '', keys),
        commit: (commit) =>
          store.commit({ ...commit, documents: commit.documents.map((write) => ({ ...write, tenant: '' })) }),
      }),
    foundBy: ['one key of two tenants is two documents'],
  },
]

function lawOf(sentence: string): ViewStoreLaw {
  const found = commitLaws.find((law) => law.sentence === sentence)
  if (found === undefined) throw new Error(`No law says: ${sentence}`)
  return found
}

describe('the conformance suite finds a store of views', () => {
  for (const { name, plant, foundBy } of faults) {
    test.each(foundBy)(`in which ${name}: ‘%s’`, async (sentence) => {
      await expect(holdOfViews(lawOf(sentence), () => plant(memoryViews().open()))).rejects.toSatisfy(
        isFinding,
      )
    })
  }
})
