import type { Store } from '../store.ts'
import { branched } from '../branched.ts'
import { MemoryBranches } from './branches.ts'
import { MemoryCommandLog } from './commands.ts'
import { MemoryDocuments } from './documents.ts'
import { MemoryExternalJournal } from './external-journal.ts'
import { Gate } from './gate.ts'
import { MemoryImages } from './images.ts'
import { MemoryLeases } from './leases.ts'
import { MemoryLog } from './log.ts'
import { MemoryControls } from './controls.ts'
import { MemoryParking } from './parking.ts'
import { MemoryProcessors } from './processors.ts'
import { MemoryProgress } from './progress.ts'
import { MemorySegments } from './segments.ts'
import { MemorySnapshots } from './snapshots.ts'
import { MemoryViewVersions } from './view-versions.ts'
import { MemoryResults } from './results.ts'

export interface MemoryStoreOptions {
  /** Epoch milliseconds: the store's clock, for recorded times and leases. Default: the system's. */
  readonly now?: () => number
}

/**
 * A store in memory, gone when the process ends: for tests and trials, and the reference that other stores are compared
 * with. Every call but `close` takes one turn of the event loop and is atomic.
 */
export function memoryStore({ now = () => Date.now() }: MemoryStoreOptions = {}): Store {
  const name = 'memory:'
  const gate = new Gate(name)
  const commands = new MemoryCommandLog(gate)
  const documents = new MemoryDocuments(gate)
  const leases = new MemoryLeases(gate, now)
  const processors = new MemoryProcessors()
  const progress = new MemoryProgress(gate, leases, documents, processors)
  const viewVersions: MemoryViewVersions = new MemoryViewVersions(gate, leases, progress, (...given) =>
    log.findEvent(...given),
  )
  const log: MemoryLog = new MemoryLog(gate, now, commands, documents, viewVersions)
  const snapshots = new MemorySnapshots(gate)
  const externals = new MemoryExternalJournal(gate, now)
  const branches = new MemoryBranches(gate, { log, commands, documents, snapshots, externals })
  return {
    name,
    ...branched({ log, commands, branches }),
    documents,
    leases,
    snapshots,
    images: new MemoryImages(gate, leases),
    segments: new MemorySegments(gate),
    viewVersions,
    progress,
    parking: new MemoryParking(gate, processors),
    results: new MemoryResults(gate, processors),
    controls: new MemoryControls(gate, processors),
    externals,
    close: async () => gate.close(),
  }
}
