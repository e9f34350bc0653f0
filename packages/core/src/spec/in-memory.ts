import type { App } from '../app/definition.ts'
import type { Headwater } from '../app/headwater.ts'
import { openStore, type OpenOptions } from '../app/open.ts'
import { memoryStore } from '../log/memory/store.ts'
import type { Store } from '../log/store.ts'
import type { ErrorHook } from '../process/mediator.ts'
import type { Subscription } from '../process/subscription.ts'
import { type VirtualClockOptions, VirtualClock } from './virtual-clock.ts'

/** A failure that nobody waited for. */
export interface UnattendedFailure {
  readonly error: unknown
  readonly source: Parameters<ErrorHook>[1]
}

export interface InMemoryOptions
  extends Omit<OpenOptions, 'clock' | 'newId' | 'random'>,
    VirtualClockOptions {
  /** Shared with other runtimes. Default: a clock of its own. */
  readonly clock?: VirtualClock
  /** Default: an empty one in memory, by the clock's time. */
  readonly store?: Store
}

/** A whole app in memory, on virtual time and with ids that are the same in every run. */
export interface InMemory extends Headwater {
  readonly clock: VirtualClock
  /** What went wrong where nobody waited for it: in subscriptions, processors, dispatched commands. */
  readonly failures: readonly UnattendedFailure[]
  /**
   * Runs until there is nothing left to do: every view and subscription is at the end of the log. Time passes only for
   * the pauses before retries.
   *
   * @throws Error that names what does not end
   */
  quiet(): Promise<void>
}

/** Long enough that no lease is lost while time is told to pass. */
const aThousandYears = 1_000 * 366 * 24 * 60 * 60 * 1_000

/**
 * Runs an app in memory, as a test needs it: nothing happens by itself as time goes by, so that a test never sleeps, and
 * everything is the same in every run.
 *
 * @throws HeadwaterError `app.invalid`
 */
export async function inMemory(app: App, options: InMemoryOptions = {}): Promise<InMemory> {
  const {
    at,
    patience,
    clock = new VirtualClock({ ...(at && { at }), ...(patience && { patience }) }),
    ...rest
  } = options
  const failures: UnattendedFailure[] = []
  const store = options.store === undefined ? inMemoryStore(clock) : watchedStore(options.store, clock)
  const headwater = await openStore(watched(app, clock), store, {
    leaseDuration: aThousandYears,
    onError: (error, source) => failures.push({ error, source }),
    ...rest,
    clock,
    newId: clock.newId,
    random: clock.random,
  })
  // Its processors have begun, in every run: what is recorded from now on meets them in the same order.
  await clock.settled()
  return Object.assign(headwater, { app, clock, failures, quiet: () => clock.quiet() })
}

/**
 * What `inMemory` keeps its events in, for those who open several runtimes on one. Its calls are under way, for the clock,
 * until they are answered.
 */
export function inMemoryStore(clock: VirtualClock): Store {
  return watchedStore(memoryStore({ now: () => clock.now() }), clock)
}

/** The same app; what it does is under way until it is done. */
function watched(app: App, clock: VirtualClock): App {
  const watchedHandler = ({ name, when, handle, ...rest }: Subscription): Subscription => ({
    ...rest,
    name,
    when,
    handle: (event, context) =>
      when === 'in-transaction'
        ? handle(event, context)
        : clock.track(`subscription ${name}`, async () => handle(event, context)),
  })
  return {
    ...app,
    contexts: app.contexts.map((context) => ({
      ...context,
      subscriptions: context.subscriptions.map(watchedHandler),
    })),
    interceptors: [
      (inFlight, next) => clock.track(`command ${inFlight.command.type}`, () => next(inFlight)),
      ...app.interceptors,
    ],
  }
}

/** The same store, of which every call is under way until it is answered. */
function watchedStore<Part extends object>(part: Part, clock: VirtualClock, name = 'store'): Part {
  return new Proxy(part, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target)
      const path = `${name}.${String(key)}`
      if (typeof value === 'function') return watchedCall(target, value, clock, path)
      return typeof value === 'object' && value !== null ? watchedStore(value, clock, path) : value
    },
  })
}

function watchedCall(target: object, call: Function, clock: VirtualClock, path: string) {
  return (...given: unknown[]): unknown => {
    const result: unknown = Reflect.apply(call, target, given)
    return result instanceof Promise ? clock.track(path, () => result) : result
  }
}
