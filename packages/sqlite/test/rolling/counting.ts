import { aggregate, app, command, event, subscription, view } from '@headwater/core'
import { z } from 'zod'

export const Increment = command('Increment', z.object({ counterId: z.string() }))

/** The same app as one version of its code or the next defines it. */
export function countingApp(version: number, handled: (position: number) => void) {
  const Incremented = event('Incremented', z.object({}), {
    version,
    ...(version > 1 && { upcast: { 1: (old: object) => old } }),
  })
  const counter = aggregate('counter', {
    events: [Incremented],
    commands: [Increment],
    initial: 0,
    evolve: { Incremented: (count) => count + 1 },
    decide: { Increment: () => Incremented({}) },
  })
  const counts = view('counts', {
    events: [Incremented],
    partitions: 2,
    initial: 0,
    on: { Incremented: (count) => count + 1 },
  })
  const note = subscription('note', {
    events: [Incremented],
    partitions: 2,
    handle: ({ position }) => handled(position),
  })
  return app({ name: 'counting', aggregates: [counter], views: [counts], subscriptions: [note] })
}
