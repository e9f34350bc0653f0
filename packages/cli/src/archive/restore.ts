import {
  type App,
  areSameCalls,
  areSameTransactions,
  type ArchiveRecord,
  HeadwaterError,
  otherCall,
  Restorer,
  type RestoreTally,
  type Store,
  transactionsOf,
} from '@headwater/core'
import { openInput } from '../import/file.ts'
import { linesOf } from '../import/lines.ts'
import { bytes, counted } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { archiveBlocks } from './read.ts'

export interface Restored extends RestoreTally {
  readonly position: number
  /** Subscriptions that go on where they stood. */
  readonly subscriptions: readonly string[]
}

/** Makes the same log of an archive. Interrupted, it goes on when it is run again. */
export async function restoreArchive(
  app: App,
  target: Store,
  path: string,
  terminal: Terminal,
): Promise<Restored> {
  const file = await openInput(path)
  const progress = terminal.progress('Importing', { total: file.size, show: bytes })
  const restorer = new Restorer({ target, app })
  const carried = new Set<string>()
  let position = 0
  try {
    for await (const { head, records } of archiveBlocks(linesOf(file.chunks, 'utf-8'))) {
      terminal.signal.throwIfAborted()
      position = head.position
      await restorer.add(transactionsIn(records))
      for (const record of records) {
        if (record.kind === 'calls') await restorer.keep(record.calls)
        if (record.kind === 'processor' && (await restorer.carryOver(record.processor)))
          carried.add(record.processor.name)
        if (record.kind === 'parked' && carried.has(record.parked[0]?.processor ?? ''))
          await restorer.park(record.parked)
      }
      progress.update(file.read(), counted(restorer.tally.events, 'event'))
    }
  } finally {
    progress.stop()
  }
  return { ...restorer.tally, position, subscriptions: [...carried] }
}

export interface Compared {
  readonly events: number
  readonly commands: number
  /** Calls to the outside. */
  readonly calls: number
}

/**
 * Compares a log with an archive, field by field; what the log has beyond it is let alone.
 *
 * @throws HeadwaterError `archive.invalid`, `archive.mismatch`
 */
export async function verifyArchive(store: Store, path: string, terminal: Terminal): Promise<Compared> {
  const file = await openInput(path)
  const progress = terminal.progress('Comparing', { total: file.size, show: bytes })
  let there: ReturnType<typeof transactionsOf> | undefined
  let events = 0
  let commands = 0
  let calls = 0
  try {
    for await (const { head, records } of archiveBlocks(linesOf(file.chunks, 'utf-8'))) {
      terminal.signal.throwIfAborted()
      there ??= transactionsOf(store, { position: 0, sequence: 0 }, head.position)
      for (const transaction of transactionsIn(records)) {
        const { value } = await there.next()
        if (value === undefined || !areSameTransactions(transaction, value))
          throw new HeadwaterError(
            'archive.mismatch',
            `The log differs from the archive after ${counted(events, 'event')} and ${counted(commands, 'command')}`,
          )
        events += transaction.events.length
        commands += transaction.command === undefined ? 0 : 1
      }
      for (const call of callsIn(records)) {
        if (!areSameCalls(call, await store.externals.find(call))) throw otherCall(call)
        calls += 1
      }
      progress.update(file.read(), counted(events, 'event'))
    }
  } finally {
    progress.stop()
  }
  return { events, commands, calls }
}

function callsIn(records: readonly ArchiveRecord[]) {
  return records.flatMap((record) => (record.kind === 'calls' ? record.calls : []))
}

function transactionsIn(records: readonly ArchiveRecord[]) {
  return records.flatMap((record) => (record.kind === 'transaction' ? [record.transaction] : []))
}
