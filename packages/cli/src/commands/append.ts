import {
  type AnyEventType,
  eventFrom,
  type ExpectedRevision,
  HeadwaterError,
  type NewEvent,
} from '@headwater/core'
import { open } from '../app/open.ts'
import { eventTypesOf, withoutReactions } from '../app/parts.ts'
import { targetOf, targetOptions } from '../app/target.ts'
import { tenantOption } from '../app/tenant.ts'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { nearest } from '../command/nearest.ts'
import { flag, instant, integer, parsed, text } from '../command/options.ts'
import { printable } from '../terminal/format.ts'
import { jsonArgument } from './json-argument.ts'

export const append = command({
  name: 'append',
  summary: 'Record an event in a stream, without a command',
  examples: [
    [`headwater append counter-a Incremented '{"by":1}'`, 'at any revision'],
    [`headwater append counter-a Incremented '{"by":1}' --expected 3`, 'only if the stream is at revision 3'],
    [
      `headwater append counter-b Incremented - --expected none < event.json`,
      'only if there is no such stream',
    ],
    [`headwater append order-1 OrderPlaced - --version 1 < old.json`, 'data as an older schema had it'],
  ],
  arguments: {
    stream: { description: 'A stream: <aggregate>-<id>' },
    type: { description: "The event's type: OrderPlaced" },
    data: { description: 'Its data as JSON; - reads stdin', optional: true },
  },
  options: {
    expected: parsed('<revision>', 'any, none, exists, or the exact revision; default: any', readExpected),
    id: text('<id>', 'With an id, appending twice has one effect'),
    actor: text('<name>', 'Who or what caused it'),
    occurredAt: instant('When it happened; default: now'),
    version: integer('<n>', 'The version of the schema that the data is of; default: the current one', {
      min: 1,
    }),
    ...targetOptions,
    tenant: tenantOption,
    json: flag('Print what was recorded as JSON'),
  },
  notes: [
    'The data is brought to the current version of the event’s schema and checked against it; no decision is asked.',
  ],
  run: async ({ args: { stream, type, data }, options, terminal }) => {
    const { app, db, create } = await targetOf(options, { make: true })
    const event = make(eventTypesOf(app), type, await jsonArgument(data, terminal), options)
    const headwater = await open(withoutReactions(app), { db, create, processors: false, images: false })
    try {
      const appended = await headwater.append(stream, [event], {
        expected: options.expected ?? 'any',
        ...(options.tenant !== undefined && { tenant: options.tenant }),
        ...(options.id !== undefined && { id: options.id }),
        ...(options.actor !== undefined && { actor: options.actor }),
      })
      if (options.json) {
        await terminal.print(JSON.stringify(appended))
        return
      }
      const { style } = terminal
      for (const { revision, position } of appended.events) {
        const where = `${printable(stream)} is at revision ${revision}`
        await terminal.print(
          `${style.good('recorded')} ${style.name(type)} ${style.dim(`#${position}`)}; ${where}`,
        )
      }
    } finally {
      await headwater.close()
    }
  },
})

function readExpected(written: string, name: string): ExpectedRevision {
  if (written === 'any' || written === 'none' || written === 'exists') return written
  if (/^\d+$/.test(written)) return Number(written)
  throw usageError(`--${name} is ${JSON.stringify(written)}`, 'Give any, none, exists, or a revision.')
}

function make(
  types: ReadonlyMap<string, AnyEventType>,
  name: string,
  data: unknown,
  { occurredAt, version }: { readonly occurredAt: Date | undefined; readonly version: number | undefined },
): NewEvent {
  const type = types.get(name)
  if (type === undefined) {
    const close = nearest(name, [...types.keys()])
    const hint = close === undefined ? `it has ${[...types.keys()].join(', ')}` : `did you mean ${close}?`
    throw new HeadwaterError('event.unknown', `This app has no event type ${name}; ${hint}`)
  }
  return eventFrom(type, version ?? type.version, data, occurredAt === undefined ? {} : { occurredAt })
}
