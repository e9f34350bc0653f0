import { whole } from '../../../format/number.ts'

/** `93 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** A value with as many digits as tell something. */
export function shortValue(value: number): string {
  return whole(Number(Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)))
}
