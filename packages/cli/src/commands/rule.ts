import { command } from '../command/command.ts'
import { CliError } from '../command/cli-error.ts'
import { flag, instant } from '../command/options.ts'
import { appSourceOptions, withSource } from '../source/open.ts'
import type { RuleEntryLine, RuleLine } from '../source/source.ts'
import { type Column, table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

export const ruleCommand = command({
  name: 'rule',
  summary: 'List dated rules, and what is in force',
  examples: [
    ['headwater rule', 'all rules, and what each of them says today'],
    ['headwater rule --at 2018-01-31', 'what they said at the beginning of that day, UTC'],
    ['headwater rule sales-tax', "a rule's entries"],
    ['headwater rule --json | jq .rules[].inForce.value', 'for programs'],
  ],
  arguments: { rule: { description: 'Which rule; its entries are printed', optional: true } },
  options: {
    at: instant('In force at this time, ISO 8601; default: now'),
    ...appSourceOptions,
    json: flag('Print {rules} as JSON: what GET /rules answers'),
  },
  run: ({ args, options, terminal }) =>
    withSource(options, 'definition', terminal, async (source) => {
      const all = await source.rules(options.at)
      const chosen = args.rule === undefined ? all : [ruleOf(all, args.rule)]
      if (options.json) return terminal.print(JSON.stringify({ rules: chosen }))
      const [rule] = chosen
      if (rule === undefined) return terminal.note('This app has no dated rules.')
      return terminal.print(args.rule === undefined ? overview(chosen, terminal) : entries(rule, terminal))
    }),
})

function ruleOf(rules: readonly RuleLine[], name: string): RuleLine {
  const found = rules.find((rule) => rule.name === name)
  if (found !== undefined) return found
  throw new CliError('rule.unknown', `This app has no rule ${name}`, {
    exit: 'notFound',
    remedy: 'headwater rule names them all.',
  })
}

function overview(rules: readonly RuleLine[], terminal: Terminal): string {
  const columns: Column<RuleLine>[] = [
    { title: 'rule', value: ({ name }) => name },
    { title: 'in force', value: ({ inForce }) => (inForce === null ? 'nothing' : valueOf(inForce)) },
    { title: 'from', value: ({ inForce }) => dateOf(inForce?.from) },
    { title: 'to', value: ({ inForce }) => dateOf(inForce?.to) },
    { title: 'time zone', value: ({ timeZone }) => timeZone },
  ]
  return table(columns, rules, terminal)
}

function entries({ entries: all, inForce }: RuleLine, terminal: Terminal): string {
  const isInForce = (entry: RuleEntryLine): boolean =>
    JSON.stringify(entry) === JSON.stringify(inForce ?? undefined)
  const columns: Column<RuleEntryLine>[] = [
    { title: 'from', value: ({ from }) => dateOf(from) },
    { title: 'to', value: ({ to }) => dateOf(to) },
    { title: 'value', value: valueOf },
    { title: 'in force', value: (entry) => (isInForce(entry) ? 'yes' : '') },
  ]
  return table(columns, all, terminal)
}

function valueOf({ kind, value }: RuleEntryLine): string {
  if (kind === 'function') return value === '' ? 'a function' : `${String(value)}()`
  return JSON.stringify(value)
}

/** Midnight in UTC is shown as a date. */
function dateOf(instantText: string | null | undefined): string {
  return (instantText ?? '').replace('T00:00:00.000Z', '').replace('.000Z', 'Z')
}
