import { aggregate, app, command, event, external, subscription } from '@headwater/core'
import { z } from 'zod'

const Paid = event('Paid', z.object({ amount: z.number(), receipt: z.string() }))
export const Pay = command('Pay', z.object({ tillId: z.string(), amount: z.number() }))
const Receipt = z.object({ receipt: z.string() })

/** Everything that is asked of the bank and of the post office, at an address of its own. */
export function payments(address: string) {
  const ask = (what: string, request: object, key: string, signal: AbortSignal): Promise<unknown> =>
    fetch(`${address}/${what}`, {
      method: 'POST',
      body: JSON.stringify(request),
      headers: { 'idempotency-key': key },
      signal,
    }).then((response) => response.json())
  const charge = external('charge', {
    request: z.object({ amount: z.number() }),
    answer: Receipt,
    call: async (request, { idempotencyKey, signal }) =>
      (await ask('charge', request, idempotencyKey, signal)) as { receipt: string },
  })
  const mail = external('mail', {
    request: z.object({ about: z.string() }),
    answer: Receipt,
    call: async (request, { idempotencyKey, signal }) =>
      (await ask('mail', request, idempotencyKey, signal)) as { receipt: string },
  })
  const till = aggregate('till', {
    events: [Paid],
    commands: [Pay],
    initial: {},
    evolve: { Paid: (state) => state },
    decide: {
      Pay: (_state, { amount }, { answer }) => Paid({ amount, ...answer(charge({ amount })) }),
    },
  })
  const confirm = subscription('confirm', {
    events: [Paid],
    handle: ({ data }, { call }) => call(mail({ about: data.receipt })),
  })
  return app({ name: 'payments', aggregates: [till], subscriptions: [confirm], externals: [charge, mail] })
}
