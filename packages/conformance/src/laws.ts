import { commandLogLaws } from './command-log.ts'
import { documentLaws } from './documents/documents.ts'
import { filterLaws } from './documents/filters.ts'
import { orderLaws } from './documents/order.ts'
import { historyLaws } from './history/history.ts'
import type { Law } from './law.ts'
import { leaseLaws } from './leases.ts'
import { lifeLaws } from './life.ts'
import { appendLaws } from './log/append.ts'
import { conditionLaws } from './log/conditions.ts'
import { inlineDocumentLaws } from './log/documents.ts'
import { expectedRevisionLaws } from './log/expected.ts'
import { isolationLaws } from './log/isolation.ts'
import { raceLaws } from './log/races.ts'
import { readLaws } from './log/read.ts'
import { crashLaws } from './processes/crashes.ts'
import { patienceLaws } from './processes/patience.ts'
import { processRaceLaws } from './processes/races.ts'
import { progressLaws } from './progress.ts'

type Group = readonly [name: string, laws: readonly Law[]]

/** The contract of each port, by port and by what it is about. */
export const contract = {
  log: [
    ['appends', appendLaws],
    ['expected revisions', expectedRevisionLaws],
    ['conditions', conditionLaws],
    ['documents of an append', inlineDocumentLaws],
    ['reads', readLaws],
    ['tenants and branches', isolationLaws],
    ['races', raceLaws],
    ['histories', historyLaws],
  ],
  commandLog: [['commands', commandLogLaws]],
  documents: [
    ['documents', documentLaws],
    ['filters', filterLaws],
    ['order and pages', orderLaws],
  ],
  progress: [['progress', progressLaws]],
  leases: [['leases', leaseLaws]],
  life: [
    ['closing and opening', lifeLaws],
    ['several processes', processRaceLaws],
    ['crashes', crashLaws],
    ['patience', patienceLaws],
  ],
} as const satisfies Record<string, readonly Group[]>
