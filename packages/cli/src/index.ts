/** For the authors of apps. The command line itself is loaded only when it runs. */
export { open, type OpenDatabaseOptions } from './app/open.ts'
export { segmentFile } from './archive/segment-file.ts'
export type { Config } from './app/config.ts'
export type { Traffic, TrafficOptions } from './dev/traffic.ts'
export {
  importMap,
  type ImportMap,
  type ImportMapDefinition,
  type Mapped,
  type MappedCommand,
  type Mapping,
  type RefusedRow,
  type Skip,
} from './import/map.ts'
