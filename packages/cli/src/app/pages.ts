import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of an app's own pages: `public` beside the app, if it holds an index.html. */
export function findPages(folder: string): string | undefined {
  const pages = join(folder, 'public')
  return existsSync(join(pages, 'index.html')) ? pages : undefined
}
