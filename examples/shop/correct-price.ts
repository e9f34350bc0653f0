import type { Edit, Headwater } from 'headwater'
import { OrderPlaced } from './orders/events.ts'
import { totalOf } from './orders/line.ts'

/**
 * Has a product have cost so many pence in all orders of a day, as if it had been entered right.
 *
 * @param day in UTC: `2010-12-02`
 * @returns how many orders that concerns, and the position from which on they are right
 */
export async function correctPrice(
  shop: Headwater,
  { sku, day, unitPrice, actor }: { sku: string; day: string; unitPrice: number; actor: string },
): Promise<{ readonly orders: number; readonly position: number | undefined }> {
  const edits: Edit[] = []
  for await (const { id, occurredAt, data } of shop.events({ types: [OrderPlaced] })) {
    const isWrong = data.lines.some((line) => line.sku === sku && line.unitPrice !== unitPrice)
    if (occurredAt.toISOString().slice(0, 10) !== day || !isWrong) continue
    const lines = data.lines.map((line) => (line.sku === sku ? { ...line, unitPrice } : line))
    edits.push({ replace: id, by: OrderPlaced({ ...data, lines, total: totalOf(lines) }) })
  }
  if (edits.length === 0) return { orders: 0, position: undefined }
  const why = `${sku} cost ${unitPrice} pence on ${day}`
  const { position } = await shop.amend(edits, { why, actor })
  return { orders: edits.length, position }
}
