import type { Headwater } from '@headwater/core'
import { bytes, counted } from '../terminal/format.ts'
import type { Progress } from '../terminal/progress.ts'
import type { Scope } from '../source/scope.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type CommandTally, importCommands } from './commands.ts'
import { csvRecords } from './csv.ts'
import { type EventTally, importEvents } from './events.ts'
import { type InputFile, openInput } from './file.ts'
import type { RefusedLine } from './groups.ts'
import { linesOf } from './lines.ts'
import type { ImportMap } from './map.ts'
import { type Listing, openListing } from '../terminal/listing.ts'
import { jsonLineRecords, type SourceRecord } from './source.ts'

export interface ImportTask {
  /** Undefined: the file holds exported events. */
  readonly map: ImportMap | undefined
  readonly refused: string | undefined
  readonly concurrency: number
  /** Whose it becomes. */
  readonly scope: Scope
  readonly terminal: Terminal
}

interface RefusedSummary {
  /** The first thousand. */
  readonly refusedLines: readonly RefusedLine[]
  readonly refusedCount: number
  /** Where all of them are listed. */
  readonly refusedFile: string | null
}

export type ImportSummary = { readonly file: string } & RefusedSummary &
  (({ readonly kind: 'commands' } & CommandTally) | ({ readonly kind: 'events' } & EventTally))

/**
 * Reads a file, of which no more than a few lines are in memory at a time.
 *
 * @throws HeadwaterError `import.failed`, CliError `cli.file-not-found`
 */
export async function importFile(
  headwater: Headwater,
  path: string,
  task: ImportTask,
): Promise<ImportSummary> {
  const { map, concurrency, scope, terminal } = task
  const file = await openInput(path)
  const refusals = await openListing<RefusedLine>(task.refused)
  const progress = terminal.progress('Importing', { total: file.size, show: bytes })
  const records = recordsOf(file, map)
  const shared = { headwater, refusals, concurrency, scope, signal: terminal.signal, records }
  try {
    if (map === undefined) {
      const onProgress = progressOf(progress, file, refusals, 'event')
      const tally = await importEvents({ ...shared, onProgress: ({ events }) => onProgress(events) })
      return { kind: 'events', file: file.name, ...tally, ...summaryOf(refusals, task.refused) }
    }
    const onProgress = progressOf(progress, file, refusals, 'command')
    const tally = await importCommands({ ...shared, map, onProgress: ({ accepted }) => onProgress(accepted) })
    return { kind: 'commands', file: file.name, ...tally, ...summaryOf(refusals, task.refused) }
  } finally {
    progress.stop()
    await refusals.close()
  }
}

function recordsOf(file: InputFile, map: ImportMap | undefined): AsyncIterable<readonly SourceRecord[]> {
  const lines = linesOf(file.chunks, map?.encoding ?? 'utf-8')
  return map?.format === 'csv' ? csvRecords(lines, map.delimiter) : jsonLineRecords(lines)
}

function progressOf(
  progress: Progress,
  file: InputFile,
  refusals: Listing<RefusedLine>,
  what: string,
): (done: number) => void {
  return (done) => {
    const refused = refusals.count === 0 ? '' : `, ${counted(refusals.count, 'line')} refused`
    progress.update(file.read(), `${counted(done, what)}${refused}`)
  }
}

function summaryOf(refusals: Listing<RefusedLine>, refusedFile: string | undefined): RefusedSummary {
  return { refusedLines: refusals.kept, refusedCount: refusals.count, refusedFile: refusedFile ?? null }
}
