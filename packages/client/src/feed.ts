// All of rxjs is 220 modules, which whoever imports the client would load.
import { BehaviorSubject } from 'rxjs/internal/BehaviorSubject'
import { Observable } from 'rxjs/internal/Observable'
import { type ConnectionState, type FollowOptions, follow } from './follow.ts'
import type { Transport } from './transport.ts'
import type { Envelope } from './wire.ts'

/** The log as it goes on: `for await` over it; the connection is held while the loop runs. */
export interface EventFeed extends AsyncIterable<Envelope> {
  readonly state$: Observable<ConnectionState>
}

/** The log as an observable: each subscription is a connection of its own, closed by unsubscribing. */
export interface EventObservable extends Observable<Envelope> {
  /** What the subscription made last is doing. */
  readonly state$: Observable<ConnectionState>
}

export function eventFeed(transport: Transport, options: FollowOptions): EventFeed {
  const state$ = new BehaviorSubject<ConnectionState>('connecting')
  return {
    state$: state$.asObservable(),
    async *[Symbol.asyncIterator]() {
      // Leaving the loop returns this generator, and with it the connection's.
      const batches = follow(transport, options, (state) => state$.next(state))
      for await (const batch of batches) yield* batch
    },
  }
}

export function eventObservable(
  transport: Transport,
  options: Omit<FollowOptions, 'signal'>,
): EventObservable {
  const state$ = new BehaviorSubject<ConnectionState>('connecting')
  const events$ = new Observable<Envelope>((subscriber) => {
    const controller = new AbortController()
    const run = async () => {
      const own = { ...options, signal: controller.signal }
      for await (const batch of follow(transport, own, (state) => state$.next(state))) {
        for (const event of batch) subscriber.next(event)
      }
    }
    run().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    )
    return () => controller.abort()
  })
  return Object.assign(events$, { state$: state$.asObservable() })
}
