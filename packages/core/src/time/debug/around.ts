import type { ViewReader } from '../../view/reader.ts'

/** Reads a document right before and right after the event at a position; null: there was none. */
export interface AroundReader {
  around(key: string, tenant: string, position: number): Promise<readonly [unknown, unknown]>
}

/** Readers of an app read the past; another one is asked twice. */
export function aroundOf(reader: ViewReader<unknown>): AroundReader {
  if (isAroundReader(reader)) return reader
  return {
    around: async (key, tenant, position) => {
      const at = async (moment: number) => (await reader.get(key, { tenant, at: moment }))?.doc ?? null
      return Promise.all([at(position - 1), at(position)])
    },
  }
}

function isAroundReader(reader: object): reader is AroundReader {
  return 'around' in reader && typeof reader.around === 'function'
}
