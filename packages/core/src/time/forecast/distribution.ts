/**
 * Which value a variable with Student's distribution stays below with a probability. With many degrees of freedom it is that
 * of the normal distribution.
 */
export function studentQuantile(probability: number, freedom: number): number {
  if (probability === 0.5) return 0
  if (probability < 0.5) return -studentQuantile(1 - probability, freedom)
  let high = 1
  while (studentProbability(high, freedom) < probability && high < 1e8) high *= 2
  let low = 0
  // Halved until doubles can't tell the two apart.
  for (let middle = high / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (studentProbability(middle, freedom) < probability) low = middle
    else high = middle
  }
  return high
}

/** With which probability such a variable stays below a value from 0 on. */
function studentProbability(value: number, freedom: number): number {
  return 1 - incompleteBeta(freedom / 2, 0.5, freedom / (freedom + value * value)) / 2
}

/** The regularised incomplete beta function, by its continued fraction (Lentz; Abramowitz and Stegun 26.5.8). */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x))
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(a, b, x)) / a
    : 1 - (front * continuedFraction(b, a, 1 - x)) / b
}

function continuedFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300
  const apart = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / apart(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 500; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let factor = 1
    for (const step of [even, odd]) {
      d = 1 / apart(1 + step * d)
      c = apart(1 + step / c)
      factor = d * c
      result *= factor
    }
    if (Math.abs(factor - 1) < 1e-15) break
  }
  return result
}

/** Lanczos' approximation (g = 7, 9 terms), for positive values. */
function logGamma(x: number): number {
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const base = x - 1 + 7.5
  const sum = terms.reduce((total, term, index) => total + term / (x + index), 0.99999999999980993)
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum)
}
