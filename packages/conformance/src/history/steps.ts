import fc from 'fast-check'
import type { AppendCondition, ExpectedRevision, StreamAppend } from '@headwater/core'
import { anEvent, to } from '../make.ts'

/** What a history expects of a document: versions differ between stores, so they are looked up when it is written. */
export type ExpectedVersion = 'any' | 'missing' | 'current' | 'stale'

export interface DocumentStep {
  readonly key: string
  /** Null deletes. */
  readonly document: string | null
  readonly expected: ExpectedVersion
}

export interface RequestStep {
  readonly tenant: string
  /** 0: main, 1: another one, whatever its id is. */
  readonly branch: number
  /** Undefined: an append without a command. */
  readonly commandId: string | undefined
  readonly streams: readonly StreamAppend[]
  readonly conditions: readonly AppendCondition[]
  readonly documents: readonly DocumentStep[]
}

export type Step =
  | { readonly kind: 'append'; readonly requests: readonly RequestStep[] }
  /** Milliseconds, backwards too. */
  | { readonly kind: 'tick'; readonly by: number }
  | {
      readonly kind: 'read'
      readonly after: number
      readonly limit: number
      readonly tenant: string | undefined
      readonly types: readonly string[] | undefined
      readonly tags: readonly string[] | undefined
    }

export const tenants = ['', 'other'] as const
export const streams = ['a-1', 'b-1', 'c-1'] as const
export const keys = ['k', 'l'] as const
const types = ['Red', 'Green'] as const
const tags = ['x', 'y'] as const

const event = fc
  .record({
    type: fc.constantFrom(...types),
    tags: fc.subarray([...tags]),
    data: fc.constantFrom('1', '"ä"', '{}'),
  })
  .map(anEvent)

const expected: fc.Arbitrary<ExpectedRevision> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<ExpectedRevision>('any') },
  { weight: 2, arbitrary: fc.constantFrom<ExpectedRevision>('none', 'exists') },
  { weight: 2, arbitrary: fc.nat({ max: 6 }) },
)

const streamAppends = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...streams), fc.array(event, { maxLength: 2 }), expected), {
    maxLength: 3,
    selector: ([name]) => name,
  })
  .map((parts) => parts.map(([name, events, at]) => to(name, events, at)))

const item = fc.record(
  {
    types: fc.subarray([...types], { minLength: 1 }),
    tags: fc.subarray([...tags]),
  },
  { requiredKeys: [] },
)

const condition: fc.Arbitrary<AppendCondition> = fc.record({
  query: fc.record({ items: fc.array(item, { maxLength: 2 }) }),
  after: fc.nat({ max: 15 }),
})

const request: fc.Arbitrary<RequestStep> = fc.record({
  tenant: fc.constantFrom(...tenants),
  branch: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
  commandId: fc.option(fc.constantFrom('c1', 'c2', 'c3'), { nil: undefined }),
  streams: streamAppends,
  conditions: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(condition, { minLength: 1, maxLength: 2 }) },
  ),
  documents: fc.uniqueArray(
    fc.record({
      key: fc.constantFrom(...keys),
      document: fc.constantFrom('{"n":1}', '{"n":2}', null),
      expected: fc.constantFrom<ExpectedVersion>('any', 'missing', 'current', 'current', 'stale'),
    }),
    { maxLength: 2, selector: ({ key }) => key },
  ),
})

const append = fc.record({
  kind: fc.constant('append' as const),
  requests: fc.array(request, { minLength: 1, maxLength: 4 }),
})
const tick = fc.record({ kind: fc.constant('tick' as const), by: fc.integer({ min: -100, max: 100 }) })
const read = fc.record({
  kind: fc.constant('read' as const),
  after: fc.nat({ max: 25 }),
  limit: fc.integer({ min: 1, max: 5 }),
  tenant: fc.constantFrom(undefined, ...tenants),
  types: fc.option(fc.subarray([...types], { minLength: 1 }), { nil: undefined }),
  tags: fc.option(fc.subarray([...tags]), { nil: undefined }),
})

/** A whole history: what happens to a store, one thing after the other. */
export const histories: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof({ weight: 6, arbitrary: append }, { weight: 2, arbitrary: tick }, { weight: 2, arbitrary: read }),
  { minLength: 1, maxLength: 14 },
)
