import type { AppendRequest, AppendResult, Lease, ProgressCommit } from '@headwater/core'

/** All that writes, as it goes through the one writer of a process. Arguments and results can be cloned to a thread. */
export interface Operations {
  append(requests: readonly AppendRequest[]): readonly AppendResult[]
  commitProgress(commit: ProgressCommit): void
  resetProgress(processor: string, branch: number): void
  acquireLease(name: string, owner: string, duration: number): Lease | undefined
  renewLease(lease: Lease, duration: number): boolean
  releaseLease(lease: Lease): void
  defineCollection(collection: string, indexes: readonly string[]): void
  dropCollection(collection: string): void
}

export type OperationName = keyof Operations
export type Arguments = { [Name in OperationName]: Parameters<Operations[Name]> }
export type Results = { [Name in OperationName]: ReturnType<Operations[Name]> }
export type OperationTable = { readonly [Name in OperationName]: (...args: Arguments[Name]) => Results[Name] }

export type Call<Name extends OperationName = OperationName> = {
  [One in Name]: { readonly name: One; readonly args: Arguments[One] }
}[Name]

export type Settled = { readonly value: Results[OperationName] } | { readonly error: unknown }
