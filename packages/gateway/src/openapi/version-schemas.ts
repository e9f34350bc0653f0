import { list, object, type Schema } from './json-schema.ts'

const text: Schema = { type: 'string' }
const textOrNull: Schema = { type: ['string', 'null'] }
const count: Schema = { type: 'integer', minimum: 0 }
const number: Schema = { type: 'integer', minimum: 1 }
const time: Schema = { type: 'string', format: 'date-time' }
const flag: Schema = { type: 'boolean' }

/** How far a rebuild is. */
export const rebuildProgress = object({
  view: text,
  version: number,
  state: {
    description:
      '`building`: it catches up; `ready`: it has, and waits to be switched to; `blocked`: it has, but events are parked; ' +
      '`switched`: it has taken over; `failed`: it was given up.',
    enum: ['building', 'ready', 'blocked', 'switched', 'failed'],
  },
  position: count,
  head: count,
  fraction: { type: 'number', minimum: 0, maximum: 1 },
  rate: { type: ['number', 'null'], description: 'Positions a second; null: not known yet.' },
  secondsLeft: { type: ['number', 'null'] },
  parked: { type: 'integer', minimum: 0, maximum: 1_000, description: 'Counted up to 1,000.' },
  errors: list(
    object({
      tenant: text,
      sequence: text,
      position: number,
      attempts: count,
      error: textOrNull,
      parkedAt: time,
    }),
  ),
  startedAt: time,
  startedBy: text,
  isHere: { type: 'boolean', description: 'Whether the server that answers builds it.' },
  reason: textOrNull,
})

export const viewVersionList = object({
  versions: list(
    object({
      version: number,
      state: { enum: ['building', 'current', 'retired', 'failed'] },
      lifecycle: { enum: ['async', 'inline'] },
      collection: text,
      code: textOrNull,
      isOwnCode: { type: 'boolean', description: 'Whether the server’s code makes the same documents.' },
      position: count,
      madeBy: text,
      madeAt: time,
      changedAt: time,
      keptUntil: { type: ['string', 'null'], format: 'date-time' },
      reason: textOrNull,
    }),
  ),
})

const switchFields = {
  allTenants: {
    ...flag,
    description: 'Has to be said where the log holds events of other tenants than the nameless one.',
  },
  withParked: { ...flag, description: 'Take over although events could not be folded.' },
}

/** What a switch may be told. */
export const switchRequest = object(switchFields, ['allTenants', 'withParked'])

/** What a rebuild may be told. */
export const rebuildRequest = object(
  {
    ...switchFields,
    switch: { enum: ['caught-up', 'asked'], default: 'caught-up' },
    grace: { ...count, description: 'Milliseconds for which the version that it replaces is kept.' },
  },
  ['allTenants', 'withParked', 'switch', 'grace'],
)
