import { type Headwater, open as openFor } from 'headwater'

export * from 'headwater'

const opened: Headwater[] = []

/** What snippets import: it notes what they open, so that nothing stays open behind them. */
export async function open(...parameters: Parameters<typeof openFor>): Promise<Headwater> {
  const headwater = await openFor(...parameters)
  opened.push(headwater)
  return headwater
}

export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((headwater) => headwater.close()))
}
