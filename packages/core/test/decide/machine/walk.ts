import { type Fact, type Machine, toXState } from '@headwater/core'
import { assign, createActor, createMachine, type StateValue } from 'xstate'

/** XState's value as a path. */
function pathOf(value: StateValue): string {
  if (typeof value === 'string') return value
  const [[outer, inner] = ['', undefined]] = Object.entries(value)
  return inner === undefined ? outer : `${outer}.${pathOf(inner)}`
}

let revision = 0
export const factOf = ({ type, data }: { type: string; data: unknown }): Fact => ({
  id: `c.${(revision += 1)}`,
  type,
  version: 1,
  stream: 'pizza-a',
  aggregateId: 'a',
  revision,
  tenant: '',
  occurredAt: new Date(revision),
  actor: null,
  correlationId: 'c',
  causationId: 'c',
  data,
})

/** Where Headwater and XState are after each of the facts. */
export function walk(machine: Machine, facts: readonly Fact[]) {
  const actor = createActor(createMachine(toXState(machine, { assign }))).start()
  let state = machine.initial
  const ours = [state]
  const theirs = [{ value: pathOf(actor.getSnapshot().value), context: actor.getSnapshot().context }]
  for (const fact of facts) {
    state = machine.evolve(state, fact)
    // What is over takes nothing any more; XState says so on standard error.
    if (actor.getSnapshot().status === 'active') actor.send(fact)
    ours.push(state)
    const { value, context } = actor.getSnapshot()
    theirs.push({ value: pathOf(value), context })
  }
  actor.stop()
  return { ours, theirs }
}
