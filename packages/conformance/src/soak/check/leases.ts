import type { Commit, Entry, Lease, Stood } from '../entries.ts'
import type { SequentialChecker } from './checker.ts'
import type { Findings } from './finding.ts'

interface Begun {
  readonly commit: Commit
  /** The newest token of its lease that somebody had when it began. */
  readonly newest: Given | undefined
  /** Where its partition was known to stand when it began. */
  readonly before: Standing | undefined
}

type Given = Lease & { readonly at: number }

interface Standing {
  readonly generation: number
  readonly position: number
  /** Since when it is known. */
  readonly at: number
}

/** Where a partition was seen to stand when somebody had its lease under this token. */
interface Look {
  readonly token: number
  readonly generation: number
  readonly position: number
}

/** Of each partition the last ones are remembered: whoever froze for longer was found out by them. */
const mostLooks = 16

/**
 * Leases and what is written under them: each holder has a higher token than the one before it, nobody writes once another
 * one has the lease, and no checkpoint goes back by itself.
 *
 * A commit takes place some time between its beginning and its end, and a process that freezes meanwhile writes down its end
 * long after others have gone on: of two that overlap it can't be told which one was first. But whatever was committed when
 * another one had the lease can't stand further on than where the partition was seen to stand then.
 */
export class LeaseChecker implements SequentialChecker {
  readonly #findings: Findings
  readonly #newest = new Map<string, Given>()
  readonly #begun = new Map<string, Begun>()
  /** By processor and range: the newest generation, and where it stands; its lease; how it was seen. */
  readonly #standings = new Map<string, Standing>()
  readonly #leases = new Map<string, string>()
  readonly #looks = new Map<string, Look[]>()
  /** Whoever has not heard that one of these is over may begin it anew, at the first generation. */
  readonly #forgotten = new Set<string>()
  /** The last ones, to be told. */
  readonly #recent: Entry[] = []

  constructor(findings: Findings) {
    this.#findings = findings
  }

  entry(entry: Entry): void {
    // Of processes that take part there are as many as lives, and nothing is written under such a lease.
    if (entry.kind === 'lease' && !entry.name.includes('?')) this.#acquired(entry)
    else if (entry.kind === 'committing') this.#begin(entry)
    else if (entry.kind === 'committed') {
      this.#note(entry)
      const begun = this.#begun.get(entry.turn)
      this.#begun.delete(entry.turn)
      if (begun !== undefined) this.#committed(begun, entry)
    } else if (entry.kind === 'stood') this.#stood(entry)
    else if (entry.kind === 'operated' && entry.act === 'reset') this.#forgetStandings(entry.processor)
    else if (entry.kind === 'forgetting') {
      this.#forgotten.add(entry.processor)
      this.#forgetStandings(entry.processor)
    }
  }

  /** From where it was sent to it goes on again. */
  #forgetStandings(processor: string): void {
    for (const place of this.#standings.keys())
      if (place.startsWith(`${processor} `)) this.#standings.delete(place)
  }

  #acquired(lease: Given): void {
    this.#note(lease)
    const before = this.#newest.get(lease.name)
    if (before !== undefined && before.owner !== lease.owner && before.token === lease.token)
      this.#tell('late-write', `${lease.name} was given to two under the token ${lease.token}`)
    if (before === undefined || lease.token > before.token) this.#newest.set(lease.name, lease)
  }

  #begin(commit: Commit & Entry): void {
    this.#note(commit)
    const { place } = placeOf(commit.processor, commit.partition)
    this.#leases.set(place, commit.lease)
    this.#begun.set(commit.turn, {
      commit,
      newest: this.#newest.get(commit.lease),
      before: this.#standings.get(place),
    })
  }

  #committed({ commit, newest, before }: Begun, { at }: Entry): void {
    const { processor, lease, token, partition, position } = commit
    if (newest !== undefined && newest.token > token)
      this.#tell(
        'late-write',
        `${processor} was written under ${lease}/${token}, which ${newest.owner} had as ${newest.token}`,
      )
    if (position === null || this.#forgotten.has(processor)) return
    const { place, generation } = placeOf(processor, partition)
    const look = this.#looks
      .get(place)
      ?.find((one) => one.generation === generation && one.token > token && one.position < position)
    if (look !== undefined)
      this.#tell(
        'late-write',
        `${processor} was brought to ${position} under ${lease}/${token}: under ${look.token} it was seen at ${look.position}`,
      )
    if (before?.generation === generation && position < before.position)
      this.#tell('checkpoint-backwards', `${processor} went from ${before.position} back to ${position}`)
    const known = this.#standings.get(place)
    if (known === undefined || isFurther({ generation, position, at }, known))
      this.#standings.set(place, { generation, position, at })
  }

  #stood(stood: Stood & Entry): void {
    if (this.#forgotten.has(stood.processor)) return
    for (const [partition, position] of stood.partitions) {
      const { place, generation } = placeOf(stood.processor, partition)
      const known = this.#standings.get(place)
      if (known?.generation === generation && known.at < stood.since && position < known.position) {
        this.#note(stood)
        const went = `${stood.processor} went from ${known.position} back to ${position}`
        this.#tell('checkpoint-backwards', `${went}, where it was seen`)
      }
      const lease = this.#newest.get(this.#leases.get(place) ?? '')
      if (lease !== undefined && lease.at < stood.since)
        this.#look(place, { token: lease.token, generation, position })
    }
  }

  #look(place: string, look: Look): void {
    const looks = this.#looks.get(place) ?? []
    // Under one token the first one tells the most.
    if (looks.some(({ token, generation }) => token === look.token && generation === look.generation)) return
    this.#looks.set(place, [...looks, look].slice(-mostLooks))
  }

  #note(entry: Entry): void {
    this.#recent.push(entry)
    if (this.#recent.length > 20) this.#recent.shift()
  }

  #tell(kind: 'late-write' | 'checkpoint-backwards', message: string): void {
    this.#findings.tell(kind, message, this.#recent)
  }
}

/** @param partition as a commit names it */
function placeOf(processor: string, partition: string): { place: string; generation: number } {
  const [range = '', generation = '0'] = partition.split('/')
  return { place: `${processor} ${range}`, generation: Number(generation) }
}

function isFurther(one: Standing, other: Standing): boolean {
  if (one.generation !== other.generation) return one.generation > other.generation
  return one.position > other.position
}
