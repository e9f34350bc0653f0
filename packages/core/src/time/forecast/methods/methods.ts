import type { ForecastMethod, Method } from './method.ts'
import { drift, naive, seasonalNaive } from './naive.ts'
import { holt, holtWinters } from './smoothing.ts'
import { trend } from './trend.ts'

/** The simplest ones first: they win where others are no better. */
export const methods: readonly Method[] = [naive, seasonalNaive, drift, trend, holt, holtWinters]

export const methodNames: readonly ForecastMethod[] = methods.map(({ name }) => name)
