import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { aggregate, app, command, event, type Headwater, type Schema, view } from '@headwater/core'
import { open } from '../app/open.ts'
import { measureSync, percentile } from './disk.ts'

export interface Figure {
  readonly figure: string
  readonly value: number
  readonly unit: string
}

/** Milliseconds for each measurement. */
export interface MeasureOptions {
  readonly time: number
  /** Told what is being measured. */
  readonly onStep: (name: string) => void
}

/** Measures what Headwater does on a disk: a database of its own is made in the folder and deleted in the end. */
export async function measureFolder(
  folder: string,
  { time, onStep }: MeasureOptions,
): Promise<readonly Figure[]> {
  onStep('disk')
  const sync = await measureSync(folder)
  const own = await mkdtemp(join(folder, '.headwater-bench-'))
  const headwater = await open(measured, { db: join(own, 'bench.db'), processors: false })
  try {
    const figures: Figure[] = [{ figure: 'disk: a synced write takes', value: sync.median, unit: 'ms' }]
    for (const callers of [1, 64]) {
      onStep(`commands from ${callers}`)
      figures.push(...(await measureCommands(headwater, callers, time)))
    }
    onStep('replay')
    figures.push(await measureReplay(headwater))
    return figures
  } finally {
    await headwater.close()
    await rm(own, { recursive: true, force: true })
  }
}

async function measureCommands(headwater: Headwater, callers: number, time: number): Promise<Figure[]> {
  const latencies: number[] = []
  const begin = performance.now()
  const end = begin + time
  const caller = async (number: number) => {
    for (let count = 0; performance.now() < end; count++) {
      const sent = performance.now()
      await headwater.execute(Count({ tallyId: `${callers}-${number}-${count % 10}`, text: 'x'.repeat(200) }))
      latencies.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)))
  const seconds = (performance.now() - begin) / 1_000
  const who = callers === 1 ? '1 caller' : `${callers} callers`
  return [
    { figure: `commands, ${who}: durable`, value: Math.round(latencies.length / seconds), unit: '/s' },
    { figure: `commands, ${who}: half are answered in`, value: percentile(latencies, 50), unit: 'ms' },
    { figure: `commands, ${who}: 99 % are answered in`, value: percentile(latencies, 99), unit: 'ms' },
  ]
}

/** A live view folds the whole log when it is read. */
async function measureReplay(headwater: Headwater): Promise<Figure> {
  const { position } = await headwater.head()
  const begin = performance.now()
  await headwater.view(tallies).get('all')
  const seconds = (performance.now() - begin) / 1_000
  return {
    figure: `replay of ${position} events into a view`,
    value: Math.round(position / seconds),
    unit: '/s',
  }
}

/** Accepts everything: what is measured is not the validation. */
function anything<Value>(): Schema<Value, Value> {
  return {
    '~standard': { version: 1, vendor: 'headwater', validate: (value) => ({ value: value as Value }) },
  }
}

const Counted = event('Counted', anything<{ text: string }>())
const Count = command('Count', anything<{ tallyId: string; text: string }>())

const tally = aggregate('tally', {
  events: [Counted],
  commands: [Count],
  initial: { count: 0 },
  evolve: { Counted: ({ count }) => ({ count: count + 1 }) },
  decide: { Count: (_state, { text }) => Counted({ text }) },
})

const tallies = view('tallies', {
  events: [Counted],
  key: () => 'all',
  initial: { count: 0 },
  on: { Counted: ({ count }) => ({ count: count + 1 }) },
  lifecycle: 'live',
})

const measured = app({ name: 'bench', aggregates: [tally], views: [tallies] })
