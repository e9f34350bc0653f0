import { deviationOf, type Method } from './method.ts'

/** A straight line, by least squares. */
export const trend: Method = {
  name: 'trend',
  isSeasonal: false,
  least: () => 4,
  fit: (values) => {
    const { intercept, slope } = line(values)
    const errors = values.map((value, index) => value - (intercept + slope * index))
    const deviation = deviationOf(errors, 2)
    const count = values.length
    const middle = (count - 1) / 2
    const spread = (count * (count * count - 1)) / 12
    return {
      parameters: { intercept, slope },
      freedom: count - 2,
      at: (ahead) => {
        const place = count - 1 + ahead
        const distance = (place - middle) ** 2 / spread
        return {
          value: intercept + slope * place,
          deviation: deviation * Math.sqrt(1 + 1 / count + distance),
        }
      },
    }
  },
}

/** Through values at 0, 1, 2 and so on. */
export function line(values: readonly number[]): { readonly intercept: number; readonly slope: number } {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let products = 0
  let squares = 0
  for (const [index, value] of values.entries()) {
    products += (index - middle) * (value - mean)
    squares += (index - middle) ** 2
  }
  const slope = squares === 0 ? 0 : products / squares
  return { intercept: mean - slope * middle, slope }
}
