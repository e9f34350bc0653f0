import { reference, type Schema } from './json-schema.ts'

export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'header' | 'path'
  readonly required?: boolean
  readonly description: string
  readonly schema: Schema
  readonly style?: string
  readonly explode?: boolean
}

export interface Answer {
  readonly description: string
  readonly headers?: Readonly<Record<string, object>>
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, Answer>>
}

export const positionSchema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

export function queryParameter(name: string, description: string, schema: Schema): Parameter {
  return { name, in: 'query', description, schema }
}

export function headerParameter(name: string, description: string, schema: Schema): Parameter {
  return { name, in: 'header', description, schema }
}

export function pathParameter(name: string, description: string): Parameter {
  return { name, in: 'path', required: true, description, schema: { type: 'string', minLength: 1 } }
}

/** Of a route that is about main alone. */
export const branchParameter = queryParameter('branch', 'Only main has it.', { const: 'main' })

/** Of a route that is about the log wherever it is read or written. */
export const onBranchParameter = queryParameter('branch', 'On which branch of the tenant’s. Default: main.', {
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$',
  default: 'main',
})

export const onlyMain = problem('What is asked for is not there on a branch.', ['branch.main-only'])

export const noBranch = problem('The tenant has no branch of this name.', ['branch.unknown'])

export const atParameter = queryParameter(
  'at',
  'As of when: a position of the log, which is what was recorded up to it, or a time, which is what had occurred by then. Default: now.',
  { anyOf: [positionSchema, { type: 'string', format: 'date-time' }, { type: 'string', format: 'date' }] },
)

export const knownParameter = queryParameter(
  'known',
  'As it was believed when the log ended at this position, before later events were amended. Default: as it is known today.',
  positionSchema,
)

export const notYet = problem('The log ends before the position in `at` or `known`.', ['time.not-yet'])

export const asParameter = queryParameter(
  'as',
  'Events of the current version of their schema, or with the data and the version that were recorded.',
  { enum: ['current', 'recorded'], default: 'current' },
)

export const tenantParameter = headerParameter(
  'Headwater-Tenant',
  'Of which tenant; default: that of the sender, else the one without a name.',
  { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:@-]{0,62}$' },
)

export const allTenantsParameter = queryParameter(
  'allTenants',
  'Of all tenants at once, for those who may reach any; each item then has its `tenant`.',
  { type: 'boolean', default: false },
)

export function limitParameter(of: string): Parameter {
  return queryParameter('limit', `How many ${of} a page holds.`, {
    type: 'integer',
    minimum: 1,
    maximum: 1_000,
    default: 100,
  })
}

/** JSON of a schema; 200. */
export function json(
  description: string,
  schema: Schema,
  headers?: Readonly<Record<string, object>>,
): Answer {
  return {
    description,
    ...(headers !== undefined && { headers }),
    content: { 'application/json': { schema } },
  }
}

/** Problem documents for a status, with the codes that come with it. */
export function problem(
  description: string,
  codes: readonly string[] = [],
  headers?: Readonly<Record<string, object>>,
): Answer {
  const schema: Schema =
    codes.length === 0
      ? reference('Problem')
      : { allOf: [reference('Problem'), { type: 'object', properties: { code: { enum: codes } } }] }
  return {
    description,
    ...(headers !== undefined && { headers }),
    content: { 'application/problem+json': { schema } },
  }
}

export const revisionTag = {
  ETag: {
    description: 'The stream’s revision in double quotes.',
    schema: { type: 'string', pattern: '^"\\d+"$' },
  },
}

export const contentTag = {
  ETag: {
    description: 'Sent back as If-None-Match it is answered with 304 while nothing has changed.',
    schema: { type: 'string' },
  },
}

export const ifNoneMatch = headerParameter(
  'If-None-Match',
  'The ETag of an earlier answer: 304 if it is still the same.',
  {
    type: 'string',
  },
)

export const notModified: Answer = { description: 'It is still what the ETag in If-None-Match stands for.' }

const retryAfter = {
  'Retry-After': { description: 'Seconds to wait before trying again.', schema: { type: 'integer' } },
}

export const forbidden = problem('The sender may not reach this tenant.', ['tenant.forbidden'])
export const badRequest = problem(
  'The request is not well-formed, or asks for what this version does not do; `errors` names each faulty parameter or header.',
  ['request.malformed', 'request.unsupported', 'tenant.invalid-name', 'tenant.required'],
)
export const failed = problem('A failure of the server; the log has it under the problem’s `requestId`.')
export const unavailable = problem(
  'The server is overloaded, busy or shutting down: try again, commands with the same Idempotency-Key.',
  [],
  retryAfter,
)

/** The answers that any route may give. */
export const always = { '400': badRequest, '500': failed, '503': unavailable } as const

/** The answers that a route of tenants may give. */
export const ofTenant = { ...always, '403': forbidden } as const
