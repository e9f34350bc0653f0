import assert from 'node:assert/strict'
import type { Filter } from '@headwater/core'
import { law } from '../law.ts'
import type { Trial } from '../trial.ts'
import { keysListed, put } from './query.ts'

/** Each key says what stands at the path `v`. */
const values: Readonly<Record<string, unknown>> = {
  missing: {},
  nothing: { v: null },
  false: { v: false },
  true: { v: true },
  zero: { v: 0 },
  one: { v: 1 },
  half: { v: 0.5 },
  minus: { v: -3 },
  ten: { v: 10 },
  empty: { v: '' },
  textOne: { v: '1' },
  a: { v: 'a' },
  upperA: { v: 'A' },
  ab: { v: 'ab' },
  percent: { v: 'a%' },
  b: { v: 'b' },
  umlaut: { v: 'ä' },
  clef: { v: '𝄞' },
  list: { v: [1, 2] },
  object: { v: { w: 'deep' } },
}

const numbers = ['false', 'true', 'zero', 'one', 'half', 'minus', 'ten']
const texts = ['empty', 'textOne', 'a', 'upperA', 'ab', 'percent', 'b', 'umlaut', 'clef', 'list', 'object']
const valued = [...numbers, ...texts]
const without = (...keys: readonly string[]): readonly string[] =>
  Object.keys(values).filter((key) => !keys.includes(key))

type Case = readonly [
  sentence: string,
  filter: Omit<Filter, 'path'> & { readonly path?: string },
  keys: readonly string[],
]

const cases: readonly Case[] = [
  ['eq finds a number, as a boolean too', { operator: 'eq', value: 1 }, ['one', 'true']],
  ['eq finds a boolean, as a number too', { operator: 'eq', value: false }, ['false', 'zero']],
  ['eq finds a text and no number of its looks', { operator: 'eq', value: '1' }, ['textOne']],
  ['eq finds a text by letters of the same case', { operator: 'eq', value: 'a' }, ['a']],
  ['eq finds null and what is missing', { operator: 'eq', value: null }, ['missing', 'nothing']],
  ['eq finds a list by its JSON text', { operator: 'eq', value: '[1,2]' }, ['list']],
  ['ne leaves out exactly what eq finds', { operator: 'ne', value: 1 }, without('one', 'true')],
  ['ne null finds all that is there', { operator: 'ne', value: null }, valued],
  ['gt finds what comes later, text after numbers', { operator: 'gt', value: 1 }, ['ten', ...texts]],
  ['gte finds what comes later or is equal', { operator: 'gte', value: 1 }, ['one', 'true', 'ten', ...texts]],
  [
    'lt finds what comes earlier, but no null',
    { operator: 'lt', value: 1 },
    ['false', 'zero', 'half', 'minus'],
  ],
  ['lte finds what comes earlier or is equal', { operator: 'lte', value: 0 }, ['false', 'zero', 'minus']],
  ['lt a text finds every number', { operator: 'lt', value: '' }, numbers],
  ['gt a text goes by code points', { operator: 'gt', value: 'b' }, ['umlaut', 'clef', 'object']],
  ['gt null finds nothing', { operator: 'gt', value: null }, []],
  ['gte null finds nothing', { operator: 'gte', value: null }, []],
  ['lt null finds nothing', { operator: 'lt', value: null }, []],
  ['lte null finds nothing', { operator: 'lte', value: null }, []],
  ['in finds any of several values', { operator: 'in', value: [10, 'b', true] }, ['ten', 'b', 'one', 'true']],
  ['in finds null among others', { operator: 'in', value: [null, 'b'] }, ['b', 'missing', 'nothing']],
  ['in finds nothing among no values', { operator: 'in', value: [] }, []],
  ['prefix finds text that begins with it', { operator: 'prefix', value: 'a' }, ['a', 'ab', 'percent']],
  ['prefix takes its letters as they are', { operator: 'prefix', value: 'a%' }, ['percent']],
  ['prefix finds letters beyond the basic plane', { operator: 'prefix', value: '𝄞' }, ['clef']],
  ['an empty prefix finds all text', { operator: 'prefix', value: '' }, texts],
  ['prefix finds no numbers', { operator: 'prefix', value: '1' }, ['textOne']],
  ['a path leads into objects', { path: 'v.w', operator: 'eq', value: 'deep' }, ['object']],
  ['a path does not lead into lists', { path: 'v.0', operator: 'ne', value: null }, []],
  [
    'a path that leads nowhere finds null',
    { path: 'v.w.x.y', operator: 'eq', value: null },
    Object.keys(values),
  ],
  ['$key finds by key', { path: '$key', operator: 'eq', value: 'ab' }, ['ab']],
  [
    '$key finds by the beginning of a key',
    { path: '$key', operator: 'prefix', value: 'te' },
    ['ten', 'textOne'],
  ],
]

export const filterLaws = [
  ...[[], ['v', 'v.w']].flatMap((indexes) =>
    cases.map(([sentence, filter, keys]) =>
      law(`${indexes.length === 0 ? '' : 'by an index: '}${sentence}`, async (trial: Trial) => {
        const store = await trial.open()
        await store.documents.define('things', indexes)
        await put(store, values)
        const found = await keysListed(store, { filters: [{ path: 'v', ...filter }] })
        assert.deepEqual([...found].sort(), [...keys].sort())
      }),
    ),
  ),

  law('all filters must match', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', ['v'])
    await put(store, values)
    const filters: readonly Filter[] = [
      { path: 'v', operator: 'gte', value: 0 },
      { path: 'v', operator: 'lt', value: 10 },
      { path: '$key', operator: 'ne', value: 'true' },
    ]
    assert.deepEqual([...(await keysListed(store, { filters }))].sort(), ['false', 'half', 'one', 'zero'])
  }),

  law('a value is never taken for a part of the query', async (trial) => {
    const store = await trial.open()
    await store.documents.define('things', ['v'])
    const strange = `' OR 1=1 --"];{}`
    await put(store, { plain: { v: 'plain' }, strange: { v: strange } })
    assert.deepEqual(await keysListed(store, { filters: [{ path: 'v', operator: 'eq', value: strange }] }), [
      'strange',
    ])
    assert.deepEqual(
      await keysListed(store, { filters: [{ path: 'v', operator: 'prefix', value: strange }] }),
      ['strange'],
    )
  }),
]
