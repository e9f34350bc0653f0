import { describe } from 'vitest'
import { judges, type Mistake } from './judge.ts'

/** What all programs share: it holds no mistake. */
const shared = `
import { z } from 'zod'
import { event } from '@headwater/core'
export { event, z }
export const Old = event('Old', z.object({ id: z.string() }), {
  version: 2,
  upcast: { 1: (old: { name: string }) => ({ id: old.name }) },
})
export interface First { name: string }
export interface Second { id: string }
`

const versioned = (upcast: string): string =>
  `event('Ordered', z.object({ id: z.string(), n: z.number() }), { version: 3, upcast: ${upcast} })`

const mistakes: Readonly<Record<string, Mistake>> = {
  'a version without its upcaster': {
    program: `event('Ordered', z.object({ id: z.string() }), { version: 2 })`,
    says: `Property 'upcast' is missing in type '{ version: 2; }' but required in type`,
  },
  'a missing upcaster among others': {
    program: versioned(`{ 1: (old: First) => ({ id: old.name }) }`),
    says: `Property '2' is missing in type '{ 1: (old: First) => { id: string; }; }'`,
  },
  'an upcaster of the current version': {
    program: versioned(
      `{ 1: (old: First) => ({ id: old.name }), 2: (old: Second) => ({ ...old, n: 1 }), 3: (old: Second) => old }`,
    ),
    says: `"There is nothing to upcast version 3 to: the current one is 3"`,
  },
  'an upcaster that gives what the next one does not take': {
    program: versioned(`{ 1: (old: First) => ({ id: 1 }), 2: (old: Second) => ({ ...old, n: 1 }) }`),
    says: `Type '{ id: number; }' is not assignable to type 'Second'`,
  },
  'a last upcaster that gives what the schema does not': {
    program: versioned(`{ 1: (old: First) => ({ id: old.name }), 2: (old: Second) => old }`),
    says: `Property 'n' is missing in type 'Second' but required in type '{ id: string; n: number; }'`,
  },
  'an upcaster that waits for something': {
    program: versioned(
      `{ 1: async (old: First) => ({ id: old.name }), 2: (old: Second) => ({ ...old, n: 1 }) }`,
    ),
    says: `Property 'id' is missing in type 'Promise<{ id: string; }>' but required in type 'Second'`,
  },
  'an upcaster that does not say what it takes': {
    program: versioned(`{ 1: (old) => ({ id: old.name }), 2: (old: Second) => ({ ...old, n: 1 }) }`),
    says: `'old' is of type 'unknown'`,
  },
  'an event of an old version with data of another': {
    program: `Old.from(1, { id: 'a' })`,
    says: `'id' does not exist in type '{ name: string; }'`,
  },
  'an event of a version that there is not': {
    program: `Old.from(3, { id: 'a' })`,
    says: `Argument of type '3' is not assignable to parameter of type '1 | 2'`,
  },
}

const correct: Readonly<Record<string, string>> = {
  'an upcaster for each version before the current one': versioned(
    `{ 1: (old: First) => ({ id: old.name }), 2: (old: Second) => ({ ...old, n: 1 }) }`,
  ),
  'old data of an old version': `Old.from(1, { name: 'a' })`,
}

describe('the compiler, of upcasters,', () => {
  judges({
    shared,
    preamble: `import { event, z, Old } from './shared.ts'
import type { First, Second } from './shared.ts'
`,
    correct,
    mistakes,
  })
})

const migrations: Readonly<Record<string, Mistake>> = {
  'a rule of an event type that is not read': {
    program: `migration({ app: shop, from: [Old], events: { Other: () => Old({ id: 'a' }) } })`,
    says: `'Other' does not exist in type 'MigrationRules<`,
  },
  'a rule that reads a field which the old event has not': {
    program: `migration({ app: shop, from: [Old], events: { Old: ({ data }) => Old({ id: data.name }) } })`,
    says: `Property 'name' does not exist on type '{ id: string; }'`,
  },
  'a rule that gives nothing': {
    program: `migration({ app: shop, from: [Old], events: { Old: () => undefined } })`,
    says: `Type 'undefined' is not assignable to type`,
  },
  'a rule that drops an event for no reason': {
    program: `migration({ app: shop, from: [Old], events: { Old: (_event, { drop }) => drop() } })`,
    says: `Expected 1 arguments, but got 0`,
  },
}

describe('the compiler, of migrations,', () => {
  judges({
    shared: `${shared}
import { app, migration } from '@headwater/core'
export { migration }
export const shop = app({ name: 'shop', events: [Old] })
`,
    preamble: `import { migration, Old, shop } from './shared.ts'
`,
    correct: {
      'rules that rewrite, split, merge and drop': `migration({
        app: shop,
        from: [Old],
        events: {
          Old: async ({ data, revision }, { on, merge, drop, keep, siblings, history }) => {
            for await (const { data: { id } } of history(Old)) if (id === data.id) return keep()
            const [first] = siblings(Old)
            if (first !== undefined && revision > 1) return merge(first)
            return revision > 2 ? drop('late') : [Old({ id: data.id }), on('other-1', Old({ id: data.id }))]
          },
        },
      })`,
      'no rules': `migration({ app: shop, from: [], events: {} })`,
    },
    mistakes: migrations,
  })
})
