import type { Act } from '@headwater/core'
import type { Call } from './database.ts'
import { readable } from './readable.ts'
import { prepared } from './sql.ts'

const sql = prepared('controls')

/**
 * Something was said about a processor. It locks the processor's row: whatever else a transaction locks comes before it.
 *
 * @param declared into how many partitions the code divides it; undefined: that stays
 */
export function changed(processor: string, branch: number, declared?: number): Call {
  return { statement: sql('change'), values: [processor, branch, declared ?? null] }
}

/** Keeps what an operator did; it says itself that something was said. */
export function noted(processor: string, branch: number, act: Act): readonly Call[] {
  return [kept(processor, branch, act), changed(processor, branch)]
}

/** The same for what is itself a change of what is said. */
export function kept(processor: string, branch: number, { kind, actor, why, at, details }: Act): Call {
  return {
    statement: sql('note'),
    values: [processor, branch, kind, readable(actor), readable(why), at, details],
  }
}

export function forgottenControls(processor: string, branch: number): readonly Call[] {
  return ['forget', 'forget-acts', 'forget-reprocessing'].map((name) => ({
    statement: sql(name),
    values: [processor, branch],
  }))
}
