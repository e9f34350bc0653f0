import { outOfTurn, readerOf, sortableBytes, type ViewCommit, type ViewDocumentWrite } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { inChunks, tuples } from './bulk.ts'
import type { Session, Value } from './connections.ts'
import { codeOf, OutdatedCollection } from './errors.ts'
import { bytes, longest, type Collection, type Shared } from './schema.ts'

/** Writes documents and their position, in the transaction that is open. */
export async function writeCommit(
  session: Session,
  shared: Shared,
  collection: Collection,
  commit: ViewCommit,
): Promise<void> {
  for (const { tenant, key } of commit.documents) requireShort(tenant, key)
  await requireCurrent(session, shared, collection)
  await advance(session, shared, collection, commit)
  const places = commit.documents.map((write) => placeOf(commit.branch, write))
  const { tables, indexes, isSearchable } = collection
  if (isSearchable) await deleteOf(session, tables.words, places)
  await deleteGone(session, collection, commit)
  const kept = commit.documents.filter(({ document }) => document !== null)
  await inChunks(
    session,
    kept.map((write) => [...placeOf(commit.branch, write), ...contentOf(write), write.position]),
    (count) =>
      `INSERT INTO ${tables.documents} (branch, tenant, \`key\`, document, bytes, position) VALUES ${tuples(count, 6)}
       ON DUPLICATE KEY UPDATE document = VALUES(document), bytes = VALUES(bytes), position = VALUES(position)`,
  )
  if (indexes.size > 0) await writeEntries(session, collection, commit.branch, kept)
  if (isSearchable) await writeWords(session, collection, commit.branch, kept)
}

/** What commits need to know of a collection is not changed while one is under way, nor is it dropped. */
async function requireCurrent(
  session: Session,
  { collections }: Shared,
  collection: Collection,
): Promise<void> {
  const [row] = await session.rows(`SELECT generation FROM ${collections} WHERE id = ? LOCK IN SHARE MODE`, [
    collection.id,
  ])
  if (Number(row?.[0]) !== collection.generation) throw new OutdatedCollection(collection.name)
}

/** Whoever gets the row first has its turn: others wait here, and then find another position. */
async function advance(
  session: Session,
  { positions }: Shared,
  collection: Collection,
  commit: ViewCommit,
): Promise<void> {
  const { branch, from, token, checkpoint } = commit
  const at = [
    bytes(checkpoint.epoch),
    checkpoint.position,
    checkpoint.eventId && bytes(checkpoint.eventId),
    token,
  ]
  if (from === undefined) {
    try {
      const insert = `INSERT INTO ${positions} (collection, branch, epoch, position, event_id, token) VALUES (?, ?, ?, ?, ?, ?)`
      await session.run(insert, [collection.id, branch, ...at])
      return
    } catch (error) {
      if (codeOf(error) !== 'ER_DUP_ENTRY') throw error
      throw outOfTurn(commit)
    }
  }
  const update = `UPDATE ${positions} SET epoch = ?, position = ?, event_id = ?, token = ?
    WHERE collection = ? AND branch = ? AND position = ? AND token <= ?`
  if ((await session.run(update, [...at, collection.id, branch, from, token])) === 0) throw outOfTurn(commit)
}

function placeOf(
  branch: number,
  { tenant, key }: Pick<ViewDocumentWrite, 'tenant' | 'key'>,
): readonly Value[] {
  return [branch, bytes(tenant), bytes(key)]
}

function contentOf({ document }: ViewDocumentWrite): readonly Value[] {
  return typeof document === 'string' ? [document, null] : [null, document]
}

async function deleteOf(
  session: Session,
  table: string,
  places: readonly (readonly Value[])[],
): Promise<void> {
  await inChunks(
    session,
    places,
    (count) => `DELETE FROM ${table} WHERE (branch, tenant, \`key\`) IN (${tuples(count, 3)})`,
  )
}

async function deleteGone(
  session: Session,
  { tables, indexes }: Collection,
  commit: ViewCommit,
): Promise<void> {
  const gone = commit.documents.filter(({ document }) => document === null)
  const places = gone.map((write) => placeOf(commit.branch, write))
  await deleteOf(session, tables.documents, places)
  if (indexes.size > 0) await deleteOf(session, tables.entries, places)
}

/** For each document what stands at each path that has an index. */
export async function writeEntries(
  session: Session,
  { tables, indexes }: Collection,
  branch: number,
  documents: readonly Pick<ViewDocumentWrite, 'tenant' | 'key' | 'document'>[],
): Promise<void> {
  const rows = documents.flatMap(({ tenant, key, document }) => {
    if (document === null) return []
    const read = readerOf({ key, document })
    return [...indexes].map(([path, id]) => [
      ...placeOf(branch, { tenant, key }),
      id,
      sortableBytes(read(path)),
    ])
  })
  await inChunks(
    session,
    rows,
    (count) =>
      `INSERT INTO ${tables.entries} (branch, tenant, \`key\`, path, value) VALUES ${tuples(count, 5)}
       ON DUPLICATE KEY UPDATE value = VALUES(value)`,
  )
}

async function writeWords(
  session: Session,
  { tables }: Collection,
  branch: number,
  documents: readonly ViewDocumentWrite[],
): Promise<void> {
  const rows = documents.flatMap((write) =>
    [...new Set(write.words?.split(' '))]
      .filter((word) => word !== '')
      .map((word) => [...placeOf(branch, write), bytes(word)]),
  )
  await inChunks(
    session,
    rows,
    (count) => `INSERT INTO ${tables.words} (branch, tenant, \`key\`, word) VALUES ${tuples(count, 4)}`,
  )
}

/** @throws HeadwaterError `view.store-refused` */
function requireShort(tenant: string, key: string): void {
  if (Buffer.byteLength(tenant) <= longest.tenant && Buffer.byteLength(key) <= longest.key) return
  throw new HeadwaterError(
    'view.store-refused',
    `A tenant has at most ${longest.tenant} bytes in MariaDB and a key ${longest.key}: ${JSON.stringify(key.slice(0, 80))}…`,
  )
}
