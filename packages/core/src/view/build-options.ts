/** What a version was begun with, as it is kept with it. */
export interface BuildOptions {
  readonly switch: 'caught-up' | 'asked'
  readonly withParked: boolean
  /** Milliseconds for which the version that it replaces is kept. */
  readonly grace: number
  /** Epoch milliseconds until which it is kept itself, once retired. */
  readonly keptUntil: number
  /** Whether its documents are gone. */
  readonly isDropped: boolean
}

const day = 86_400_000

const defaults: BuildOptions = {
  switch: 'caught-up',
  withParked: false,
  grace: day,
  keptUntil: 0,
  isDropped: false,
}

export function buildOptionsOf(options: string): BuildOptions {
  return { ...defaults, ...(JSON.parse(options) as Partial<BuildOptions>) }
}

/** The options of a version, some of them changed. */
export function withOptions(options: string, changed: Partial<BuildOptions>): string {
  return JSON.stringify({ ...(JSON.parse(options) as Partial<BuildOptions>), ...changed })
}
