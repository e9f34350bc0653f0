import { longestSortable } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'

/**
 * The value at a path of a document, in SQL, as far as an index holds it. Nothing of it comes from outside unchecked: an
 * expression index is used only where its text is repeated, so the path can't be bound.
 *
 * @throws HeadwaterError `view.invalid-query`
 */
export function valueAt(path: string): string {
  return `scalar_at(document, '{${namesOf(path).join(',')}}'::text[], ${longestSortable})`
}

/** The whole value. */
export function wholeValueAt(path: string): string {
  return `scalar_at(document, '{${namesOf(path).join(',')}}'::text[], ${longestText})`
}

/** PostgreSQL's texts are no longer than a gigabyte. */
const longestText = 2 ** 30

function namesOf(path: string): readonly string[] {
  if (!/^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*$/.test(path) || path.length > 200)
    throw new HeadwaterError('view.invalid-query', `Not a path into a document: ${JSON.stringify(path)}`)
  // In quotes: a name may be NULL.
  return path.split('.').map((name) => `"${name}"`)
}
