import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { figure, type FigureKey } from '../figure.ts'
import { interleave } from '../measure/interleave.ts'
import type { Slice } from '../measure/load.ts'
import { ourAppend } from '../ours/postgres/append.ts'
import { missingPostgres, withDatabase } from '../postgres/cluster.ts'
import type { Settings } from '../settings.ts'
import type { Bench } from './bench.ts'

const callers = 64
const counts = { 'one-process': 1, 'two-processes': 2, 'four-processes': 4 } as const
const several = ['two-processes', 'four-processes'] as const
const key = (name: string): FigureKey => ({
  bench: 'append-postgres-processes',
  peer: 'one-process',
  callers,
  figure: name,
})

/** Several processes append to one log, each with 64 callers: they share one lock. */
export const appendPostgresProcesses: Bench = {
  name: 'append-postgres-processes',
  about: 'the same from 1, 2 and 4 processes at once, together',
  missing: missingPostgres,
  figures: ({ ours }) => (ours ? several.map(key) : []),
  run: async (settings, report) => {
    if (!settings.ours) return
    await withDatabase(async (url) => {
      await ourAppend.create(url)
      const turns = Object.entries(counts).map(([name, count]) => ({
        name,
        measure: () => together(url, count, settings),
      }))
      const rates = await interleave(turns, settings.runs, { warmUp: !settings.smoke })
      for (const name of several)
        report(figure(key(name), rates.get(name) ?? 0, rates.get('one-process') ?? 0, '/s'))
    })
  },
}

/** What processes do together in the same time. */
async function together(url: string, count: number, { slice, streams }: Settings): Promise<number> {
  const children = Array.from({ length: count }, () =>
    fork(
      join(import.meta.dirname, '../postgres/append-child.ts'),
      [url, String(callers), String(slice), streams],
      {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    ),
  )
  try {
    await Promise.all(children.map(messageOf))
    const slices = await Promise.all(
      children.map((child) => {
        const slice = messageOf(child)
        child.send('go')
        return slice
      }),
    )
    return slices.reduce<number>((sum, answer) => sum + rateIn(answer), 0)
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
}

function rateIn(answer: unknown): number {
  const { done, milliseconds } = answer as Slice
  return (done / milliseconds) * 1000
}

/** What a child says next. */
async function messageOf(child: ChildProcess): Promise<unknown> {
  const stop = new AbortController()
  const { signal } = stop
  try {
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error('A process that appends ended too early')
    })
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [unknown]
    return message
  } finally {
    stop.abort()
  }
}
