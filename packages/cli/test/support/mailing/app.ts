import { aggregate, app, command, event, reject, subscription, view } from '@headwater/core'
import { z } from 'zod'

export const Subscribed = event('Subscribed', z.object({ address: z.string() }), {
  tags: ({ address }) => [`address:${address}`],
})
export const Subscribe = command('Subscribe', z.object({ readerId: z.string(), address: z.string() }))

const reader = aggregate('reader', {
  events: [Subscribed],
  commands: [Subscribe],
  initial: { address: '' },
  evolve: { Subscribed: (_state, { data }) => data },
  decide: {
    Subscribe: (state, { address }) =>
      state.address === '' ? Subscribed({ address }) : reject('known-already'),
  },
})

export const readers = view('readers', {
  events: [Subscribed],
  initial: { address: '' },
  on: { Subscribed: (_doc, { data }) => data },
})

/** Mails that were sent in this process. */
export const sent: string[] = []

/** What goes wrong in "nowhere" is parked. */
export const welcome = subscription('welcome', {
  events: [Subscribed],
  when: 'async',
  start: 'beginning',
  retry: { attempts: 1 },
  handle: ({ data: { address } }) => {
    if (address.endsWith('@nowhere')) throw new Error('There is no such place')
    sent.push(address)
  },
})

/** Readers who get a mail when they subscribe. */
export default app({ name: 'mailing', aggregates: [reader], views: [readers], subscriptions: [welcome] })
