import type { DebugMove, DebugPlace, DebugStep } from '@headwater/client'
import { usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { flag, integer, list, text } from '../command/options.ts'
import { readFilter } from '../source/filters.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import type { DebugSource } from '../source/debug.ts'
import { changeLines } from '../terminal/change-lines.ts'
import { eventLine } from '../terminal/event-line.ts'
import { count, printable } from '../terminal/format.ts'
import type { Keys } from '../terminal/keys.ts'
import { describeProblem } from '../terminal/problem.ts'
import type { Terminal } from '../terminal/terminal.ts'

const help = `n → space  the next event          p ←  the one before
g          to a position             t    to the next event of a type (T: the one before)
u          until a condition on the state of its aggregate holds: balance<0 (U: backwards)
w          where it stands           q    ends it
Piped in, one per line, with what they need: n, p, g 120, t OrderPaid, u total>=100`

export const debugCommand = command({
  name: 'debug',
  summary: 'Go through the past like a debugger: step, back, run to, run until',
  examples: [
    ['headwater debug', 'through the log, with keys: n next, p back, g to a position, ? for all of them'],
    ['headwater debug order-1', 'through one stream'],
    ['headwater debug --types OrderPaid --from 1200', 'through events of a type, from a position on'],
    ['headwater debug --correlation 01a2…', 'through all that belongs to an event or a command'],
    ['headwater debug --branch what-if', 'through what a branch has of its parents and its own'],
    ["printf 'u balance<0\\np\\n' | headwater debug account-1 --json", 'by a script'],
  ],
  arguments: { stream: { description: 'A stream; otherwise the log', optional: true } },
  options: {
    types: list('<types>', 'Only events of these types, separated by commas'),
    correlation: text('<id>', 'Only what belongs to an event, a command or a correlation'),
    from: integer('<position>', 'Begin at this position', { default: 0 }),
    ...onBranchOptions,
    json: flag('One {position, head, step} per line, as JSON'),
  },
  notes: [
    'At each event: the aggregate and the documents that it changed, before and after, and the side effects that are held back.',
    'Nothing is sent, called or recorded.',
    ...help.split('\n'),
  ],
  run: ({ args: { stream }, options, terminal }) =>
    withSource(options, 'operations', terminal, async (source) => {
      const { types, correlation, from } = options
      const session = await source.debug({
        from,
        ...(stream !== undefined && { streams: [stream] }),
        ...(types !== undefined && { types }),
        ...(correlation !== undefined && { correlation }),
      })
      const keys = terminal.keys()
      try {
        if (!options.json)
          terminal.note(`${source.name}, at position ${from}. n goes on, ? tells the keys, q ends it.`)
        await follow(session, keys, options.json, terminal)
      } finally {
        keys.close()
        await session.end()
      }
    }),
})

async function follow(session: DebugSource, keys: Keys, json: boolean, terminal: Terminal): Promise<void> {
  for (let key = await keys.next(); key !== undefined; key = await keys.next()) {
    const [name = '', ...rest] = key.trim().split(/\s+/)
    if (name === 'q' || terminal.signal.aborted) return
    if (name === '') continue
    try {
      await obey(session, name, rest.join(' '), keys, json, terminal)
    } catch (error) {
      if (!keys.isTyped || terminal.signal.aborted) throw error
      terminal.note(describeProblem(error, terminal.noteStyle))
    }
  }
}

async function obey(
  session: DebugSource,
  name: string,
  given: string,
  keys: Keys,
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  const move = await moveOf(name, given, keys)
  if (move === undefined) return terminal.note(help)
  const place = move === 'where' ? await session.place() : await session.move(move)
  await terminal.print(json ? JSON.stringify(place) : shown(place, move, terminal))
}

/** Undefined: it is no key of ours. */
async function moveOf(name: string, given: string, keys: Keys): Promise<DebugMove | 'where' | undefined> {
  const asked = async (question: string): Promise<string> => given || ((await keys.ask(question)) ?? '')
  switch (name) {
    case 'n':
    case 'right':
    case 'space':
    case 'return':
      return {}
    case 'p':
    case 'left':
      return { direction: 'back' }
    case 'w':
      return 'where'
    case 'g':
      return { to: positionOf(await asked('To position: ')) }
    case 't':
    case 'T':
      return { type: await asked('Type: '), direction: name === 'T' ? 'back' : 'forward' }
    case 'u':
    case 'U':
      return { until: conditionOf(await asked('Until: ')), direction: name === 'U' ? 'back' : 'forward' }
    default:
      return undefined
  }
}

function positionOf(written: string): number {
  if (/^\d{1,15}$/.test(written)) return Number(written)
  throw usageError(`${JSON.stringify(written)} is no position`, 'Give a whole number: g 120')
}

function conditionOf(written: string): NonNullable<DebugMove['until']> {
  const { path, operator, text: value } = readFilter(written)
  const isJson = /^(?:-?\d+(?:\.\d+)?|true|false|null)$/.test(value)
  return { path, operator, value: isJson ? JSON.parse(value) : value }
}

function shown({ position, head, step }: DebugPlace, move: DebugMove | 'where', terminal: Terminal): string {
  if (step !== null) return stepLines(step, terminal)
  const where = `at position ${count(position)} of ${count(head)}`
  return terminal.style.dim(move === 'where' ? where : `There is none; it stays ${where}.`)
}

function stepLines({ event, aggregate, documents, heldBack }: DebugStep, terminal: Terminal): string {
  const { style } = terminal
  const occurredAt = event.occurredAt ?? event.recordedAt
  const parts = [
    ...(aggregate === null ? [] : [{ name: aggregate.stream, kind: aggregate.aggregate, ...aggregate }]),
    ...documents.map((document) => ({ name: document.key, kind: document.view, ...document })),
  ]
  const lines = parts.flatMap(({ name, kind, changed }) => [
    `  ${style.name(printable(kind))} ${printable(name)}`,
    ...(changed.length === 0 ? [style.dim('    unchanged')] : changeLines(changed, style)),
  ])
  const effects = heldBack.map(({ subscription, when }) => `${printable(subscription)} (${when})`)
  return [
    eventLine({ ...event, occurredAt }, terminal),
    ...lines,
    ...(effects.length === 0 ? [] : [style.warning(`  held back: ${effects.join(', ')}`)]),
  ].join('\n')
}
