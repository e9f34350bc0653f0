import type { BranchRow } from '@headwater/core'

export type BranchColumns = [
  id: number,
  tenant: string,
  name: string,
  parent: number,
  base: number,
  baseRecordedAt: number | null,
  baseSequence: number,
  clock: number,
  actor: string | null,
  createdAt: number,
]

export function branchRow(columns: BranchColumns): BranchRow {
  return {
    id: columns[0],
    tenant: columns[1],
    name: columns[2],
    parent: columns[3],
    base: { position: columns[4], recordedAt: columns[5] ?? undefined, sequence: columns[6] },
    clock: columns[7],
    actor: columns[8],
    createdAt: columns[9],
  }
}
