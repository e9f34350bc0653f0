import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandRow, type EventRow, memoryStore } from '@headwater/core'
import { check, type Checked, storedHistory } from '../../src/soak/check/check.ts'
import type { Entry } from '../../src/soak/entries.ts'
import { entriesOf, Journal } from '../../src/soak/journal.ts'
import { openPlayer, play } from '../../src/soak/work/play.ts'
import { settle } from '../../src/soak/work/settle.ts'

/** A whole history in memory, to be spoilt. */
export interface Written {
  events: EventRow[]
  commands: CommandRow[]
  entries: Entry[]
}

/** What one process does on the reference store, until it has done so many things: a history in which nothing is wrong. */
export async function soundHistory(things: number): Promise<Written> {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-soak-test-'))
  const path = join(folder, '1-1.ndjson')
  const journal = new Journal(path)
  const store = memoryStore()
  const stopping = new AbortController()
  let done = 0
  const player = await openPlayer(store, journal, {
    seed: 'sound',
    life: '1-1',
    leaseDuration: 5_000,
    pace: 2,
    shift: 0,
    failing: true,
    stopping: stopping.signal,
    done: () => {
      done += 1
      if (done >= things) stopping.abort()
    },
  })
  await play(player)
  await settle(player, 60_000)
  const { events, commands } = storedHistory(store, [])
  const written: Written = {
    events: await Array.fromAsync(events()),
    commands: await Array.fromAsync(commands()),
    entries: [...entriesOf([path])],
  }
  await player.headwater.close()
  journal.close()
  rmSync(folder, { recursive: true })
  return written
}

/** @param bucketSize as that of the checker */
export async function checkWritten(
  { events, commands, entries }: Written,
  bucketSize?: number,
): Promise<Checked> {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-soak-test-'))
  try {
    const path = join(folder, '1-1.ndjson')
    const inOrder = entries.toSorted((one, other) => one.at - other.at)
    writeFileSync(path, inOrder.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
    const history = {
      journals: [[path]],
      async *events() {
        yield* events
      },
      async *commands() {
        yield* commands
      },
    }
    return await check(history, join(folder, 'check'), bucketSize)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
