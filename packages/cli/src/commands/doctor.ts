import { examine } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'
import { targetOptions } from '../app/target.ts'
import { command } from '../command/command.ts'
import { exitCodes } from '../command/exit-code.ts'
import { flag } from '../command/options.ts'
import type { Terminal } from '../terminal/terminal.ts'

export const doctor = command({
  name: 'doctor',
  summary: 'Check this machine, the database and how far views and subscriptions are',
  examples: [
    ['headwater doctor', 'this machine, and the app and database of this folder'],
    ['headwater doctor --db shop.db --app examples/shop', 'a database, and its app'],
    ['headwater doctor --db shop.db --deep', 'and every page of the file'],
  ],
  options: {
    ...targetOptions,
    deep: flag('Have SQLite check the whole file'),
    json: flag('Print {ok, findings} as JSON'),
  },
  notes: ['The exit code is 1 where something is wrong. Nothing is changed.'],
  run: async ({ options, terminal }) => {
    const findings = await examine(options, terminal)
    const ok = !findings.some(({ level }) => level === 'wrong')
    if (options.json) await terminal.print(JSON.stringify({ ok, findings }))
    else await terminal.print(report(findings, terminal))
    return ok ? exitCodes.ok : exitCodes.failed
  },
})

function report(findings: readonly Finding[], { style }: Terminal): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length))
  const marks = { fine: style.good('✓'), notice: style.warning('!'), wrong: style.bad('✗') }
  return findings
    .flatMap(({ level, subject, found, remedy }) => [
      `${marks[level]} ${subject.padEnd(width)}  ${found}`,
      ...(remedy === undefined ? [] : [`  ${' '.repeat(width)}  ${style.dim('→')} ${remedy}`]),
    ])
    .join('\n')
}
