import {
  aggregate,
  app,
  command,
  event,
  type EventRow,
  type CommandRow,
  type Headwater,
  type MapEntry,
  MemoryMap,
  memoryStore,
  migrate,
  type Migration,
  type MigrationFault,
  openStore,
  reject,
  type Store,
  subscription,
  verifyMigration,
} from '@headwater/core'
import { z } from 'zod'

const orderId = z.string()
const Line = z.object({ sku: z.string(), quantity: z.int() })

/** The shop as it was: an order, then each of its lines; names with the customers they are of. */
export const OldOrderPlaced = event('OrderPlaced', z.object({ customer: z.string() }), {
  tags: ({ customer }) => [`customer:${customer}`],
})
export const LineAdded = event('LineAdded', Line)
export const Noted = event('Noted', z.object({ note: z.string() }))
export const PlaceOrder = command(
  'PlaceOrder',
  z.object({ orderId, customer: z.string(), lines: z.array(Line) }),
)
export const Note = command('Note', z.object({ orderId, note: z.string() }))

export const oldShop = app({
  name: 'shop',
  aggregates: [
    aggregate('order', {
      events: [OldOrderPlaced, LineAdded, Noted],
      commands: [PlaceOrder, Note],
      initial: { isPlaced: false },
      evolve: {
        OrderPlaced: () => ({ isPlaced: true }),
        LineAdded: (state) => state,
        Noted: (state) => state,
      },
      decide: {
        PlaceOrder: ({ isPlaced }, { customer, lines }) =>
          isPlaced
            ? reject('already-placed')
            : [OldOrderPlaced({ customer }), ...lines.map((line) => LineAdded(line))],
        Note: (_state, { note }) => Noted({ note }),
      },
    }),
  ],
  subscriptions: [
    subscription('note-lines', {
      events: [LineAdded],
      handle: async ({ aggregateId, data }, { execute }) => {
        await execute(Note({ orderId: aggregateId, note: `packed ${data.sku}` }))
      },
    }),
  ],
})

/** The shop as it is to be: an order has its lines, and customers have streams of their own. */
export const OrderPlaced = event('OrderPlaced', z.object({ customerId: z.string(), lines: z.array(Line) }), {
  version: 2,
  upcast: { 1: ({ customer }: { readonly customer: string }) => ({ customerId: customer, lines: [] }) },
  tags: ({ customerId }) => [`customer:${customerId}`],
})
export const CustomerSeen = event('CustomerSeen', z.object({ orderId: z.string() }))

export const newShop = app({ name: 'shop', events: [OrderPlaced, LineAdded, Noted, CustomerSeen] })

/**
 * Does something in the old shop, then gives its store: closing it is left to the test.
 *
 * @param processors whether subscriptions react; default: no
 */
export async function oldStore(
  work: (headwater: Headwater) => Promise<void>,
  { processors = false, now = Date.now }: { readonly processors?: boolean; readonly now?: () => number } = {},
): Promise<Store> {
  const store = memoryStore({ now })
  const headwater = await openStore(oldShop, { ...store, close: async () => undefined }, { processors })
  await work(headwater)
  await headwater.close()
  return store
}

/** Everything that both logs of a store hold. */
export async function contentOf(store: Store): Promise<{ events: EventRow[]; commands: CommandRow[] }> {
  const events: EventRow[] = []
  for (;;) {
    const page = await store.log.read({ branch: 0, tenant: undefined, after: events.length, limit: 500 })
    events.push(...page.events)
    if (page.scannedTo >= page.head) break
  }
  const commands: CommandRow[] = []
  for (;;) {
    const after = commands.at(-1)?.sequence ?? 0
    const rows = await store.commands.read({ branch: 0, tenant: undefined, after, limit: 500 })
    if (rows.length === 0) return { events, commands }
    commands.push(...rows)
  }
}

/** An event as it reads: type, data, stream and revision. */
export function told({ type, data, stream, revision }: EventRow): string {
  return `${stream}/${revision} ${type} ${typeof data === 'string' ? data : '(bytes)'}`
}

export interface Migrated {
  readonly target: Store
  readonly map: MemoryMap
  readonly entries: readonly MapEntry[]
}

export async function migrated(
  source: Store,
  migration: Migration,
  target = memoryStore(),
): Promise<Migrated> {
  const map = new MemoryMap()
  await migrate({ source, target, migration, map })
  return { target, map, entries: await Array.fromAsync(map.entries(0)) }
}

export async function faultsOf(
  source: Store,
  { target, map }: Pick<Migrated, 'target' | 'map'>,
  migration: Migration,
): Promise<MigrationFault[]> {
  const faults: MigrationFault[] = []
  for await (const page of verifyMigration({ source, target, map, migration })) faults.push(...page.faults)
  return faults
}
