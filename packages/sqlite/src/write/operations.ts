import type {
  Act,
  AppendedTogether,
  AppendRequest,
  AppendResult,
  Arrangement,
  Beginning,
  BranchCreated,
  BranchDropped,
  CallIntent,
  CallSettlement,
  CallsToPrune,
  ImageHead,
  ImagePart,
  JournaledCall,
  Lease,
  Move,
  NewBranch,
  ParkedDrop,
  ParkedEdit,
  ProgressCommit,
  ReprocessingEnd,
  ReprocessingRequest,
  RetryRequest,
  SealedSegment,
  SnapshotRow,
  SnapshotsToDrop,
  SqlStep,
  ViewVersionsChange,
  ViewVersionsChanged,
} from '@headwater/core'

/** All that writes, as it goes through the one writer of a process. Arguments and results can be cloned to a thread. */
export interface Operations extends ProcessorOperations {
  append(requests: readonly AppendRequest[]): readonly AppendResult[]
  appendTogether(requests: readonly AppendRequest[]): AppendedTogether
  acquireLease(name: string, owner: string, duration: number): Lease | undefined
  renewLease(lease: Lease, duration: number): boolean
  releaseLease(lease: Lease): void
  defineCollection(collection: string, indexes: readonly string[], isSearchable: boolean): void
  shrinkCollection(collection: string): boolean
  dropCollection(collection: string): void
  migrateTables(owner: string, steps: readonly SqlStep[]): void
  dropTables(owner: string): void
  saveSnapshots(rows: readonly SnapshotRow[]): void
  dropSnapshots(which: SnapshotsToDrop): number
  addImageParts(parts: readonly ImagePart[]): void
  publishImage(head: ImageHead, lease: Lease): void
  pruneImage(image: string, branch: number, keep: readonly string[], limit: number): number
  dropImage(image: string, branch: number): void
  sealSegment(segment: SealedSegment): boolean
  intendCall(call: CallIntent): JournaledCall
  settleCall(call: CallIntent, settlement: CallSettlement): JournaledCall
  keepCalls(calls: readonly JournaledCall[]): number
  pruneCalls(which: CallsToPrune): number
  createBranch(branch: NewBranch): BranchCreated
  setBranchClock(id: number, offset: number): boolean
  hideBranch(id: number): BranchDropped
  shrinkBranches(): boolean
  changeViewVersions(change: ViewVersionsChange): ViewVersionsChanged
}

/** What is written about processors. */
export interface ProcessorOperations {
  beginProcessor(beginning: Beginning): void
  arrangeProcessor(arrangement: Arrangement, act: Act | undefined): boolean
  moveProcessor(move: Move, act: Act): boolean
  commitProgress(commit: ProgressCommit): void
  resetProgress(processor: string, branch: number): void
  editParked(edit: ParkedEdit, act: Act): boolean
  dropParked(drop: ParkedDrop, act: Act): number
  askParked(request: RetryRequest, act: Act): number
  pauseProcessor(processor: string, branch: number, act: Act): void
  resumeProcessor(processor: string, branch: number, act: Act): void
  askReprocessing(job: ReprocessingRequest, act: Act): void
  endReprocessing(end: ReprocessingEnd, act: Act | undefined): boolean
}

export type OperationName = keyof Operations
export type Arguments = { [Name in OperationName]: Parameters<Operations[Name]> }
export type Results = { [Name in OperationName]: ReturnType<Operations[Name]> }
export type OperationTable = { readonly [Name in OperationName]: (...args: Arguments[Name]) => Results[Name] }

export type Call<Name extends OperationName = OperationName> = {
  [One in Name]: { readonly name: One; readonly args: Arguments[One] }
}[Name]

export type Settled = { readonly value: Results[OperationName] } | { readonly error: unknown }
