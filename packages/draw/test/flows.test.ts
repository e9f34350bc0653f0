import { memoryStore, openStore } from '@headwater/core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '@headwater/core'
import shop from '../../../examples/shop/app.ts'
import { flowOf } from '../src/flow.ts'
import { flowPicture } from '../src/flow-picture.ts'
import { flowToMermaid, flowToSvg } from '../src/index.ts'
import { layout } from '../src/layout.ts'
import { textsOf, wellFormed } from './xml.ts'

let catalog: Catalog

beforeAll(async () => {
  const headwater = await openStore(shop, memoryStore(), { processors: false })
  catalog = headwater.catalog
  await headwater.close()
})

describe('the flow of events of an app', () => {
  test('goes from commands over aggregates and events to what reacts', () => {
    const text = flowToMermaid(catalog)
    expect(text).toContain('flowchart LR')
    for (const arrow of [
      'command_PlaceOrder --> aggregate_order',
      'aggregate_order --> event_OrderPlaced',
      'event_OrderPlaced --> subscription_collect_money',
      'event_OrderPlaced --> view_orders',
    ])
      expect(text).toContain(`  ${arrow}\n`)
  })

  test('has a frame for each context, with what is its own', () => {
    const [, payments = ''] = flowToMermaid(catalog).split('subgraph context_payments["payments"]')
    expect(payments.slice(0, payments.indexOf('  end'))).toContain(
      'subscription_collect_money{{"collect-money"}}',
    )
  })

  test('of one aggregate shows what concerns it, and no other', () => {
    const text = flowToMermaid(catalog, { aggregate: 'payment' })
    expect(text).toContain('event_PaymentReceived --> subscription_settle_orders')
    expect(text).not.toContain('OrderPlaced')
  })

  test('as SVG is well-formed and names every part', () => {
    const drawing = flowToSvg(catalog)
    expect(wellFormed(drawing)).toBe('')
    const told = textsOf(drawing)
    for (const { name } of [...catalog.commands, ...catalog.events]) expect(told).toContain(name)
    for (const { name, views, subscriptions } of catalog.contexts)
      for (const part of [name, ...[...views, ...subscriptions].map((each) => each.name)])
        expect(told).toContain(part)
  })

  test('goes to the right', () => {
    const { edges } = layout(flowPicture('shop', flowOf(catalog)))
    const backward = edges.filter(({ points }) => (points[0]?.x ?? 0) > (points.at(-1)?.x ?? 0))
    expect(backward).toEqual([])
  })
})
