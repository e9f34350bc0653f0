/** How an image comes to be there: from the log alone, from a snapshot and the log, or by a fold with nothing around it. */
export const ways = ['from-log', 'from-snapshot', 'raw'] as const
export type Way = (typeof ways)[number]

export interface ImageJob {
  readonly way: Way | 'save'
  readonly folder: string
  readonly events: number
}
