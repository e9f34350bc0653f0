import { HeadwaterError } from '../../message/errors.ts'
import { mainBranch } from '../port.ts'
import type { Checkpoint } from '../store.ts'
import type { ViewCommit, ViewDatabase, ViewStore } from '../view-store.ts'
import { MemoryDocuments } from './documents.ts'
import { Gate } from './gate.ts'

interface Standing {
  readonly checkpoint: Checkpoint
  readonly token: number
}

const name = 'memory:views'

/**
 * Views in memory, beside a log that may be elsewhere: an app that is opened begins with none and folds its history anew. For
 * tests, and the reference that other stores of views are compared with.
 */
export function memoryViews(): ViewDatabase {
  return { name, open: openStore }
}

function openStore(): ViewStore {
  const gate = new Gate(name)
  const documents = new MemoryDocuments(gate)
  const standings = new Map<string, Standing>()
  return {
    name,
    largestCommit: { documents: 10_000, bytes: 8 * 1024 * 1024 },
    define: (...parameters) => documents.define(...parameters),
    drop: async (collection) => {
      await documents.drop(collection)
      for (const place of standings.keys())
        if (place.startsWith(`${collection}\u0000`)) standings.delete(place)
    },
    get: (...parameters) => documents.get(...parameters),
    list: (query) => documents.list(query),
    count: (...parameters) => documents.count(...parameters),
    position: async (collection, branch) => {
      await documents.count(collection, mainBranch, '')
      return standings.get(placeOf(collection, branch))?.checkpoint
    },
    commit: async (commit) => {
      const { collection, branch } = commit
      await documents.count(collection, branch, '')
      // From here on nothing else happens in between.
      const place = placeOf(collection, branch)
      const standing = standings.get(place)
      if (standing?.checkpoint.position !== commit.from || (standing?.token ?? 0) > commit.token)
        throw outOfTurn(commit)
      for (const write of commit.documents)
        documents.write({ ...write, collection, branch, expectedVersion: undefined }, write.position)
      standings.set(place, { checkpoint: commit.checkpoint, token: commit.token })
    },
    close: async () => gate.close(),
  }
}

function placeOf(collection: string, branch: number): string {
  return `${collection}\u0000${branch}`
}

/** What a commit is refused with that somebody else has overtaken. */
export function outOfTurn({ collection, from, token }: ViewCommit): HeadwaterError {
  return new HeadwaterError(
    'processor.fenced',
    `${collection} does not stand at ${from ?? 'its beginning'} any more, or a holder after ${token} has it`,
    { details: { collection, from, token } },
  )
}
