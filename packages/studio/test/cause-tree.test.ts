import type { Envelope, Trace, TracedCommand } from '@headwater/client'
import { describe, expect, it } from 'vitest'
import { placed } from '../src/rooms/event/cause-layout.ts'
import { type Decision, decisionTrees, lineageOf, pruned } from '../src/rooms/event/cause-tree.ts'

function event(id: string, causationId: string | null): Envelope {
  const none = {
    version: 1,
    stream: 'order-1',
    aggregateId: '1',
    revision: 1,
    position: 1,
    data: {},
    actor: null,
  }
  const time = '2026-01-01T00:00:00.000Z'
  return { ...none, id, type: id, causationId, correlationId: 'a', recordedAt: time, occurredAt: time }
}

function command(id: string, causationId: string | null): TracedCommand {
  const decidedAt = '2026-01-01T00:00:00.000Z'
  return {
    id,
    type: id,
    causationId,
    correlationId: 'a',
    actor: null,
    decidedAt,
    status: 'accepted',
    stream: null,
  }
}

const trace: Trace = {
  correlationId: 'a',
  commands: [
    command('a', null),
    command('b', 'a.1'),
    command('c', 'a.2'),
    command('d', 'b.1'),
    command('e', null),
  ],
  events: [
    event('a.1', 'a'),
    event('a.2', 'a'),
    event('b.1', 'b'),
    event('d.1', 'd'),
    event('f.1', 'elsewhere'),
  ],
}

const outline = (decisions: readonly Decision[]): unknown =>
  decisions.map(({ id, events, effects }) => [
    id,
    events.map((one) => one.id),
    outline(effects.map((effect) => effect.decision)),
  ])

describe('the tree of causes', () => {
  it('puts events under their command, commands under their event, and what has no known cause at the root', () => {
    expect(outline(decisionTrees(trace))).toEqual([
      [
        'a',
        ['a.1', 'a.2'],
        [
          ['b', ['b.1'], [['d', ['d.1'], []]]],
          ['c', [], []],
        ],
      ],
      ['e', [], []],
      ['f.1', ['f.1'], []],
    ])
  })

  it('follows one event up to the root and down to all it led to', () => {
    const roots = decisionTrees(trace)
    expect([...lineageOf(roots, 'b.1')].sort()).toEqual(['a', 'b', 'd'])
    expect(outline(pruned(roots, lineageOf(roots, 'b.1')))).toEqual([
      ['a', ['a.1', 'a.2'], [['b', ['b.1'], [['d', ['d.1'], []]]]]],
    ])
  })

  it('is not caught by a command that names itself as its cause', () => {
    const own = decisionTrees({ correlationId: 'a', events: [], commands: [command('a', 'a')] })
    expect(outline(own)).toEqual([['a', [], []]])
  })

  it('is drawn without two cards on one place, causes left of effects', () => {
    const { cards, width, height } = placed(decisionTrees(trace))
    expect(cards).toHaveLength(6)
    for (const card of cards) {
      expect(card.y).toBeGreaterThanOrEqual(0)
      expect(card.y + card.height).toBeLessThanOrEqual(height)
      expect(card.x).toBeLessThan(width)
      expect(card.from?.x ?? Number.NEGATIVE_INFINITY).toBeLessThan(card.x)
      const above = cards.filter((other) => other !== card && other.x === card.x && other.y <= card.y)
      for (const other of above) expect(other.y + other.height).toBeLessThanOrEqual(card.y)
    }
  })
})
