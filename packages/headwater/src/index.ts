export {
  type Config,
  importMap,
  type ImportMap,
  type ImportMapDefinition,
  type Mapped,
  type MappedCommand,
  type Mapping,
  open,
  type OpenDatabaseOptions,
  type RefusedRow,
  segmentFile,
  type Skip,
  type Traffic,
  type TrafficOptions,
} from '@headwater/cli'
export * from '@headwater/core'
export {
  type DrawOptions,
  type FlowOptions,
  flowToMermaid,
  flowToSvg,
  toMermaid,
  toSvg,
} from '@headwater/draw'
export { sqliteViews, type SqliteViewsOptions } from '@headwater/sqlite'
