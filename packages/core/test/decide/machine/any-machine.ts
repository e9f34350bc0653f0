import { command, event, fromXState } from '@headwater/core'
import fc from 'fast-check'
import { z } from 'zod'

const names = ['a', 'b', 'c', 'd', 'e']
const types = names.map((name) => `Event${name.toUpperCase()}`)
const events = types.map((type) => event(type, z.object({ n: z.int() })))
const commands = names.map((name) =>
  command(`Do${name.toUpperCase()}`, z.object({ anyId: z.string(), n: z.int() })),
)

interface Context {
  readonly sum: number
  readonly last: string
}

const guards = {
  isSmall: (_context: Context, { data }: { readonly data: { readonly n: number } }) => data.n < 4,
  isEven: ({ sum }: Context) => sum % 2 === 0,
  wasOther: ({ last }: Context, { type }: { readonly type: string }) => last !== type,
}

const isLarge = (_context: Context, { n }: { readonly n: number }): boolean => n > 5

const raise = Object.fromEntries(
  commands.map(({ type }, index) => [
    type,
    { raises: types[index] ?? '', guard: isLarge, decide: () => undefined },
  ]),
)

const reduce = (
  context: Context,
  { type, data }: { readonly type: string; readonly data: { readonly n: number } },
) => ({
  sum: context.sum + data.n,
  last: type,
})

/** States in states, three deep, with paths to be filled in as targets. */
interface Shape {
  readonly inner: readonly Shape[]
  readonly isFinal: boolean
}

const anyShape = (depth: number): fc.Arbitrary<Shape> =>
  depth === 0
    ? fc.record({ inner: fc.constant([]), isFinal: fc.boolean() })
    : fc.record({
        inner: fc.oneof(
          { weight: 3, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.array(anyShape(depth - 1), { minLength: 1, maxLength: 3 }) },
        ),
        isFinal: fc.boolean(),
      })

function pathsOf(shapes: readonly Shape[], before = ''): string[] {
  return shapes.flatMap(({ inner }, index) => {
    const path = `${before}${names[index]}`
    return [path, ...pathsOf(inner, `${path}.`)]
  })
}

type Config = Record<string, unknown>

/** The states of a shape, with random transitions and commands, as XState has them. */
function anyStates(shapes: readonly Shape[], paths: readonly string[]): fc.Arbitrary<Config> {
  const states = shapes.map((shape, index) =>
    anyState(shape, paths).map((state) => [names[index], state] as const),
  )
  return fc.tuple(...states).map((entries) => Object.fromEntries(entries))
}

function anyState({ inner, isFinal }: Shape, paths: readonly string[]): fc.Arbitrary<Config> {
  if (isFinal && inner.length === 0) return fc.constant({ type: 'final' })
  const anyTransition = fc.record(
    {
      target: fc.constantFrom(...paths).map((path) => `#any.${path}`),
      guard: fc.constantFrom(...Object.keys(guards)),
    },
    { requiredKeys: [] },
  )
  const anyCommand = fc.record(
    { raises: fc.constantFrom(...types).map((type) => [type]), guard: fc.constant('isLarge') },
    { requiredKeys: ['raises'] },
  )
  return fc.record({
    on: fc.dictionary(fc.constantFrom(...types), fc.array(anyTransition, { minLength: 1, maxLength: 3 })),
    meta: fc.record({
      commands: fc.dictionary(fc.constantFrom(...commands.map(({ type }) => type)), anyCommand),
    }),
    ...(inner.length > 0 && {
      initial: fc.constantFrom(...names.slice(0, inner.length)),
      states: anyStates(inner, paths),
    }),
  })
}

/** What a random machine is imported with. Each command is allowed at the beginning, since it must be somewhere. */
function build(config: object, reduced: readonly string[]) {
  const given = {
    events,
    commands,
    raise,
    guards,
    context: { sum: 0, last: '' } as Context,
    evolve: Object.fromEntries(reduced.map((type) => [type, reduce])),
  }
  return { given, machine: fromXState('any', config, given) }
}

const everything = Object.fromEntries(commands.map(({ type }, index) => [type, { raises: [types[index]] }]))

/** Machines of up to five states in up to three levels, of any transitions, guards and commands. */
export const anyMachine = fc
  .array(anyShape(2), { minLength: 1, maxLength: 4 })
  .chain((shapes) =>
    fc.record({
      states: anyStates(shapes, [...pathsOf(shapes), 'start']),
      reduced: fc.subarray(types),
    }),
  )
  .map(({ states, reduced }) => {
    const start = {
      meta: { commands: everything },
      on: { EventA: '#any.a', EventB: [{ guard: 'isEven', target: 'a' }] },
    }
    const config = { id: 'any', initial: 'start', states: { start, ...states } }
    return { ...build(config, reduced), events: types }
  })
