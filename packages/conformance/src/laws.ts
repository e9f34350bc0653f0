import { amendmentLaws } from './amend/amendments.ts'
import { boundedLaws } from './branches/bounded.ts'
import { branchLaws } from './branches/branches.ts'
import { onBranches } from './branches/chain.ts'
import { amendedViewLaws } from './amend/views.ts'
import { commandLogLaws } from './command-log.ts'
import { documentLaws } from './documents/documents.ts'
import { filterLaws } from './documents/filters.ts'
import { orderLaws } from './documents/order.ts'
import { searchLaws } from './documents/search.ts'
import { externalJournalLaws } from './external-journal.ts'
import { historyLaws } from './history/history.ts'
import { imageLaws } from './images.ts'
import type { Law } from './law.ts'
import { leaseLaws } from './leases.ts'
import { lifeLaws } from './life.ts'
import { appendLaws } from './log/append.ts'
import { conditionLaws } from './log/conditions.ts'
import { copyLaws } from './log/copies.ts'
import { inlineDocumentLaws } from './log/documents.ts'
import { expectedRevisionLaws } from './log/expected.ts'
import { isolationLaws } from './log/isolation.ts'
import { positionLaws } from './log/positions.ts'
import { raceLaws } from './log/races.ts'
import { readLaws } from './log/read.ts'
import { textLaws } from './log/texts.ts'
import { togetherLaws } from './log/together.ts'
import { crashLaws } from './processes/crashes.ts'
import { divisionLaws } from './processes/divisions.ts'
import { patienceLaws } from './processes/patience.ts'
import { processRaceLaws } from './processes/races.ts'
import { viewProcessLaws } from './processes/views.ts'
import { commitLaws } from './progress/commits.ts'
import { controlLaws } from './progress/controls.ts'
import { parkedLaws } from './progress/parking.ts'
import { partitionLaws } from './progress/partitions.ts'
import { resultLaws } from './progress/results.ts'
import { statementGuardLaws } from './sql/guard.ts'
import { statementLaws } from './sql/statements.ts'
import { userTableLaws } from './sql/tables.ts'
import { segmentLaws } from './segments.ts'
import { snapshotLaws } from './snapshots.ts'
import { viewGenerationLaws, viewVersionLaws } from './view-versions.ts'

type Group = readonly [name: string, laws: readonly Law[]]

/** What holds of main holds of any branch. */
const onBranchOfBranches = [
  ['appends', appendLaws],
  ['expected revisions', expectedRevisionLaws],
  ['conditions', conditionLaws],
  ['copies', copyLaws],
  ['documents of an append', inlineDocumentLaws],
  ['reads', readLaws],
  ['reads by position', positionLaws],
  ['tenants and branches', isolationLaws],
  ['races', raceLaws],
  ['histories', historyLaws],
  ['commands', commandLogLaws],
] as const satisfies readonly Group[]

/** The contract of each port, by port and by what it is about. */
export const contract = {
  log: [
    ['appends', appendLaws],
    ['expected revisions', expectedRevisionLaws],
    ['appends together', togetherLaws],
    ['conditions', conditionLaws],
    ['copies', copyLaws],
    ['documents of an append', inlineDocumentLaws],
    ['generations of views', viewGenerationLaws],
    ['reads', readLaws],
    ['reads by position', positionLaws],
    ['texts', textLaws],
    ['tenants and branches', isolationLaws],
    ['races', raceLaws],
    ['histories', historyLaws],
    ['amendments', amendmentLaws],
    ['views of what was amended', amendedViewLaws],
  ],
  commandLog: [['commands', commandLogLaws]],
  branches: [
    ['branches', branchLaws],
    ['the log up to a position', boundedLaws],
  ],
  branchesOfBranches: onBranchOfBranches.map(
    ([about, laws]): Group => [`${about} on a branch of branches`, onBranches(laws)],
  ),
  documents: [
    ['documents', documentLaws],
    ['filters', filterLaws],
    ['order and pages', orderLaws],
    ['search', searchLaws],
  ],
  progress: [
    ['progress', commitLaws],
    ['partitions', partitionLaws],
    ['parked events', parkedLaws],
    ['results', resultLaws],
    ['what operators say', controlLaws],
  ],
  leases: [['leases', leaseLaws]],
  sql: [
    ['statements of users', statementLaws],
    ['what statements may not do', statementGuardLaws],
    ['tables of users', userTableLaws],
  ],
  snapshots: [['snapshots', snapshotLaws]],
  segments: [['segments', segmentLaws]],
  images: [['images', imageLaws]],
  externals: [['calls to the outside', externalJournalLaws]],
  viewVersions: [['versions of views', viewVersionLaws]],
  life: [
    ['closing and opening', lifeLaws],
    ['several processes', processRaceLaws],
    ['crashes', crashLaws],
    ['partitions in several processes', divisionLaws],
    ['versions of views in several processes', viewProcessLaws],
    ['patience', patienceLaws],
  ],
} as const satisfies Record<string, readonly Group[]>
