import type { CommandAsked } from '../../src/soak/entries.ts'
import { all, some, replace, spoilEvent, recordedAppend, eventsOf, type Mutant } from './spoil.ts'

/** Of decisions and expectations. */
export const decisionMutants: readonly Mutant[] = [
  {
    name: 'a command was decided on a balance that was not there',
    kind: 'stale-decision',
    spoil: (history) => {
      const event = some(history.events, ({ type }) => type.endsWith('.Deposited'))
      const data = JSON.parse(String(event.data)) as { amount: number; balance: number }
      spoilEvent(history, event, { data: JSON.stringify({ ...data, balance: data.balance + 7 }) })
    },
  },
  {
    name: 'a rejection was decided at a revision that had been left behind',
    kind: 'stale-decision',
    spoil: (history) => {
      const rejected = some(
        all(history, 'outcome'),
        ({ answer }) => answer.status === 'rejected' && answer.revision > 2,
      )
      for (const entry of all(history, 'outcome'))
        if (entry.id === rejected.id)
          replace(history, entry, { answer: { ...entry.answer, revision: 0, balance: 0 } })
    },
  },
  {
    name: 'a command was rejected that the balance allowed',
    kind: 'wrong-rejection',
    spoil: (history) => {
      const rejected = some(
        all(history, 'outcome'),
        ({ answer }) => answer.status === 'rejected' && (answer.balance ?? 0) > 0,
      )
      for (const entry of all(history, 'command'))
        if (entry.id === rejected.id) replace(history, entry, { amount: 1 })
    },
  },
  {
    name: 'two appends that expected one revision were recorded',
    kind: 'two-winners',
    spoil: (history) => {
      const winner = recordedAppend(
        history,
        ({ parts: [part, other] }) => typeof part?.expected === 'number' && other === undefined,
      )
      const [part] = winner.parts
      const late = some(
        all(history, 'append'),
        ({ id, tenant, at, parts }) =>
          tenant === winner.tenant &&
          at > some(all(history, 'append'), (one) => one.id === winner.id).at &&
          parts[0]?.stream === part?.stream &&
          eventsOf(history, id).length > 0,
      )
      replace(history, late, { parts: late.parts.map((one) => ({ ...one, expected: part?.expected })) })
    },
  },
  {
    name: 'an append that expected a stream was recorded as its first',
    kind: 'expected-revision',
    spoil: (history) => {
      const asked = recordedAppend(history, ({ id }) => eventsOf(history, id)[0]?.revision === 1)
      const first = all(history, 'append').find(({ id }) => id === asked.id)
      if (first !== undefined)
        replace(history, first, { parts: asked.parts.map((part) => ({ ...part, expected: 'exists' })) })
    },
  },
  {
    name: 'an append was refused though the stream was as it expected',
    kind: 'expected-revision',
    spoil: (history) => {
      const refused = some(all(history, 'appended'), ({ answer }) => answer.status === 'conflict')
      if (refused.answer.status !== 'conflict') return
      const { actual } = refused.answer
      replace(history, refused, { answer: { ...refused.answer, expected: actual } })
    },
  },
  {
    name: 'an append was recorded although its condition did not hold',
    kind: 'condition',
    spoil: (history) => {
      const booked = history.events.filter(({ type }) => type === 'Booked')
      const later = recordedAppend(history, ({ condition, id, tenant }) => {
        const [own] = eventsOf(history, id)
        return booked.some(
          ({ position, stream, tenant: whose }) =>
            condition !== undefined &&
            whose === tenant &&
            stream === `show-${condition.show}` &&
            position < (own?.position ?? 0),
        )
      })
      const show = later.condition?.show ?? ''
      const condition = { show, after: 0, query: { items: [{ tags: [`show:${show}`] }] } }
      for (const entry of all(history, 'append'))
        if (entry.id === later.id) replace(history, entry, { condition })
    },
  },
  {
    name: 'an append was refused for an event that breaks nothing',
    kind: 'condition',
    spoil: (history) => {
      const refused = some(all(history, 'appended'), ({ answer }) => answer.status === 'condition-failed')
      replace(history, refused, { answer: { status: 'condition-failed', position: 1_000_000 } })
    },
  },
  {
    name: 'a repeated command got another answer',
    kind: 'other-answer',
    spoil: (history) => {
      const asked = some<CommandAsked & { readonly at: number }>(all(history, 'command'), ({ id }) =>
        all(history, 'outcome').some((outcome) => outcome.id === id && outcome.answer.status === 'accepted'),
      )
      const first = some(all(history, 'outcome'), ({ id }) => id === asked.id)
      const { answer } = first
      if (answer.status !== 'accepted') return
      history.entries.push(
        { ...asked, at: first.at + 1, turn: 'again' },
        { ...first, at: first.at + 2, turn: 'again', answer: { ...answer, revision: answer.revision + 1 } },
      )
    },
  },
]
