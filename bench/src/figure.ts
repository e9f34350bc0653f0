/** One line of a bench's output. */
export interface Figure {
  readonly bench: string
  readonly peer: string
  readonly callers: number
  readonly figure: string
  /** Null where only the peers were run. */
  readonly ours: number | null
  readonly theirs: number
  readonly unit: Unit
  /** Above 1: ours is better. Null where there is nothing to divide. */
  readonly ratio: number | null
}

export type Unit = '/s' | 'ms' | 'MB' | 'µs'

export type Report = (figure: Figure) => void

/** Which figure a line is about. */
export type FigureKey = Pick<Figure, 'bench' | 'peer' | 'callers' | 'figure'>

/** Of rates the higher is better, of durations and sizes the lower. */
export function figure(key: FigureKey, ours: number | undefined, theirs: number, unit: Unit): Figure {
  const [above, below] = unit === '/s' ? [ours, theirs] : [theirs, ours]
  const ratio = above === undefined || below === undefined || below === 0 ? null : above / below
  return {
    bench: key.bench,
    peer: key.peer,
    callers: key.callers,
    figure: key.figure,
    ours: ours === undefined ? null : round(ours),
    theirs: round(theirs),
    unit,
    ratio: ratio === null ? null : round(ratio),
  }
}

export function keyText({ bench, peer, callers, figure: name }: FigureKey): string {
  return `${bench}/${peer}/${callers}/${name}`
}

/** To four digits: more is noise. */
function round(value: number): number {
  return Number(value.toPrecision(4))
}
