import { app, event, view } from '@headwater/core'
import { z } from 'zod'

const Sold = event('Sold', z.object({ item: z.string(), pence: z.int() }))

const takings = view('takings', {
  events: [Sold],
  key: ({ data }) => data.item,
  initial: { pence: 0 },
  on: { Sold: ({ pence }, { data }) => ({ pence: pence + data.pence }) },
})

/** What is sold, and how much has come of it. */
export default app({ name: 'till', events: [Sold], views: [takings] })
