import { isObject } from '../../../format/json.ts'

/** The paths of all numbers in some documents: `revenue`, `stock.pieces`. */
export function numbersIn(documents: readonly unknown[]): readonly string[] {
  const found = new Set<string>()
  const look = (value: unknown, path: string): void => {
    if (typeof value === 'number') found.add(path)
    if (!isObject(value)) return
    for (const [name, part] of Object.entries(value)) look(part, path === '' ? name : `${path}.${name}`)
  }
  for (const document of documents) look(document, '')
  found.delete('')
  return [...found]
}
