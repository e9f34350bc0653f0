import type { Store } from '@headwater/core'
import { anEvent, appendOne, aRequest, to } from '../make.ts'
import type { Message, Task } from './messages.ts'

type Tell = (message: Message) => void

/** Tells each generation of the views' versions that it hears of. */
export async function watchViews(store: Store, until: number, tell: Tell): Promise<void> {
  const heard = Promise.withResolvers<void>()
  const look = async (): Promise<void> => {
    const { generation } = await store.viewVersions.read(0)
    tell({ kind: 'generation', generation })
    if (generation >= until) heard.resolve()
  }
  const stop = store.viewVersions.onChanged(() => void look().catch(heard.reject))
  // Waiting for others to change something keeps no process alive by itself.
  const waiting = setInterval(() => undefined, 60_000)
  await look()
  await heard.promise
  clearInterval(waiting)
  stop()
}

/** Appends events that say for which generation they were prepared; asks for it only when it is refused. */
export async function appendForViews(
  store: Store,
  { writer, callers }: Extract<Task, { kind: 'append-for-views' }>,
  tell: Tell,
): Promise<void> {
  let viewGeneration = 0
  const caller = async (index: number): Promise<never> => {
    for (;;) {
      const data = JSON.stringify(viewGeneration)
      const request = aRequest([to(`${writer}-${index}`, [anEvent({ data })])], { viewGeneration })
      const result = await appendOne(store.log, request)
      if (result.status === 'views-changed') viewGeneration = Math.max(viewGeneration, result.generation)
      else if (result.status === 'appended')
        tell({ kind: 'acknowledged', number: index, position: result.position })
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, index) => caller(index)))
}

/** Makes changes that exclude later events, as fast as it can, and tells of each. */
export async function changeViews(store: Store, tell: Tell): Promise<void> {
  for (;;) {
    const { generation } = await store.viewVersions.read(0)
    const { position: after } = await store.log.head(0)
    const unlessEvents = { types: ['Happened'], after }
    const change = { branch: 0, expected: generation, put: [], remove: [], unlessEvents }
    const { status } = await store.viewVersions.change(change)
    if (status === 'changed') tell({ kind: 'excluded', generation, after })
  }
}
