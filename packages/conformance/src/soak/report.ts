import type { SoakProgress, SoakReport } from './soak.ts'

/** One line about how far a soak is. */
export function progressLine({ phase, elapsed, done, blows }: SoakProgress, milliseconds: number): string {
  const what = { work: 'at work', settle: 'coming to its end', check: 'being checked' }[phase]
  return `${seconds(elapsed)} of ${seconds(milliseconds)}: ${what}, ${count(done)} things done, ${struck(blows)}`
}

/**
 * What came of a soak, for people.
 *
 * @param again the command that runs it again
 */
export function reportText(report: SoakReport, again: string): string {
  const { events, commands, entries, done, lives, processes, blows, findings, counts } = report
  const lines = [
    `${count(done)} things done by ${lives} processes in ${processes} places, ${struck(blows)}`,
    `${count(events)} events and ${count(commands)} commands in the log, ${count(entries)} entries in the journals`,
  ]
  for (const { kind, message, history } of findings) {
    lines.push('', `${kind}: ${message}`, ...history.map((line) => `    ${line}`))
  }
  const kinds = Object.entries(counts).map(([kind, number]) => `${number} × ${kind}`)
  lines.push('', report.isClean ? 'No violation was found.' : `Violations: ${kinds.join(', ')}.`)
  lines.push(`Again: ${again}`)
  return lines.join('\n')
}

function struck(blows: SoakProgress['blows']): string {
  const { kill, stop, freeze, lock, disconnect, 'freeze-long': frozenLong } = blows
  const struck = `${kill} killed, ${freeze + frozenLong} frozen, ${stop} stopped, ${lock} × locked out`
  return disconnect === 0 ? struck : `${struck}, ${disconnect} × disconnected`
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1_000)} s`
}

function count(number: number): string {
  return number.toLocaleString('en')
}
