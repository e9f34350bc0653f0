export { check, type Checked, type History, storedHistory } from './check/check.ts'
export { type Finding, type FindingKind, findingKinds } from './check/finding.ts'
export type { Blow, Blows } from './nemesis.ts'
export { soak, type SoakOptions, type SoakProgress, type SoakReport } from './soak.ts'
