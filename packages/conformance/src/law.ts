import type { Capabilities } from './subject.ts'
import type { Trial } from './trial.ts'

/** Something that some stores can and some can't. */
export type Need =
  | 'durable'
  | 'virtualTime'
  | 'multiProcess'
  | 'sql'
  | 'noSql'
  | 'besideLog'
  | 'branches'
  | 'lastingLeases'
  | 'boundLeases'

/** One sentence of a port's contract and what shows that a store breaks it. */
export interface Law {
  readonly sentence: string
  readonly needs: readonly Need[]
  /** Throws if the store breaks it. */
  readonly check: (trial: Trial) => Promise<void>
}

export function law(
  sentence: string,
  check: (trial: Trial) => Promise<void>,
  ...needs: readonly Need[]
): Law {
  return { sentence, needs, check }
}

const needsMet: Record<Need, (capabilities: Capabilities) => boolean> = {
  durable: ({ durable }) => durable === true,
  virtualTime: ({ virtualTime }) => virtualTime === true,
  multiProcess: ({ multiProcess }) => multiProcess !== undefined,
  sql: ({ sql }) => sql === true,
  noSql: ({ sql }) => sql !== true,
  besideLog: ({ documentsAlone }) => documentsAlone !== true,
  branches: ({ branches }) => branches === true,
  lastingLeases: ({ leasesEndWithStore }) => leasesEndWithStore !== true,
  boundLeases: ({ leasesEndWithStore }) => leasesEndWithStore === true,
}

const lacks: Record<Need, string> = {
  durable: 'the store keeps nothing when it is closed',
  virtualTime: 'the store takes no clock',
  multiProcess: 'the store serves one process',
  sql: 'the store keeps no tables for users',
  noSql: 'the store keeps tables for users',
  besideLog: 'the documents lie in a database without the log',
  branches: 'the store keeps no branches',
  lastingLeases: 'a lease ends with the store of its holder',
  boundLeases: 'a lease lasts until it runs out',
}

/** Why a law doesn't concern a store; undefined: it does. */
export function reasonToSkip({ needs }: Law, capabilities: Capabilities): string | undefined {
  const missing = needs.filter((need) => !needsMet[need](capabilities))
  return missing.length === 0 ? undefined : missing.map((need) => lacks[need]).join(', ')
}
