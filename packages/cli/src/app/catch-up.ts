import { amendedType, type Headwater } from '@headwater/core'
import type { Terminal } from '../terminal/terminal.ts'
import { viewsOf } from './parts.ts'

const pause = 20

/**
 * Waits until views show everything that is recorded now. A view that another process keeps may say that it stands
 * before events which don't concern it, so what is looked for is an event that does, or an amendment, which may.
 *
 * @param names the views; default: all
 */
export async function catchUp(
  headwater: Headwater,
  terminal: Terminal,
  names?: readonly string[],
): Promise<void> {
  const { position: head } = await headwater.head()
  const views = viewsOf(headwater.app).filter(
    ({ name, lifecycle }) => lifecycle === 'async' && (names === undefined || names.includes(name)),
  )
  const progress = terminal.progress('Views', { total: head })
  try {
    for (;;) {
      const summaries = await headwater.views()
      const positions = new Map(summaries.map(({ name, position }) => [name, position]))
      // Where other code has taken over, this process brings nothing up to date.
      const others = new Set(summaries.filter(({ code }) => code === 'superseded').map(({ name }) => name))
      const ours = views.filter(({ name }) => !others.has(name))
      const slowest = Math.min(head, ...ours.map(({ name }) => positions.get(name) ?? 0))
      const waiting = await Promise.all(
        ours.map(async ({ name, events }) => {
          const { events: missing } = await headwater.readEvents({
            after: positions.get(name) ?? 0,
            types: [...events.map(({ type }) => type), amendedType],
            limit: 1,
          })
          return missing[0] !== undefined && missing[0].position <= head
        }),
      )
      if (!waiting.includes(true)) return
      terminal.signal.throwIfAborted()
      progress.update(slowest)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  } finally {
    progress.stop()
  }
}
