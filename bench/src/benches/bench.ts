import type { FigureKey, Report } from '../figure.ts'
import type { Settings } from '../settings.ts'

export interface Bench {
  readonly name: string
  readonly about: string
  /** The figures that a run reports: a run that leaves one out has failed. */
  figures(settings: Settings): readonly FigureKey[]
  run(settings: Settings, report: Report): Promise<void>
}
