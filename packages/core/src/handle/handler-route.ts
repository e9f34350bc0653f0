import type { Aggregate, Decision } from '../decide/aggregate.ts'
import { reject } from '../decide/reject.ts'
import type { SqlStore } from '../log/sql.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { NewEvent } from '../message/event.ts'
import type { CommandRoute, Decider, Handler } from './deciding.ts'
import { Gathering } from './gathering.ts'
import type { CommandHandler } from './handler.ts'

/** Handlers do more than decisions, and wait longer. */
const mostAttempts = 30

/** A command's handler as the executor knows it: a stream whose state is not folded, and what decides. */
export function handlerRoute(handler: CommandHandler, sql: SqlStore | undefined): CommandRoute & Handler {
  return { command: handler.command, aggregate: streamOf(handler), decider: deciderOf(handler, sql) }
}

/** Its streams have a revision, but no state: that is in tables. */
function streamOf({ stream, idField, description, events, concurrency }: CommandHandler): Aggregate & {
  readonly isStateless: true
} {
  return {
    kind: 'aggregate',
    isStateless: true,
    name: stream,
    idField,
    description,
    events,
    commands: [],
    initial: undefined,
    order: 'recorded',
    concurrency,
    snapshots: undefined,
    reverse: {},
    code: undefined,
    evolve: () => undefined,
    decide: () => undefined,
  }
}

function deciderOf(handler: CommandHandler, sql: SqlStore | undefined): Decider {
  const { tables, events } = handler
  const types = new Set(events.map(({ type }) => type))
  return {
    ...(tables !== undefined && {
      reads: { tables: [tables.name] },
      sharing: { mostAttempts, line: `tables ${tables.name}` },
    }),
    decide: async (_state, message, { answer: _sync, ...context }, { call }) => {
      const gathering = new Gathering(tables, sql)
      const record = (...made: readonly NewEvent[]): void => {
        for (const { type } of made) requireOwn(types, type, message.type)
        gathering.append(context.stream, ...made)
      }
      const answer = await handler.handle(message, {
        ...context,
        ...gathering.tools,
        call,
        record,
        append: gathering.append,
        reject,
      })
      const { streams, statements } = gathering.end()
      const rejection = rejectionOf(answer, message.type)
      if (rejection !== undefined) return { decision: rejection, streams: [], statements: [] }
      const own = streams.find(({ stream }) => stream === context.stream)
      return { decision: own?.events ?? [], streams: streams.filter((part) => part !== own), statements }
    },
  }
}

function requireOwn(types: ReadonlySet<string>, type: string, command: string): void {
  if (types.has(type)) return
  throw new HeadwaterError('event.unknown', `The handler of ${command} names no event type ${type}`, {
    details: { type, command },
  })
}

function rejectionOf(answer: unknown, command: string): Decision {
  if (answer === undefined) return undefined
  if (typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'rejection') {
    return answer as Decision
  }
  throw new TypeError(
    `The handler of ${command} returns nothing, or reject(…); events are given to record(…)`,
  )
}
