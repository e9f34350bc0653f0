import { isHeadwaterError, tenantNamed } from '@headwater/core'

/** What an import needs of an exported event. */
export interface Envelope {
  readonly id: string
  readonly type: string
  /** Of the schema of `data`; undefined: the current one. */
  readonly version: number | undefined
  readonly stream: string
  readonly revision: number
  readonly occurredAt: string
  readonly actor: string | null
  readonly correlationId: string | null
  readonly causationId: string | null
  readonly data: unknown
  /** Where events of all tenants were exported. */
  readonly tenant: string | undefined
}

/** Reads an exported event; gives what is wrong with it where it is none. */
export function readEnvelope(value: Readonly<Record<string, unknown>>): Envelope | string {
  const { id, type, version, stream, revision, occurredAt, data, tenant } = value
  if (typeof id !== 'string' || id === '') return 'id: is no text'
  if (typeof type !== 'string' || type === '') return 'type: is no text'
  if (typeof stream !== 'string' || stream === '') return 'stream: is no text'
  if (typeof revision !== 'number' || !Number.isInteger(revision) || revision < 1)
    return 'revision: is no number from 1 on'
  if (tenant !== undefined && !isTenantName(tenant)) return 'tenant: is no name of a tenant'
  if (version !== undefined && (typeof version !== 'number' || !Number.isInteger(version) || version < 1))
    return 'version: is no number from 1 on'
  if (typeof occurredAt !== 'string' || Number.isNaN(Date.parse(occurredAt))) return 'occurredAt: is no time'
  return {
    id,
    type,
    version,
    stream,
    revision,
    occurredAt,
    actor: textOrNull(value['actor']),
    correlationId: textOrNull(value['correlationId']),
    causationId: textOrNull(value['causationId']),
    data,
    tenant,
  }
}

function isTenantName(value: unknown): value is string {
  try {
    return typeof value === 'string' && tenantNamed(value) === value
  } catch (error) {
    if (isHeadwaterError(error, 'tenant.invalid-name')) return false
    throw error
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
