import { HeadwaterError } from '../../message/errors.ts'
import type { ImageHead, ImagePart, ImagePartsQuery, Images } from '../images.ts'
import type { Lease } from '../leases.ts'
import type { Gate } from './gate.ts'
import type { MemoryLeases } from './leases.ts'

export class MemoryImages implements Images {
  readonly #gate: Gate
  readonly #leases: MemoryLeases
  readonly #heads = new Map<string, ImageHead>()
  #parts: ImagePart[] = []

  constructor(gate: Gate, leases: MemoryLeases) {
    this.#gate = gate
    this.#leases = leases
  }

  async find(image: string, branch: number): Promise<ImageHead | undefined> {
    await this.#gate.pass()
    return this.#heads.get(keyOf(image, branch))
  }

  async parts({ image, branch, generation, after, limit }: ImagePartsQuery): Promise<ImagePart[]> {
    await this.#gate.pass()
    return this.#parts
      .filter((part) => part.image === image && part.branch === branch && part.generation === generation)
      .filter(({ number }) => number > after)
      .sort((one, other) => one.number - other.number)
      .slice(0, limit)
  }

  async add(parts: readonly ImagePart[]): Promise<void> {
    await this.#gate.pass()
    this.#parts.push(...parts.map((part) => Object.freeze({ ...part })))
  }

  async publish(head: ImageHead, lease: Lease): Promise<void> {
    await this.#gate.pass()
    if (!this.#leases.isHeld(lease)) {
      throw new HeadwaterError('processor.fenced', `${lease.owner} does not hold ${lease.name} any more`, {
        details: { ...lease },
      })
    }
    this.#heads.set(keyOf(head.image, head.branch), Object.freeze({ ...head }))
  }

  async prune(image: string, branch: number, keep: readonly string[], limit: number): Promise<number> {
    await this.#gate.pass()
    const doomed = new Set(
      this.#parts
        .filter((part) => part.image === image && part.branch === branch && !keep.includes(part.generation))
        .slice(0, limit),
    )
    this.#parts = this.#parts.filter((part) => !doomed.has(part))
    return doomed.size
  }

  async drop(image: string, branch: number): Promise<void> {
    await this.#gate.pass()
    this.#heads.delete(keyOf(image, branch))
  }
}

function keyOf(image: string, branch: number): string {
  return JSON.stringify([image, branch])
}
