import type { Store } from '../store.ts'
import { MemoryCommandLog } from './commands.ts'
import { MemoryDocuments } from './documents.ts'
import { Gate } from './gate.ts'
import { MemoryLeases } from './leases.ts'
import { MemoryLog } from './log.ts'
import { MemoryProgress } from './progress.ts'

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
  return {
    name,
    log: new MemoryLog(gate, now, commands, documents),
    commands,
    documents,
    leases,
    progress: new MemoryProgress(gate, leases, documents),
    close: async () => gate.close(),
  }
}
