import { event, view } from '@headwater/core'
import { spec } from '@headwater/core/spec'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { said } from '../support/said.ts'

const Sold = event('Sold', z.object({ item: z.string(), pence: z.number() }))
const Returned = event('Returned', z.object({ item: z.string(), pence: z.number() }))

interface Takings {
  readonly pieces: number
  readonly pence: number
}

const by =
  (pieces: number) =>
  (document: Takings, { data }: { data: { pence: number } }) => ({
    pieces: document.pieces + pieces,
    pence: document.pence + pieces * data.pence,
  })

const takings = view('takings', {
  events: [Sold, Returned],
  key: ({ data }) => data.item,
  initial: { pieces: 0, pence: 0, entries: 0 },
  on: {
    Sold: (document, event) => ({ ...by(1)(document, event), entries: document.entries + 1 }),
    Returned: (document, event) => ({ ...by(-1)(document, event), entries: document.entries + 1 }),
  },
  undo: {
    Sold: (document, event) =>
      document.entries === 1 ? null : { ...by(-1)(document, event), entries: document.entries - 1 },
    Returned: (document, event) =>
      document.entries === 1 ? null : { ...by(1)(document, event), entries: document.entries - 1 },
  },
})

describe('a view that says how events are taken out', () => {
  test('is right for any of its events, in any number', () => {
    const sale = fc.record({ item: fc.constantFrom('tea', 'milk'), pence: fc.integer({ min: 0, max: 999 }) })
    const happened = fc.oneof(
      sale.map((data) => Sold(data)),
      sale.map((data) => Returned(data)),
    )
    fc.assert(
      fc.property(fc.array(happened, { maxLength: 80 }), (events) => {
        spec(takings)
          .given(...events)
          .thenSome({})
      }),
      { numRuns: 50 },
    )
  })

  test('is told what it leaves that should not be there', () => {
    const wrong = view('wrong', {
      events: [Sold],
      key: ({ data }) => data.item,
      initial: { pieces: 0, pence: 0 },
      on: { Sold: by(1) },
      undo: { Sold: ({ pieces, pence }) => (pieces === 1 ? null : { pieces: pieces - 1, pence }) },
    })
    const events = [Sold({ item: 'tea', pence: 3 }), Sold({ item: 'tea', pence: 5 })]
    expect(
      said(() =>
        spec(wrong)
          .given(...events)
          .thenSome({}),
      ),
    ).toMatchInlineSnapshot(`
      "
      wrong: undo.Sold leaves another document than folding without the event
        at pence
          folded without it  3
          taken out          8
        The event: Sold {"item":"tea","pence":5}. Nothing left of a document is null.

      given   Sold  { item: 'tea', pence: 3 }
              Sold  { item: 'tea', pence: 5 }
      "
    `)
  })

  test('has to say that nothing is left', () => {
    const forgetful = view('forgetful', {
      events: [Sold],
      key: ({ data }) => data.item,
      initial: { pieces: 0, pence: 0 },
      on: { Sold: by(1) },
      undo: { Sold: by(-1) },
    })
    const once = spec(forgetful).given(Sold({ item: 'tea', pence: 3 }))
    expect(said(() => once.thenSome({}))).toContain('undo.Sold leaves another document')
  })

  test('is told that the order of its events matters', () => {
    const last = view('last', {
      events: [Sold],
      key: () => 'all',
      initial: { items: '' },
      on: { Sold: ({ items }, { data }) => ({ items: items + data.item }) },
      undo: {
        Sold: ({ items }, { data }) => (items === data.item ? null : { items: items.replace(data.item, '') }),
      },
    })
    const two = spec(last).given(Sold({ item: 'a', pence: 1 }), Sold({ item: 'b', pence: 1 }))
    expect(said(() => two.thenSome({}))).toContain('on.Sold minds the order of events')
  })
})
