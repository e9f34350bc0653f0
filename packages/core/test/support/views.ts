import {
  app,
  type App,
  memoryStore,
  type OpenOptions,
  type Store,
  view,
  type ViewLifecycle,
} from '@headwater/core'
import { counter, Incremented } from './counter.ts'
import { running } from './running.ts'

export interface Total {
  readonly total: number
  readonly code: string
}

/** A view of the totals of counters, whose documents say which code made them. */
export function totals(code: string, lifecycle: ViewLifecycle = 'async', factor = 1) {
  return view('totals', {
    events: [Incremented],
    key: (event) => ['all', event.aggregateId],
    initial: { total: 0, code: '' } as Total,
    on: { Incremented: (doc, { data }) => ({ total: doc.total + factor * data.by, code }) },
    lifecycle,
    revision: code,
  })
}

export function totalsApp(...given: Parameters<typeof totals>): App {
  return app({ name: 'totals', aggregates: [counter], views: [totals(...given)] })
}

/** A store that outlives those who use it, as a file does. */
export function lasting(): Store {
  return { ...memoryStore(), close: async () => undefined }
}

/** Opens the app of some code on a store, as a process would. */
export async function process(
  store: Store,
  definition: App,
  options: OpenOptions = {},
): Promise<Awaited<ReturnType<typeof running>> & { warnings: string[] }> {
  const warnings: string[] = []
  const headwater = await running(definition, {
    store,
    onWarning: ({ code }) => warnings.push(code),
    ...options,
  })
  return Object.assign(headwater, { warnings })
}

/** The same store for a process that hears nothing of what others change in the versions of views. */
export function deaf(store: Store): Store {
  const { viewVersions } = store
  return {
    ...store,
    viewVersions: {
      read: (branch) => viewVersions.read(branch),
      change: (change) => viewVersions.change(change),
      onChanged: () => () => undefined,
    },
  }
}
