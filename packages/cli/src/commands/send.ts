import type { Outcome } from '@headwater/core'
import { command } from '../command/command.ts'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import { flag, instant, integer, text } from '../command/options.ts'
import { onBranchOptions, withSource } from '../source/open.ts'
import { printable } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { jsonArgument } from './json-argument.ts'

export const send = command({
  name: 'send',
  summary: 'Send a command to the app',
  examples: [
    [`headwater send Increment '{"counterId":"a","by":2}'`, 'decide it, and record what follows'],
    ['headwater send PlaceOrder - < order.json', 'its data from a file'],
    [`headwater send PayOrder '{"orderId":"1"}' --id pay-1`, 'with an id: sent twice, it has one effect'],
    [`headwater send PayOrder '{"orderId":"1"}' --url http://localhost:4000`, 'to a running server'],
  ],
  arguments: {
    command: { description: "The command's type: PlaceOrder" },
    data: { description: 'Its data as JSON; - reads stdin', optional: true },
  },
  options: {
    id: text('<id>', "The command's id; default: a new one"),
    expectedRevision: integer('<n>', 'Decide at this revision of the stream, or not at all'),
    actor: text('<name>', 'Who sends it'),
    correlationId: text('<id>', 'What it belongs to'),
    occurredAt: instant('When it happened; default: now'),
    ...onBranchOptions,
    json: flag('Print the outcome as JSON'),
  },
  run: async ({ args, options, terminal }) => {
    const data = await jsonArgument(args.data, terminal)
    return withSource(options, 'writes', terminal, async (source) => {
      const outcome = await source.send(args.command, data, options)
      if (options.json) await terminal.print(JSON.stringify(outcome))
      else await tell(outcome, terminal)
      return exitCodeFor(outcome)
    })
  },
})

function exitCodeFor(outcome: Outcome): ExitCode {
  return outcome.status === 'accepted' ? exitCodes.ok : exitCodes.refused
}

async function tell(outcome: Outcome, { print, note, style, noteStyle }: Terminal): Promise<void> {
  if (outcome.status === 'rejected') {
    const { code, message, data } = outcome.reason
    const about = message === undefined ? '' : `: ${printable(message)}`
    note(`${noteStyle.bad('rejected')} ${noteStyle.strong(code)}${about}`)
    if (data !== undefined) note(`  ${printable(JSON.stringify(data))}`)
    note(noteStyle.dim(`  ${outcome.stream} stays at revision ${outcome.revision}`))
    return
  }
  const { stream, revision, events } = outcome
  if (events.length === 0) {
    await print(
      `${style.good('accepted')} nothing had to be recorded; ${printable(stream)} is at revision ${revision}`,
    )
    return
  }
  await print(`${style.good('accepted')} ${printable(stream)} is at revision ${revision}`)
  for (const { type, position } of events) await print(`  ${style.dim(`#${position}`)} ${style.name(type)}`)
}
