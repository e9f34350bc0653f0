import {
  type App,
  type Headwater,
  memoryStore,
  openStore,
  type OpenOptions,
  type Store,
} from '@headwater/core'
import { onTestFinished } from 'vitest'

export interface Failure {
  readonly error: unknown
  readonly source: { readonly subscription?: string; readonly processor?: string; readonly eventId?: string }
}

/** Opens an app in memory until the test ends; failures that nobody waits for are collected. */
export async function running(
  app: App,
  options: OpenOptions & { store?: Store } = {},
): Promise<Headwater & { failures: Failure[] }> {
  const { store = memoryStore(), ...rest } = options
  const failures: Failure[] = []
  const headwater = await openStore(app, store, {
    onError: (error, source) => failures.push({ error, source }),
    ...rest,
  })
  onTestFinished(() => headwater.close())
  return Object.assign(headwater, { failures })
}

/** Waits until a condition holds; the test's own time limit ends it otherwise. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}
