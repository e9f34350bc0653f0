import type { Act, ActKind } from '../log/controls.ts'

/** Who does something to a processor, and why: kept with what was done. */
export interface ActOptions {
  readonly actor?: string | null
  readonly why?: string
}

/** @param details what it concerned; no payload */
export function actOf(
  kind: ActKind,
  { actor = null, why }: ActOptions,
  at: number,
  details: Readonly<Record<string, unknown>> = {},
): Act {
  return { kind, actor, why: why ?? null, at, details: JSON.stringify(details) }
}
