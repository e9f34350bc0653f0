import { join } from 'node:path'

/** The file of our database in a folder. */
export const ourFile = 'headwater.db'
/** That of the raw peer. */
export const rawFile = 'raw.db'

/** Our database at a place: a file in a folder, or a database of PostgreSQL that is given by its URL. */
export function databaseAt(place: string): string {
  return isServer(place) ? place : join(place, ourFile)
}

export function isServer(place: string): boolean {
  return /^postgres(?:ql)?:/.test(place)
}
