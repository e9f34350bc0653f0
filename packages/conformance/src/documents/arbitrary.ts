import fc from 'fast-check'
import type { DocumentQuery, Filter, FilterOperator, Scalar } from '@headwater/core'

/** A query without its place. */
export type QueryParts = Pick<DocumentQuery, 'filters' | 'sort' | 'limit'>

export const paths = ['a', 'b', 'n.c'] as const

/** Few, so that values meet: ties, matches, and texts that look like numbers. */
const common: readonly Scalar[] = [null, false, true, 0, 1, 2, '', 'a', 'b', '1']
const letters = ['a', 'A', 'b', 'ä', '€', '\uFFFF', '𝄞', '%', '_', "'", '"', '\\', '0', '1']
const words = ['', 'ab', 'true', 'null', '[1]', '{"a":1}']
const numbers = [-1, 10, 0.1, -0.5, 1e-9, 1e21, 2 ** 53, 2 ** 53 - 1, -(2 ** 40), 5e-324, 1.7e308]

const text = fc.oneof(
  fc.constantFrom(...words),
  fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 3 }),
)
const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...common) },
  { weight: 1, arbitrary: fc.constantFrom(...numbers) },
  { weight: 2, arbitrary: text },
)
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.constantFrom<unknown>([1], [], {}, { a: 1 }, ['ä', { b: [null] }]) },
)

/** The documents of a collection, by key. */
export const collections: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.dictionary(
  fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 2 }),
  fc.record({ a: value, b: scalar, n: fc.oneof(fc.record({ c: value }), value) }, { requiredKeys: [] }),
  { noNullPrototype: true, minKeys: 4, maxKeys: 16, size: 'max' },
)

const path = fc.constantFrom(...paths, '$key')
const filter: fc.Arbitrary<Filter> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      path,
      operator: fc.constantFrom<FilterOperator>('eq', 'ne', 'gt', 'gte', 'lt', 'lte'),
      value: scalar,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      path,
      operator: fc.constant<FilterOperator>('in'),
      value: fc.array(scalar, { maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ path, operator: fc.constant<FilterOperator>('prefix'), value: text }),
  },
)

export const queries: fc.Arbitrary<readonly QueryParts[]> = fc.array(
  fc.record({
    filters: fc.array(filter, { maxLength: 2 }),
    sort: fc.uniqueArray(fc.record({ path, descending: fc.boolean() }), {
      maxLength: 3,
      selector: (sort) => sort.path,
    }),
    limit: fc.integer({ min: 1, max: 6 }),
  }),
  { minLength: 8, maxLength: 8 },
)
