import type { FigureKey, Report } from '../figure.ts'
import type { Settings } from '../settings.ts'

export interface Bench {
  readonly name: string
  readonly about: string
  /** Why it can't be run here, as something is missing; undefined: it can. */
  missing?(): Promise<string | undefined>
  /** The figures that a run reports: a run that leaves one out has failed. */
  figures(settings: Settings): readonly FigureKey[]
  run(settings: Settings, report: Report): Promise<void>
}
