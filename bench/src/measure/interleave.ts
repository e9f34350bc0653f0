import { median } from './statistics.ts'

/** Something that is measured in turns with others. */
export interface Turn {
  readonly name: string
  /** One slice; its figure. */
  measure(): Promise<number>
}

/**
 * Measures all in turns, A B C C B A …, so that a slow minute of the machine, or a growing heap, hits everyone.
 * The first round warms up and isn't counted. Returns the median of each.
 */
export async function interleave(
  turns: readonly Turn[],
  rounds: number,
  { warmUp = true }: { warmUp?: boolean } = {},
): Promise<ReadonlyMap<string, number>> {
  const figures = new Map<string, number[]>(turns.map(({ name }) => [name, []]))
  for (let round = warmUp ? -1 : 0; round < rounds; round++) {
    const order = round % 2 === 0 ? turns : turns.toReversed()
    for (const turn of order) {
      globalThis.gc?.()
      const figure = await turn.measure()
      if (round >= 0) figures.get(turn.name)?.push(figure)
    }
  }
  return new Map([...figures].map(([name, values]) => [name, median(values)]))
}
