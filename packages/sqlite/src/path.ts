import { HeadwaterError } from '@headwater/core/errors'

/**
 * The value at a path of a document, in SQL. It goes through objects only; nothing of it comes from outside unchecked,
 * because an expression index is used only where its text is repeated, so the path can't be bound.
 *
 * @throws HeadwaterError `view.invalid-query`
 */
export function valueAt(path: string): string {
  return path === '$key' ? 'key' : ifJson(`json_extract(document, '${jsonPath(path)}')`)
}

/** The JSON text of that value. */
export function textAt(path: string): string {
  return path === '$key' ? 'json_quote(key)' : ifJson(`document -> '${jsonPath(path)}'`)
}

/** Documents in another codec than JSON have no fields to look at; SQLite parses a text once for both functions. */
function ifJson(expression: string): string {
  return `iif(typeof(document) = 'text' AND json_valid(document), ${expression}, NULL)`
}

function jsonPath(path: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*$/.test(path) || path.length > 200) {
    throw new HeadwaterError('view.invalid-query', `Not a path into a document: ${JSON.stringify(path)}`)
  }
  return `$.${path
    .split('.')
    .map((name) => `"${name}"`)
    .join('.')}`
}
