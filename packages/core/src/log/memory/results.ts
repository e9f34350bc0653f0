import { compareText } from '../order.ts'
import type { ProcessingResult, Results, ResultsQuery } from '../results.ts'
import type { Gate } from './gate.ts'
import type { MemoryProcessors } from './processors.ts'

export class MemoryResults implements Results {
  readonly #gate: Gate
  readonly #processors: MemoryProcessors

  constructor(gate: Gate, processors: MemoryProcessors) {
    this.#gate = gate
    this.#processors = processors
  }

  async list(query: ResultsQuery): Promise<readonly ProcessingResult[]> {
    await this.#gate.pass()
    const { branch, processor, tenant, position, after = 0, limit } = query
    return this.#processors
      .all(branch)
      .filter(({ name }) => processor === undefined || name === processor)
      .flatMap(({ results }) => [...results.values()])
      .filter((result) => result.position > after)
      .filter((result) => tenant === undefined || result.tenant === tenant)
      .filter((result) => position === undefined || result.position === position)
      .sort(compareResults)
      .slice(0, limit)
  }
}

function compareResults(one: ProcessingResult, other: ProcessingResult): number {
  return (
    one.position - other.position ||
    compareText(one.processor, other.processor) ||
    compareText(one.sequence, other.sequence)
  )
}
