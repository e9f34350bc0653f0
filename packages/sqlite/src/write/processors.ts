import type { Database } from '../database.ts'
import { ControlWriter } from './controls.ts'
import type { OperationTable, ProcessorOperations } from './operations.ts'
import { ParkingWriter } from './parking.ts'
import { type ProgressParts, ProgressWriter } from './progress.ts'
import { ResultWriter } from './results.ts'

/** All that is written about processors. */
export class ProcessorWriters {
  readonly progress: ProgressWriter
  readonly #parking: ParkingWriter
  readonly #controls: ControlWriter

  constructor(database: Database, others: Pick<ProgressParts, 'documents' | 'userSql' | 'leases'>) {
    const controls = new ControlWriter(database)
    const results = new ResultWriter(database)
    const parking = new ParkingWriter(database, controls, results)
    this.progress = new ProgressWriter(database, { ...others, parking, results, controls })
    this.#parking = parking
    this.#controls = controls
  }

  operations(): Pick<OperationTable, keyof ProcessorOperations> {
    const progress = this.progress
    const parking = this.#parking
    const controls = this.#controls
    return {
      beginProcessor: (beginning) => progress.begin(beginning),
      arrangeProcessor: (arrangement, act) => progress.arrange(arrangement, act),
      moveProcessor: (move, act) => progress.move(move, act),
      commitProgress: (commit) => progress.commit(commit),
      resetProgress: (processor, branch) => progress.reset(processor, branch),
      editParked: (edit, act) => parking.edit(edit, act),
      dropParked: (drop, act) => parking.drop(drop, act),
      askParked: (request, act) => parking.ask(request, act),
      pauseProcessor: (processor, branch, act) => controls.pause(processor, branch, act),
      resumeProcessor: (processor, branch, act) => controls.resume(processor, branch, act),
      askReprocessing: (job, act) => controls.askReprocessing(job, act),
      endReprocessing: (end, act) => controls.endReprocessing(end, act),
    }
  }
}
