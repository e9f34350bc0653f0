import { command, event, fromXState } from '@headwater/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { pizzaParts } from './taken.ts'
import { factOf, walk } from './walk.ts'

const taking = (config: object) => () => fromXState('pizza', config, pizzaParts)

describe('a config that knows nothing of Headwater', () => {
  const door = {
    id: 'door',
    initial: 'shut',
    context: { knocks: 0 },
    states: {
      shut: { on: { OPEN: { target: 'open.wide', guard: { type: 'isFree' } }, KNOCK: {} } },
      open: {
        id: 'air',
        initial: 'wide',
        on: { CLOSE: 'shut' },
        states: { ajar: { on: { OPEN: '#air.wide', CLOSE: '#door.shut' } }, wide: { on: { NUDGE: 'ajar' } } },
      },
      gone: { type: 'final' },
    },
  }
  const names = { OPEN: 'Opened', CLOSE: 'Closed', NUDGE: 'Nudged', KNOCK: 'Knocked' } as const
  const doorId = z.string()
  const given = {
    events: [
      event('Opened', z.object({})),
      event('Closed', z.object({})),
      event('Nudged', z.object({})),
      event('Knocked', z.object({})),
    ],
    commands: [
      command('Open', z.object({ doorId })),
      command('Close', z.object({ doorId })),
      command('Nudge', z.object({ doorId })),
      command('Knock', z.object({ doorId })),
    ],
    raise: { Open: 'Opened', Close: 'Closed', Nudge: 'Nudged', Knock: 'Knocked' },
    context: { knocks: 0 as number },
    rename: names,
    guards: { isFree: ({ knocks }: { knocks: number }) => knocks > 0 },
    evolve: { Knocked: ({ knocks }: { knocks: number }) => ({ knocks: knocks + 1 }) },
  } as const

  test('is taken over: its events are renamed, its targets found, its commands allowed where they lead somewhere', () => {
    const taken = fromXState('door', door, given)
    expect(taken.initial).toEqual({ value: 'shut', context: { knocks: 0 } })
    const transitions = taken.chart.states.flatMap(({ path, transitions }) =>
      transitions.map(
        ({ event, target, guard }) => `${path}: ${event} → ${target}${guard === null ? '' : ` [${guard}]`}`,
      ),
    )
    expect(transitions).toEqual([
      'shut: Opened → open.wide [isFree]',
      'shut: Knocked → null',
      'open: Closed → shut',
      'open.ajar: Opened → open.wide',
      'open.ajar: Closed → shut',
      'open.wide: Nudged → open.ajar',
    ])
    expect(taken.allowed('shut')).toEqual(['Open', 'Knock'])
    expect(taken.allowed('open.wide')).toEqual(['Nudge', 'Close'])
  })

  test('runs as it does in XState', () => {
    const taken = fromXState('door', door, given)
    const anyNames = fc.array(fc.constantFrom(...Object.values(names)), { maxLength: 20 })
    fc.assert(
      fc.property(anyNames, (events) => {
        const { ours, theirs } = walk(
          taken,
          events.map((type) => factOf({ type, data: {} })),
        )
        expect(theirs).toEqual(ours)
      }),
    )
  })
})

describe('what has no equal here is refused by its path', () => {
  const refused = (state: object) => taking({ initial: 'a', states: { a: state, b: {} } })

  test.each([
    [
      'parallel states',
      refused({ type: 'parallel', states: {} }),
      'states.a.type: "parallel" states are not supported',
    ],
    ['a parallel root', taking({ type: 'parallel', states: {} }), 'type: parallel states are not supported'],
    ['history states', refused({ type: 'history' }), 'states.a.type: "history" states are not supported'],
    ['invoked actors', refused({ invoke: { src: 'oven' } }), 'states.a.invoke: invoked actors are effects'],
    ['delays', refused({ after: { 1000: 'b' } }), 'states.a.after: delays are timers'],
    [
      'transitions without an event',
      refused({ always: 'b' }),
      'states.a.always: a state is left by an event',
    ],
    ['actions on entry', refused({ entry: 'ring' }), 'states.a.entry: effects are what subscriptions do'],
    [
      'actions',
      refused({ on: { Boxed: { target: 'b', actions: 'ring' } } }),
      'states.a.on.Boxed.actions: effects are',
    ],
    [
      'what happens again',
      refused({ on: { Boxed: { target: 'a', reenter: true } } }),
      'states.a.on.Boxed.reenter',
    ],
    [
      'two targets',
      refused({ on: { Boxed: { target: ['a', 'b'] } } }),
      'states.a.on.Boxed.target: there is one',
    ],
    [
      'events of others',
      refused({ on: { BOXED: 'b' } }),
      'states.a.on.BOXED: is not one of the given events',
    ],
    ['wildcards', refused({ on: { '*': 'b' } }), 'states.a.on.*: is not one of the given events'],
    [
      'a guard that is not given',
      refused({ on: { Boxed: { guard: 'isCold' } } }),
      'states.a.on.Boxed.guard: guards has no isCold',
    ],
    [
      'a guard that is a function',
      refused({ on: { Boxed: { guard: () => true } } }),
      'is a function of XState',
    ],
    [
      'a guard with parameters',
      refused({ on: { Boxed: { guard: { type: 'isCold', params: {} } } } }),
      'is not a name',
    ],
    [
      'ids that are not there',
      refused({ on: { Boxed: '#gone' } }),
      'states.a.on.Boxed.target: there is no state #gone',
    ],
    [
      'transitions of the root',
      taking({ initial: 'a', states: { a: {} }, on: { Boxed: '.a' } }),
      'on.Boxed: leads somewhere',
    ],
    [
      'a context that is made',
      taking({ initial: 'a', states: { a: {} }, context: () => ({}) }),
      'context: is not an object',
    ],
    [
      'parts deep inside',
      refused({ initial: 'c', states: { c: { after: {}, tags: ['hot'] } } }),
      'states.a.states.c.tags: tags are not kept',
    ],
  ])('%s', (_what, take, says) => {
    expect(take).toThrow(says)
    expect(take).toThrow(expect.objectContaining({ code: 'xstate.unsupported' }))
  })

  test('all of it at once', () => {
    const take = refused({ after: {}, always: 'b', on: { BOXED: 'b' } })
    expect(take).toThrow(expect.objectContaining({ issues: [{}, {}, {}].map(() => expect.anything()) }))
  })
})
