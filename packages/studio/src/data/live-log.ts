import type { Client, ConnectionState, Envelope } from '@headwater/client'

export interface LiveSnapshot {
  /** The newest events, oldest first; older ones than `capacity` are let go of. */
  readonly events: readonly Envelope[]
  /** The position of the newest event known. */
  readonly head: number
  readonly state: ConnectionState
  readonly problem: unknown
}

export interface LiveLog {
  /** How many events are kept. */
  readonly capacity: number
  start(): () => void
  subscribe(listener: () => void): () => void
  snapshot(): LiveSnapshot
}

interface LiveLogOptions {
  readonly capacity?: number
  /** How many events from before the start are fetched, so that the room is not empty. */
  readonly backlog?: number
  /** Listeners hear of new events at most once in this many milliseconds, however fast they come. */
  readonly interval?: number
  /** Milliseconds to wait before starting over where the log cannot be followed at all. */
  readonly patience?: number
}

const empty: LiveSnapshot = { events: [], head: 0, state: 'connecting', problem: undefined }

/** One connection to the log for the whole of Studio, kept in bounded memory. */
export function createLiveLog(client: Client, options: LiveLogOptions = {}): LiveLog {
  const { capacity = 5_000, backlog = 1_000, interval = 120, patience = 2_000 } = options
  const listeners = new Set<() => void>()
  let current = empty
  let pending: Envelope[] = []
  let flushing: ReturnType<typeof setTimeout> | undefined

  function set(change: Partial<LiveSnapshot>) {
    current = { ...current, ...change }
    for (const listener of listeners) listener()
  }

  function flush() {
    flushing = undefined
    const events = current.events.concat(pending).slice(-capacity)
    pending = []
    set({ events, head: Math.max(current.head, events.at(-1)?.position ?? 0) })
  }

  function take(event: Envelope) {
    pending.push(event)
    flushing ??= setTimeout(flush, interval)
  }

  /** A log that is shorter than what was seen of it is another one: the database was replaced. */
  async function startsOver(signal: AbortSignal): Promise<boolean> {
    const { head } = await client.log({ limit: 1, signal })
    return head < current.head
  }

  async function run(signal: AbortSignal) {
    const { head } = await client.log({ limit: 1, signal })
    pending = []
    set({ ...empty, head })
    const again = new AbortController()
    const feed = client.events({
      after: Math.max(0, head - backlog),
      signal: AbortSignal.any([signal, again.signal]),
    })
    let lost = false
    const states = feed.state$.subscribe((state) => {
      if (state !== 'closed') set({ state })
      if (state === 'reconnecting') lost = true
      if (state !== 'live' || !lost) return
      lost = false
      startsOver(signal).then(
        (over) => over && again.abort(),
        (problem: unknown) => set({ problem }),
      )
    })
    try {
      for await (const event of feed) take(event)
    } finally {
      states.unsubscribe()
    }
  }

  async function runOn(signal: AbortSignal) {
    while (!signal.aborted) {
      try {
        await run(signal)
      } catch (problem) {
        if (signal.aborted) return
        set({ problem, state: 'reconnecting' })
        await new Promise((resolve) => setTimeout(resolve, patience))
      }
    }
  }

  return {
    capacity,
    start() {
      const controller = new AbortController()
      void runOn(controller.signal)
      return () => {
        clearTimeout(flushing)
        controller.abort()
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    snapshot: () => current,
  }
}
