import type { Handling } from '../entries.ts'
import { handled, handledNames, rewarded } from '../model.ts'
import { keyOf, type KeyedChecker } from './checker.ts'
import { around } from './finding.ts'

export type EffectItem =
  | { readonly kind: 'event'; readonly position: number }
  | Pick<Handling, 'kind' | 'position' | 'idempotencyKey'>

/**
 * What handlers were given, each sequence by itself: every event at least once, the first time only after the one before it
 * was done, and each time with the same key.
 */
export const effectChecker: KeyedChecker<EffectItem> = {
  name: 'effects',

  event({ tenant, stream, type, position }, add) {
    for (const name of handledNames)
      if (handled[name].types.includes(type)) add(keyOf(name, tenant, stream), { kind: 'event', position })
  },

  entry(entry, add) {
    if (entry.kind !== 'handling' && entry.kind !== 'handled') return
    const { kind, subscription, tenant, sequence, position, idempotencyKey } = entry
    add(keyOf(subscription, tenant, sequence), { kind, position, idempotencyKey })
  },

  check(key, items, findings) {
    const before = new Map<number, number>()
    const keys = new Map<number, string>()
    const begun = new Set<number>()
    const done = new Set<number>()
    let last = 0
    for (const item of items) {
      const { position } = item
      if (item.kind === 'event') {
        before.set(position, last)
        last = position
        continue
      }
      const previous = before.get(position)
      const near = (): readonly EffectItem[] => around(items, item)
      if (previous === undefined) {
        findings.tell('dirty', `${key} was given ${position}, which is none of its events`, near(), position)
        continue
      }
      const { idempotencyKey } = item
      if ((keys.get(position) ?? idempotencyKey) !== idempotencyKey)
        findings.tell(
          'altered',
          `${key} was given ${position} with another key than before`,
          near(),
          position,
        )
      keys.set(position, idempotencyKey)
      if (item.kind === 'handled') done.add(position)
      else if (!begun.has(position) && previous > 0 && !done.has(previous))
        findings.tell(
          'out-of-order',
          `${key} was given ${position} before ${previous} was done`,
          near(),
          position,
        )
      begun.add(position)
    }
    for (const position of before.keys())
      if (!done.has(position)) findings.tell('unhandled', `${key} never handled ${position}`, [], position)
  },
}

export type CauseItem =
  | { readonly kind: 'cause'; readonly position: number }
  | { readonly kind: 'effect'; readonly position: number }

/** What a handler sends because of an event has one effect, however often the event was handled. */
export const causeChecker: KeyedChecker<CauseItem> = {
  name: 'causes',

  event({ tenant, id, type, position, data }, add) {
    if (handled.rewards.types.includes(type)) add(keyOf(tenant, id), { kind: 'cause', position })
    if (type === rewarded)
      add(keyOf(tenant, (data as { readonly cause: string }).cause), { kind: 'effect', position })
  },

  check(key, items, findings) {
    const [cause] = items.filter(({ kind }) => kind === 'cause')
    const effects = items.filter(({ kind }) => kind === 'effect')
    if (cause === undefined)
      findings.tell('dirty', `${key} had an effect and is not there`, items, effects[0]?.position)
    else if (effects.length === 0) findings.tell('unhandled', `${key} had no effect`, items, cause.position)
    else if (effects.length > 1)
      findings.tell('repeated-effect', `${key} had ${effects.length} effects`, items, effects[1]?.position)
  },
}
