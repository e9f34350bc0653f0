import type { Amendments, Edit, Headwater } from 'headwater'
import { OrderPlaced } from './orders/events.ts'
import { totalOf } from './orders/line.ts'

/**
 * Has a product have cost so many pence in all orders of a day, as if it had been entered right: on main, or, for
 * somebody to look at first, on a branch.
 *
 * @param day in UTC: `2010-12-02`
 * @returns what was said, and from which position on it shows; undefined: nothing was wrong
 */
export async function correctPrice(
  shop: Pick<Headwater, 'events' | 'amend'>,
  { sku, day, unitPrice, actor }: { sku: string; day: string; unitPrice: number; actor: string },
): Promise<Amendments | undefined> {
  const edits: Edit[] = []
  for await (const { id, occurredAt, data } of shop.events({ types: [OrderPlaced] })) {
    const isWrong = data.lines.some((line) => line.sku === sku && line.unitPrice !== unitPrice)
    if (occurredAt.toISOString().slice(0, 10) !== day || !isWrong) continue
    const lines = data.lines.map((line) => (line.sku === sku ? { ...line, unitPrice } : line))
    edits.push({ replace: id, by: OrderPlaced({ ...data, lines, total: totalOf(lines) }) })
  }
  if (edits.length === 0) return undefined
  return shop.amend(edits, { why: `${sku} cost ${unitPrice} pence on ${day}`, actor })
}
