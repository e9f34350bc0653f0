import { isHeadwaterError } from '../message/errors.ts'
import type { Documents, Store } from '../log/store.ts'
import { mainBranch, type DocumentWrite } from '../log/port.ts'
import type { Checkpoint } from '../log/checkpoint.ts'
import type { Progress, ProgressCommit } from '../log/progress.ts'
import type { ViewDocumentWrite, ViewStore } from '../log/view-store.ts'
import { documentStorage, type VersionStorage } from './version-storage.ts'
import type { ViewParts } from './view-parts.ts'
import type { View } from './view.ts'

/** The documents of each version in a collection of their own, in another database. */
export function databaseStorage(
  view: View,
  views: ViewStore,
  store: Store,
  parts: Omit<ViewParts, 'processor' | 'collection' | 'documents'>,
): VersionStorage {
  const bounded = { ...parts, largestCommit: views.largestCommit, isElsewhere: true }
  return {
    ...documentStorage(view, documentsOf(views), bounded),
    storeOf: ({ collection }) => ({ ...store, progress: progressIn(views, collection, store.progress) }),
  }
}

/** What is read of another database as of Headwater's own. */
export function documentsOf(views: ViewStore): Documents {
  return {
    define: (...parameters) => views.define(...parameters),
    drop: (collection) => views.drop(collection),
    get: async (...parameters) =>
      (await views.get(...parameters)).map((row) => row && { ...row, version: 0 }),
    list: async (query) => {
      const { items, next } = await views.list(query)
      return { items: items.map((row) => ({ ...row, version: 0 })), next }
    },
    count: (...parameters) => views.count(...parameters),
  }
}

/**
 * A processor's progress where its documents are: its position is committed with them. Headwater's own store keeps what is
 * parked, and hears of the position afterwards, for those who ask how far it is.
 */
function progressIn(views: ViewStore, collection: string, own: Progress): Progress {
  let standing: Checkpoint | undefined
  const read = async (processor: string, branch: number): Promise<Checkpoint | undefined> => {
    const checkpoint = await views.position(collection, mainBranch).catch((error: unknown) => {
      // How far it was is still to be told. Who goes on from there is refused, if it is further by now.
      if (isHeadwaterError(error, 'view.store-unavailable')) return own.checkpoint(processor, branch)
      // Nobody has begun to build it there, or the database was emptied: whoever begins to fold defines it first.
      if (isHeadwaterError(error, 'view.unknown')) return undefined
      throw error
    })
    standing = checkpoint
    return checkpoint
  }
  const write = async ({ lease, documents }: ProgressCommit, checkpoint: Checkpoint | undefined) => {
    if (checkpoint === undefined) throw new Error(`${collection} stands nowhere: nothing was parked before`)
    await views.commit({
      collection,
      branch: mainBranch,
      from: standing?.position,
      checkpoint,
      token: lease.token,
      documents: documents.map((one) => writeOf(one, checkpoint.position)),
    })
  }
  return {
    checkpoint: read,
    partitions: async (processor, branch) => {
      const checkpoint = await read(processor, branch)
      const partitions = await own.partitions(processor, branch)
      // A database that has lost the documents has them folded anew, from the beginning.
      return partitions.map((part) => ({
        ...part,
        checkpoint: checkpoint ?? { epoch: part.checkpoint.epoch, position: 0, eventId: null },
      }))
    },
    begin: (beginning) => own.begin(beginning),
    arrange: (...parameters) => own.arrange(...parameters),
    move: (...parameters) => own.move(...parameters),
    reset: (...parameters) => own.reset(...parameters),
    commit: async (commit) => {
      const { checkpoint, documents, ...rest } = commit
      // Parked events that were folded in the end don't move the position.
      if (checkpoint === undefined && documents.length > 0) await write(commit, standing)
      if (checkpoint === undefined) return own.commit({ ...rest, documents: [], checkpoint })
      // Parked first: an event that the documents have gone past would be lost otherwise. To park it again changes nothing.
      if (holdsMore(commit)) await own.commit({ ...rest, documents: [], checkpoint: undefined })
      await write(commit, checkpoint)
      standing = checkpoint
      await own.commit({ ...rest, documents: [], park: [], unpark: [], checkpoint })
    },
  }
}

function holdsMore({ park, unpark }: ProgressCommit): boolean {
  return park.length + unpark.length > 0
}

function writeOf(
  { tenant, key, document, position, words }: DocumentWrite,
  shown: number,
): ViewDocumentWrite {
  return { tenant, key, document, position: position ?? shown, ...(words !== undefined && { words }) }
}
