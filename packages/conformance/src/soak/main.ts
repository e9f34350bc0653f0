/**
 * Soaks a store from the command line: `node soak/main.js --module ./my-store.js --minutes 5`. The module exports the
 * functions of a `StoreModule`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { findingKinds } from './check/finding.ts'
import { progressLine, reportText } from './report.ts'
import { soak, type SoakOptions, type SoakProgress } from './soak.ts'

const usage = `soak --module <file> [options]
  --module <file>      exports openStore and lockWrites: how each process opens the database
  --argument <text>    passed on to the module's functions; may be given several times
  --database <name>    a database that was not used before; default: made of the time
  --minutes <number>   for how long; default 1
  --seed <text>        what is done, and when; default: made of the time
  --processes <number> default 4
  --folder <path>      where processes write down what they do; default: a new one, removed if nothing was found
  --again <command>    how to run this again, for the report
  --json               the report as JSON
  --report <file>      the same, in a file beside what is printed
`

/** @returns the exit code: 0 nothing was found, 1 something was, 2 it was not understood */
async function main(given: readonly string[]): Promise<number> {
  const parsed = parse(given)
  if (parsed === undefined) return 2
  const { options, isJson, again, isOwnFolder, reportFile } = parsed
  const report = await soak(options)
  if (reportFile !== undefined) writeFileSync(reportFile, JSON.stringify({ ...report, again, findingKinds }))
  console.log(isJson ? JSON.stringify({ ...report, again }) : reportText(report, again))
  if (report.isClean && isOwnFolder) rmSync(options.folder, { recursive: true, force: true })
  else console.error(`What the processes wrote down is in ${options.folder}`)
  return report.isClean ? 0 : 1
}

function parse(given: readonly string[]) {
  const { values } = parseArgs({
    args: [...given],
    options: {
      module: { type: 'string' },
      argument: { type: 'string', multiple: true, default: [] },
      database: { type: 'string', default: `soak-${Date.now().toString(36)}` },
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: Date.now().toString(36) },
      processes: { type: 'string', default: '4' },
      folder: { type: 'string' },
      again: { type: 'string' },
      json: { type: 'boolean', default: false },
      report: { type: 'string' },
    },
  })
  const { module, argument, database, seed, folder, json } = values
  const [minutes, processes] = [Number(values.minutes), Number(values.processes)]
  if (module === undefined || !(minutes > 0) || !Number.isInteger(processes) || processes < 1) {
    console.error(usage)
    return undefined
  }
  const milliseconds = minutes * 60_000
  const options: SoakOptions = {
    store: { module: pathToFileURL(resolve(module)), arguments: argument },
    database,
    seed,
    milliseconds,
    processes,
    folder: folder ?? mkdtempSync(join(tmpdir(), 'headwater-soak-')),
    onProgress: seldom((progress) => console.error(progressLine(progress, milliseconds))),
  }
  const command = values.again ?? `soak --module ${module} --minutes ${minutes} --processes ${processes}`
  return {
    options,
    reportFile: values.report,
    isJson: json,
    again: `${command} --seed ${seed}`,
    isOwnFolder: folder === undefined,
  }
}

/** Of progress that comes each second, what is worth a line: that of every tenth, and each new phase. */
function seldom(tell: (progress: SoakProgress) => void): (progress: SoakProgress) => void {
  let [calls, phase] = [0, '']
  return (progress) => {
    calls += 1
    if (calls % 10 === 0 || progress.phase !== phase) tell(progress)
    phase = progress.phase
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error)
  process.exitCode = 2
}
