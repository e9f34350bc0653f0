import { importMap } from 'headwater'
import { z } from 'zod'
import { IssueCreditNote, PlaceOrder } from './orders/commands.ts'

const Row = z
  .object({
    InvoiceNo: z.string().regex(/^C?\d+$/, 'is no invoice number'),
    StockCode: z.string().min(1, 'is empty'),
    Description: z.string().trim(),
    Quantity: z
      .string()
      .regex(/^-?\d+$/, 'is no whole number')
      .transform(Number),
    InvoiceDate: z.string().transform(toInstant),
    UnitPrice: z
      .string()
      .regex(/^\d+(\.\d{1,2})?$/, 'is no price in pounds and pence')
      .transform(toPence),
    CustomerID: z.string(),
    Country: z.string().min(1, 'is empty'),
  })
  .superRefine(({ InvoiceNo, Quantity, UnitPrice }, { addIssue }) => {
    const wrong = isCreditNote(InvoiceNo) ? Quantity >= 0 : Quantity === 0 || (Quantity < 0 && UnitPrice > 0)
    const message = isCreditNote(InvoiceNo)
      ? 'of a credit note is not below zero'
      : 'is not above zero, at a price'
    if (wrong) addIssue({ code: 'custom', path: ['Quantity'], message })
  })

/**
 * Online Retail (Daqing Chen, UCI Machine Learning Repository): one line per line of an invoice. An invoice whose number
 * begins with C is a credit note and counts downwards. Invoices without a customer are sales to guests, and corrections
 * of the stock: one line, no price, often a negative quantity.
 */
export default importMap({
  format: 'csv',
  row: Row,
  groupBy: 'InvoiceNo',
  toCommand: (rows, { send, refuse }) => {
    const [{ InvoiceNo: invoice, InvoiceDate: occurredAt, CustomerID, Country: country }] = rows
    const other = rows.findIndex((row) => row.Country !== country || row.CustomerID !== CustomerID)
    if (other > 0) return refuse(`is for another customer or country than the invoice's first line`, other)

    const about = { customerId: CustomerID === '' ? undefined : CustomerID, country }
    const lines = rows.map(({ StockCode, Description, Quantity, UnitPrice }) => ({
      sku: StockCode,
      description: Description,
      quantity: isCreditNote(invoice) ? -Quantity : Quantity,
      unitPrice: UnitPrice,
    }))
    const command = isCreditNote(invoice)
      ? IssueCreditNote({ ...about, creditNoteId: invoice, lines })
      : PlaceOrder({ ...about, orderId: invoice, lines })
    return send(command, { id: `online-retail-${invoice}`, occurredAt })
  },
})

function isCreditNote(invoice: string): boolean {
  return invoice.startsWith('C')
}

/** `12/1/2010 8:26` is the first of December; the file names no time zone, so it is taken for UTC. */
function toInstant(written: string, context: z.RefinementCtx): Date {
  const parts = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/.exec(written)?.slice(1).map(Number)
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = parts ?? []
  const instant = new Date(Date.UTC(year, month - 1, day, hour, minute))
  const isReal =
    instant.getUTCMonth() === month - 1 && instant.getUTCDate() === day && hour < 24 && minute < 60
  if (!isReal) context.addIssue({ code: 'custom', message: 'is no date: month/day/year hour:minute' })
  return instant
}

/** `2.1` is 210; digit by digit, as 2.1 * 100 is not 210 everywhere. */
function toPence(written: string): number {
  const [pounds = '', pence = ''] = written.split('.')
  return Number(pounds + pence.padEnd(2, '0'))
}
