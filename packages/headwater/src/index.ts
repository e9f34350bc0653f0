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
  type Refusal,
  type Skip,
  type Traffic,
  type TrafficOptions,
} from '@headwater/cli'
export * from '@headwater/core'
