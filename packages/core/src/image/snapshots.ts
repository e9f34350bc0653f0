import { codeHash } from '../message/code-hash.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { HeadwaterError } from '../message/errors.ts'
import { lostPart } from '../message/faithful.ts'
import { eventId, newId } from '../message/identity.ts'
import { isOfHistory } from '../log/checkpoint.ts'
import type { ImageGeneration, ImageHead, ImagePart } from '../log/images.ts'
import type { Lease } from '../log/leases.ts'
import { mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import type { MemoryImage } from './image.ts'
import { type Entry, inParts } from './parts.ts'
import type { ImageState } from './state.ts'

/** Parts that are read or pruned at once. */
const partsAtOnce = 8

type Written = readonly [key: string, value?: unknown]

export interface ImageSnapshotParts {
  readonly store: Store
  readonly codec: PayloadCodec
  readonly rulesHash: string
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Turns of the event loop between parts: a large image is read and written while the process goes on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Reads and writes the snapshots of one image. */
export class ImageSnapshots {
  readonly #image: MemoryImage
  readonly #parts: ImageSnapshotParts
  readonly #hash: string
  /** What the state was loaded from or saved as, and has told its changes since; undefined: the next one holds all. */
  #base: ImageHead | undefined

  constructor(image: MemoryImage, parts: ImageSnapshotParts) {
    this.#image = image
    this.#parts = parts
    this.#hash = codeHash(image.hash, parts.rulesHash)
  }

  /** Puts the last snapshot into an empty state, if it is one of this code and this log. Gives its position, or 0. */
  async load(state: ImageState): Promise<number> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const head = await this.#parts.store.images.find(this.#image.name, mainBranch)
      if (head === undefined || head.hash !== this.#hash || !(await this.#isOfThisLog(head))) return 0
      if (await this.#loadAll(state, head)) {
        state.position = head.position
        state.takeChanges()
        this.#base = head
        return head.position
      }
      // Another process has replaced it meanwhile.
      state.clear()
    }
    return 0
  }

  /**
   * Writes what has changed since the last one, or all where that is less; becomes the snapshot at once.
   *
   * @throws HeadwaterError `processor.fenced`, `snapshot.unfaithful`, `codec.failed`
   */
  async save(state: ImageState, lease: Lease): Promise<ImageHead> {
    const { images } = this.#parts.store
    const last = await images.find(this.#image.name, mainBranch)
    const base = this.#base !== undefined && isSame(last, this.#base) ? this.#base : undefined
    // If this fails, what has changed is not known any more.
    this.#base = undefined
    const kept = base === undefined || isBulky(base, state) ? [await this.#saveAll(state)] : base.generations
    const { position } = state
    const changes = state.takeChanges()
    const written = await this.#saveParts(
      changes.map(({ tenant, table, changes: changed }) => ({ tenant, table, entries: changed })),
    )
    const head = await this.#headAt(position, [...kept, written])
    await images.publish(head, lease)
    this.#base = head
    const ids = head.generations.map(({ id }) => id)
    while ((await images.prune(this.#image.name, mainBranch, ids, partsAtOnce)) > 0) await turn()
    return head
  }

  /** All entries as they pass by, and from now on the changes, which are laid over them. */
  #saveAll(state: ImageState): Promise<ImageGeneration> {
    state.takeChanges()
    return this.#saveParts(state.parts())
  }

  async #saveParts(
    tables: Iterable<{ tenant: string; table: string; entries: Iterable<readonly [string, unknown]> }>,
  ): Promise<ImageGeneration> {
    const id = newId()
    let number = 0
    let count = 0
    for (const { tenant, table, entries } of tables) {
      for (const some of inParts(entries)) {
        number += 1
        count += some.length
        await this.#parts.store.images.add([this.#part(id, number, tenant, table, some.map(written))])
        await turn()
      }
    }
    return { id, parts: number, entries: count }
  }

  #part(
    generation: string,
    number: number,
    tenant: string,
    table: string,
    entries: readonly Written[],
  ): ImagePart {
    const { name } = this.#image
    const { codec } = this.#parts
    const data = codec.encode('snapshot', name, 1, entries)
    const lost = lostPart(entries, codec.decode('snapshot', name, 1, data))
    if (lost === undefined)
      return { image: name, branch: mainBranch, generation, number, tenant, table, data }
    throw new HeadwaterError(
      'snapshot.unfaithful',
      `An entry of table ${table} of image ${name} does not survive being stored: ${lost}`,
      { details: { image: name, table } },
    )
  }

  /** False: parts are missing. */
  async #loadAll(state: ImageState, head: ImageHead): Promise<boolean> {
    for (const { id, parts } of head.generations) {
      let after = 0
      while (after < parts) {
        const page = await this.#parts.store.images.parts({
          image: this.#image.name,
          branch: mainBranch,
          generation: id,
          after,
          limit: partsAtOnce,
        })
        for (const part of page) await this.#loadPart(state, part)
        const last = page.at(-1)?.number ?? 0
        if (last !== after + page.length || page.length === 0) return false
        after = last
      }
    }
    return true
  }

  async #loadPart(state: ImageState, { tenant, table: name, data }: ImagePart): Promise<void> {
    const table = state.of(tenant)[name]
    const entries = this.#parts.codec.decode('snapshot', this.#image.name, 1, data) as readonly Written[]
    for (const [key, value] of entries) table?.load(key, value)
    await turn()
  }

  async #isOfThisLog(image: ImageHead): Promise<boolean> {
    const head = await this.#parts.store.log.head(mainBranch)
    return isOfHistory(image, head) && image.eventId === (await this.#eventIdAt(image.position))
  }

  async #headAt(position: number, generations: readonly ImageGeneration[]): Promise<ImageHead> {
    const { epoch } = await this.#parts.store.log.head(mainBranch)
    const id = await this.#eventIdAt(position)
    if (id === undefined)
      throw new HeadwaterError('log.diverged', `The log has no event at position ${position}`)
    const { name: image } = this.#image
    const takenAt = this.#parts.now()
    return { image, branch: mainBranch, hash: this.#hash, epoch, position, eventId: id, generations, takenAt }
  }

  async #eventIdAt(position: number): Promise<string | undefined> {
    const query = { branch: mainBranch, tenant: undefined, after: position - 1, limit: 1 }
    const [event] = (await this.#parts.store.log.read(query)).events
    return event?.position === position ? eventId(event.commandId, event.ordinal) : undefined
  }
}

/** A deleted key stands alone. */
function written([key, value]: Entry): Written {
  return value === undefined ? [key] : [key, value]
}

function isSame(one: ImageHead | undefined, other: ImageHead): boolean {
  return one?.generations.at(-1)?.id === other.generations.at(-1)?.id
}

/** More is written over than there is. */
function isBulky({ generations }: ImageHead, state: ImageState): boolean {
  const written = generations.reduce((sum, { entries }) => sum + entries, 0)
  return written > 2 * state.entries + 10_000 || generations.length > 50
}
