/** Two things that belong together; either may be alone. */
export interface Pair<One, Other> {
  readonly one: One | undefined
  readonly other: Other | undefined
}

/** What it costs to leave one alone. */
const alone = 2

/**
 * Puts two lists beside each other, in order, as cheaply as can be (Wagner and Fischer).
 *
 * @param costOf how badly two fit: 0: the same; above 4 they are better left alone
 */
export function align<One, Other>(
  ones: readonly One[],
  others: readonly Other[],
  costOf: (one: One, other: Other) => number,
): readonly Pair<One, Other>[] {
  const fits = ones.map((one) => others.map((other) => costOf(one, other)))
  const rest = costsOfRest(fits, ones.length, others.length)
  const pairs: Pair<One, Other>[] = []
  for (let row = 0, column = 0; row < ones.length || column < others.length; ) {
    const cost = at(rest, row, column)
    const isPair = cost === at(fits, row, column) + at(rest, row + 1, column + 1)
    const isOne = isPair || cost === alone + at(rest, row + 1, column)
    const isOther = isPair || !isOne
    pairs.push({ one: isOne ? ones[row] : undefined, other: isOther ? others[column] : undefined })
    row += Number(isOne)
    column += Number(isOther)
  }
  return pairs
}

/** What it costs to align what is left, from each place on. */
function costsOfRest(fits: readonly (readonly number[])[], rows: number, columns: number): number[][] {
  const rest: number[][] = Array.from({ length: rows + 1 }, () => [])
  for (let row = rows; row >= 0; row -= 1) {
    for (let column = columns; column >= 0; column -= 1) {
      const cheapest = Math.min(
        at(fits, row, column) + at(rest, row + 1, column + 1),
        alone + at(rest, row + 1, column),
        alone + at(rest, row, column + 1),
      )
      const line = rest[row]
      if (line !== undefined) line[column] = row === rows && column === columns ? 0 : cheapest
    }
  }
  return rest
}

function at(matrix: readonly (readonly number[])[], row: number, column: number): number {
  return matrix[row]?.[column] ?? Number.POSITIVE_INFINITY
}
