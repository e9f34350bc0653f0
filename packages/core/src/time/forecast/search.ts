/** Parameters are told apart down to this. */
const finest = 1e-6

/**
 * The parameters from 0 to 1 for which a function is least, found from each of some beginnings by steps along the axes that
 * become smaller (compass search): it needs no derivatives, and gives the same each time.
 */
export function minimise(
  cost: (parameters: readonly number[]) => number,
  beginnings: readonly (readonly number[])[],
): readonly number[] {
  let best: { readonly parameters: readonly number[]; readonly cost: number } | undefined
  for (const beginning of beginnings) {
    const found = descend(cost, beginning)
    if (best === undefined || found.cost < best.cost) best = found
  }
  return best?.parameters ?? []
}

function descend(cost: (parameters: readonly number[]) => number, beginning: readonly number[]) {
  let parameters = beginning
  let least = cost(parameters)
  for (let step = 0.2; step > finest; ) {
    const next = neighbours(parameters, step).find((candidate) => {
      const value = cost(candidate)
      if (!(value < least)) return false
      least = value
      return true
    })
    if (next === undefined) step /= 2
    else parameters = next
  }
  return { parameters, cost: least }
}

function neighbours(parameters: readonly number[], step: number): readonly (readonly number[])[] {
  return parameters.flatMap((parameter, index) =>
    [parameter + step, parameter - step]
      .map((moved) => Math.min(1, Math.max(0, moved)))
      .filter((moved) => moved !== parameter)
      .map((moved) => parameters.with(index, moved)),
  )
}
