import type { Port } from '@headwater/conformance'

/** Which file tests what: several processes share the time that it takes. */
export const files = {
  branches: ['branches', 'branchesOfBranches'],
  documents: ['documents', 'viewVersions'],
  log: ['log', 'commandLog'],
  processes: ['life'],
  progress: ['progress', 'leases', 'segments', 'externals', 'snapshots', 'images'],
  sql: ['sql'],
} as const satisfies Readonly<Record<string, readonly Port[]>>
