import type { EventRow } from '@headwater/core'
import {
  all,
  some,
  spoilEvent,
  record,
  recordedAppend,
  without,
  swapped,
  eventsOf,
  type Mutant,
} from './spoil.ts'

/** Of the log itself. */
export const logMutants: readonly Mutant[] = [
  {
    name: 'an acknowledged append is not in the log',
    kind: 'lost',
    spoil: (history) => {
      const { id } = recordedAppend(history)
      history.events = history.events.filter(({ commandId }) => commandId !== id)
      history.commands = history.commands.filter((row) => row.id !== id)
    },
  },
  {
    name: 'an accepted command has no row in the command log',
    kind: 'lost',
    spoil: (history) => {
      const { id } = some(all(history, 'outcome'), ({ answer }) => answer.status === 'accepted')
      history.commands = history.commands.filter((row) => row.id !== id)
    },
  },
  {
    name: 'an append that was refused is in the log',
    kind: 'dirty',
    spoil: (history) => {
      const acknowledged = new Set(
        all(history, 'appended').flatMap(({ id, answer }) => (answer.status === 'appended' ? [id] : [])),
      )
      const { id } = some(
        all(history, 'appended'),
        ({ answer, id: refused }) => answer.status === 'conflict' && !acknowledged.has(refused),
      )
      const model = some(history.events, ({ type }) => type === 'Noted')
      record(history, model, { commandId: id, ordinal: 1 })
    },
  },
  {
    name: 'an event is in the log that nobody asked for',
    kind: 'dirty',
    spoil: (history) =>
      record(
        history,
        some(history.events, ({ type }) => type === 'Noted'),
        { commandId: 'nobody' },
      ),
  },
  {
    name: 'an append is recorded twice',
    kind: 'duplicated',
    spoil: (history) => record(history, some(eventsOf(history, recordedAppend(history).id))),
  },
  {
    name: 'the last event of an append is missing',
    kind: 'torn',
    spoil: (history) => {
      const { id } = recordedAppend(history, ({ parts }) => parts.some(({ events }) => events > 1))
      const last = eventsOf(history, id).at(-1)
      history.events = history.events.filter((event) => event !== last)
    },
  },
  {
    name: 'a position is missing',
    kind: 'position-gap',
    spoil: (history) => {
      history.events = without(history.events, history.events.length >> 1) as EventRow[]
    },
  },
  {
    name: 'two positions are exchanged',
    kind: 'reordered',
    spoil: (history) => {
      const half = history.events.length >> 1
      history.events = [...history.events.slice(0, half), ...swapped(history.events.slice(half))]
    },
  },
  {
    name: 'a revision is missing',
    kind: 'revision-gap',
    spoil: (history) => {
      const event = some(history.events, ({ revision }) => revision === 3)
      spoilEvent(history, event, { revision: 4 })
    },
  },
  {
    name: 'a recorded time goes backwards',
    kind: 'time-backwards',
    spoil: (history) => {
      const event = some(history.events)
      spoilEvent(history, event, { recordedAt: event.recordedAt - 3_600_000 })
    },
  },
  {
    name: 'two events have one id',
    kind: 'duplicated',
    spoil: (history) => {
      const event = some(history.events, ({ type }) => type.endsWith('.Deposited'))
      record(history, event)
    },
  },
]
