import { performance } from 'node:perf_hooks'
import type { Bench } from './benches/bench.ts'
import { benches } from './benches/index.ts'
import { keyText, type Figure } from './figure.ts'
import { jsonLine, table } from './report.ts'
import { parseInvocation, usage, type Invocation } from './settings.ts'

/** Tells how it goes, where data can't be mistaken for it. */
function say(message: string): void {
  process.stderr.write(`${message}\n`)
}

function chosen({ names, settings }: Invocation): readonly Bench[] | undefined {
  if (names.includes('all') || (names.length === 0 && settings.smoke)) return benches
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name))
  if (unknown.length > 0)
    say(`No bench is named ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}.`)
  if (names.length === 0) say(usage)
  return unknown.length > 0 || names.length === 0
    ? undefined
    : benches.filter(({ name }) => names.includes(name))
}

async function runAll(invocation: Invocation, toRun: readonly Bench[]): Promise<readonly string[]> {
  const missing: string[] = []
  const { settings, json } = invocation
  let total = 0
  for (const bench of toRun) {
    const begin = performance.now()
    const reason = await bench.missing?.()
    if (reason !== undefined) {
      say(`${bench.name} skipped: ${reason}`)
      continue
    }
    say(`${bench.name} …`)
    const figures: Figure[] = []
    await bench.run(settings, (figure) => {
      figures.push(figure)
      if (json) process.stdout.write(`${jsonLine(figure)}\n`)
    })
    total += figures.length
    const seen = new Set(figures.map(keyText))
    missing.push(
      ...bench
        .figures(settings)
        .map(keyText)
        .filter((key) => !seen.has(key)),
    )
    if (!json) process.stdout.write(`${table(figures)}\n`)
    say(`${bench.name} took ${((performance.now() - begin) / 1000).toFixed(1)} s`)
  }
  const line = `bench: ${total} figures from ${toRun.length} benches`
  if (json) say(line)
  else process.stdout.write(`${line}\n`)
  return missing
}

async function main(args: readonly string[]): Promise<number> {
  let invocation: Invocation
  try {
    invocation = parseInvocation(args)
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
  if (invocation.list) {
    for (const { name, about } of benches) process.stdout.write(`${name.padEnd(27)}${about}\n`)
    return 0
  }
  const toRun = chosen(invocation)
  if (toRun === undefined) return 2
  const missing = await runAll(invocation, toRun)
  for (const key of missing) say(`missing: ${key}`)
  return missing.length === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
