import {
  aggregate,
  app,
  command,
  context,
  event,
  lintNames,
  memoryStore,
  openStore,
  subscription,
  view,
} from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { running } from '../support/running.ts'

const catalogOf = async (eventNames: readonly string[], commandNames: readonly string[]) => {
  const data = z.object({ thingId: z.string() })
  const events = eventNames.map((name) => event(name, data))
  const commands = commandNames.map((name) => command(name, data))
  const thing = aggregate('thing', {
    events: [],
    commands,
    initial: 0,
    evolve: {},
    decide: Object.fromEntries(commandNames.map((name) => [name, () => undefined])),
  })
  const headwater = await running(app({ name: 'named', aggregates: [thing], events }))
  return headwater.catalog
}

describe('the lint of names', () => {
  it('finds events that aren’t in the past tense', async () => {
    const catalog = await catalogOf(
      ['OrderPlaced', 'user.created', 'PlaceOrder', 'MoneyWithdrawn', 'ItemFeed', 'PaidByCard'],
      [],
    )
    expect(lintNames(catalog).map(({ name }) => name)).toEqual(['PlaceOrder', 'ItemFeed'])
  })

  it('finds commands that aren’t in the imperative', async () => {
    const catalog = await catalogOf(
      [],
      ['PlaceOrder', 'OrderPlaced', 'PlacedOrder', 'SetLimit', 'FeedCat', 'PaidOrder'],
    )
    expect(lintNames(catalog).map(({ name }) => name)).toEqual(['PlacedOrder', 'PaidOrder'])
  })
})

describe('the catalog', () => {
  it('says of each event who records it, who reacts to it, and what it holds', async () => {
    const totals = view('totals', { events: [Incremented], initial: 0, on: { Incremented: (sum) => sum } })
    const mail = subscription('mail', { events: [Incremented], handle: () => undefined })
    const headwater = await running(
      app({
        name: 'whole',
        contexts: [
          context('counting', { aggregates: [counter] }),
          context('reporting', { views: [totals], subscriptions: [mail] }),
        ],
      }),
    )
    expect(headwater.catalog.events.find(({ name }) => name === 'Incremented')).toMatchObject({
      context: 'counting',
      aggregate: 'counter',
      version: 1,
      visibility: 'internal',
      kind: 'state-change',
      reactedToBy: ['totals', 'mail'],
      schema: { type: 'object', properties: { by: { type: 'integer' } } },
    })
    expect(headwater.catalog.commands.map(({ name }) => name)).toEqual(['Increment', 'Touch'])
    // Defaults need not be sent.
    expect(headwater.catalog.commands[0]?.schema).toMatchObject({ required: ['counterId'] })
  })
})

describe('an app', () => {
  it('is refused with every contradiction named', async () => {
    const again = aggregate('again', {
      events: [],
      commands: [Increment],
      initial: 0,
      evolve: {},
      decide: { Increment: () => undefined },
      id: 'counterId',
    })
    const twin = event('Incremented', z.object({}))
    const definition = app({
      name: 'twice',
      contexts: [
        context('one', { aggregates: [counter] }),
        context('two', { aggregates: [again, counter], events: [twin] }),
      ],
    })
    await expect(openStore(definition, memoryStore())).rejects.toMatchObject({
      code: 'app.invalid',
      issues: [
        { path: ['two', 'Increment'], message: expect.stringContaining('two handlers') },
        { path: ['two', 'counter'], message: expect.stringContaining('two aggregates') },
        { path: ['two', 'Increment'] },
        { path: ['two', 'Touch'] },
        { path: ['two', 'Incremented'], message: expect.stringContaining('two event types') },
      ],
    })
  })
})
