import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliError, usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { type ExitCode, exitCodes } from '../command/exit-code.ts'
import { flag, integer, text } from '../command/options.ts'
import { measureFolder } from '../measure/self.ts'
import { table } from '../terminal/table.ts'

export const bench = command({
  name: 'bench',
  summary: 'Measure what Headwater does on this machine',
  examples: [
    ['headwater bench', "commands and replay on this folder's disk; takes about five seconds"],
    ['headwater bench --dir /var/lib/shop --seconds 10', 'on another disk, for longer'],
    ['headwater bench append-sqlite', 'in a checkout: a bench against its peers'],
  ],
  arguments: { name: { description: 'In a checkout: which bench, or all', optional: true } },
  options: {
    dir: text('<folder>', 'Whose disk to measure', { default: '.' }),
    seconds: integer('<n>', 'For each measurement', { min: 1, max: 3_600, default: 2 }),
    json: flag('One figure per line, as JSON'),
  },
  run: async ({ args, options, terminal }) => {
    if (args.name !== undefined) return runCheckoutBench(args.name, options.json)
    const folder = resolve(options.dir)
    if (!existsSync(folder))
      throw new CliError('cli.file-not-found', `There is no folder ${options.dir}`, { exit: 'notFound' })
    const figures = await measureFolder(folder, {
      time: options.seconds * 1_000,
      onStep: (name) => terminal.note(terminal.noteStyle.dim(`Measuring ${name} …`)),
    })
    if (options.json) {
      await terminal.print(figures.map((figure) => JSON.stringify(figure)).join('\n'))
      return exitCodes.ok
    }
    const columns = [
      { title: 'figure', value: (row: (typeof figures)[number]) => row.figure },
      { title: 'value', value: (row: (typeof figures)[number]) => Number(row.value.toPrecision(3)) },
      { title: '', value: (row: (typeof figures)[number]) => row.unit },
    ]
    await terminal.print(table(columns, figures, terminal))
    return exitCodes.ok
  },
})

/** The benches against peers are part of the repository, not of what is installed. */
async function runCheckoutBench(name: string, json: boolean): Promise<ExitCode> {
  const script = fileURLToPath(new URL('../../../../bench/run.mjs', import.meta.url))
  if (!existsSync(script)) {
    throw usageError(
      'Benches against peers are only in a checkout of Headwater',
      'headwater bench, without a name, measures this machine.',
    )
  }
  const child = spawn(process.execPath, [script, name, ...(json ? ['--json'] : [])], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return code === exitCodes.ok ? exitCodes.ok : exitCodes.failed
}
