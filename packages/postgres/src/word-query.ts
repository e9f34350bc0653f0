import type { DocumentQuery } from '@headwater/core'
import { createHash } from 'node:crypto'
import { storedKey } from './keys.ts'
import type { Parameters } from './parameters.ts'

/** The only word of a document that has too many of them for a vector. */
const manyWords = '§'

/** That a document has all of the words, and one that begins like the last of them. */
export function hasWords(
  search: readonly string[],
  { branch, tenant }: Pick<DocumentQuery, 'branch' | 'tenant'>,
  bound: Parameters,
): string {
  const whole = search.slice(0, -1)
  const beginning = search.at(-1) ?? ''
  const wanted = [...whole.map(lexeme), ...(beginning === '' ? [] : [`${lexeme(beginning)}:*`])]
  const query =
    wanted.length === 0
      ? lexeme(scopeWord(branch, tenant))
      : `${lexeme(scopeWord(branch, tenant))} & (${lexeme(manyWords)} | (${wanted.join(' & ')}))`
  const parts = [...whole.map((word) => ` ${word} `), ` ${beginning}`]
  const inMany = parts.map((part) => `position(${bound.add(part)} IN many_words) > 0`)
  return `words @@ ${bound.add(query)}::tsquery AND (many_words IS NULL OR (${inMany.join(' AND ')}))`
}

/** A word that all documents of a branch and tenant have and that no text holds: the index passes over those of others. */
function scopeWord(branch: number, tenant: string): string {
  return `§${branch}§${createHash('md5').update(storedKey(tenant)).digest('hex')}`
}

function lexeme(word: string): string {
  return `'${word.replaceAll('\\', '').replaceAll("'", "''")}'`
}
