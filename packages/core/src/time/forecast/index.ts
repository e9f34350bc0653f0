export type * from './forecast.ts'
