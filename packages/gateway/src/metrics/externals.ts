import type { Headwater } from '@headwater/core'
import { Counter, Gauge, type Registry } from 'prom-client'

/** Calls to the outside: what became of them in this process. */
export function externalMetrics(headwater: Headwater, registers: Registry[]): () => void {
  const calls = new Counter({
    name: 'headwater_external_calls_total',
    help: 'Calls to the outside by what became of them: answered, failed, replayed from the journal, blocked.',
    labelNames: ['external', 'outcome'],
    registers,
  })
  const attempts = new Counter({
    name: 'headwater_external_attempts_total',
    help: 'Attempts at reaching the outside.',
    labelNames: ['external'],
    registers,
  })
  const seconds = new Counter({
    name: 'headwater_external_seconds_total',
    help: 'Time that calls to the outside have taken, pauses between attempts included.',
    labelNames: ['external'],
    registers,
  })
  const underway = new Gauge({
    name: 'headwater_external_calls_in_flight',
    help: 'Calls whose answer is awaited.',
    labelNames: ['external'],
    registers,
  })
  return () => {
    for (const counter of [calls, attempts, seconds]) counter.reset()
    for (const { name: external, counts } of headwater.externals.list()) {
      for (const outcome of ['answered', 'failed', 'replayed', 'blocked'] as const)
        calls.inc({ external, outcome }, counts[outcome])
      attempts.inc({ external }, counts.attempts)
      seconds.inc({ external }, counts.milliseconds / 1_000)
      underway.set({ external }, counts.underway)
    }
  }
}
