import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const shop = fileURLToPath(new URL('..', import.meta.url))
const launcher = fileURLToPath(new URL('../../../packages/headwater/bin/headwater.js', import.meta.url))

/** What `headwater` is, where nothing is built. */
export const launched = ['--conditions=@headwater/source', launcher] as const

/** Everything that is odd in the real file, and lines that are wrong: 5, 12 and 14. */
export const lines = [
  'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
  '500001,85123A,"LANTERN, WHITE",6,12/1/2010 8:26,2.55,17850,United Kingdom',
  '500001,POST,POSTAGE ,1,12/1/2010 8:26,18,17850,United Kingdom',
  '500002,22633,HAND WARMER,32,12/1/2010 8:28,2.1,12583,France',
  '500002,22632,HAND WARMER,-1,12/1/2010 8:28,1.85,12583,France',
  '500003,22139,,56,12/1/2010 11:52,0,,United Kingdom',
  '500004,21777,?,-10,12/1/2010 16:50,0,,United Kingdom',
  '500005,DOT,DOTCOM POSTAGE,1,12/1/2010 14:32,569.77,,United Kingdom',
  'C500006,D,Discount,-1,12/1/2010 9:41,27.5,14527,United Kingdom',
  '500007,22752,"SET 7 ""BABUSHKA"" BOXES",2,12/1/2010 8:34,7.65,12583,France',
  '500007,22753,SMALL BOX,1,12/1/2010 8:35,0.85,12583,France',
  '500008,22752,BOXES,two,12/1/2010 8:34,7.65,12583,France',
  '500009,22752,BOXES,2,12/1/2010 8:34,7.65,12583,Norway',
  '500010,22752,BOXES,2,13/1/2010 8:34,7.65,12583,Norway',
]

export interface Ended {
  readonly code: unknown
  readonly stdout: string
  readonly stderr: string
}

/** Runs `headwater` as a user does. */
export function headwaterIn(folder: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...launched, ...args],
      { cwd: folder, maxBuffer: 1024 ** 3 },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })
}

/**
 * Imports a file of invoices, in its order.
 *
 * @param app the shop that takes them, from its folder
 */
export function importRetail(
  folder: string,
  file: string,
  { app = '.', db = 'shop.db' }: { readonly app?: string; readonly db?: string } = {},
): Promise<Ended> {
  const map = `${shop}online-retail.map.ts`
  const options = ['--app', `${shop}${app}`, '--map', map, '--db', db, '--concurrency', '1', '--json']
  return headwaterIn(folder, ['import', file, ...options])
}
