import { setTimeout as pause } from 'node:timers/promises'
import type { AppendAsked, CommandAsked } from '../entries.ts'
import { entriesOf } from '../journal.ts'
import { handledNames, viewNames } from '../model.ts'
import { append } from './appends.ts'
import { send } from './commands.ts'
import { writeDownDocuments } from './documents.ts'
import type { Player } from './player.ts'
import { followToHead } from './readers.ts'

/** What a killed process asked and was not answered is asked again, by the same ids: it has one effect either way. */
export async function askAgain(player: Player, journals: readonly string[]): Promise<void> {
  for (const asked of unanswered(journals)) {
    const turn = `${asked.turn}/${player.turn()}`
    if (asked.kind === 'command') await send(player, asked, turn)
    else if (asked.condition === undefined) await append(player, asked, turn)
  }
}

function unanswered(journals: readonly string[]): Iterable<CommandAsked | AppendAsked> {
  const open = new Map<string, CommandAsked | AppendAsked>()
  for (const entry of entriesOf(journals)) {
    if (entry.kind === 'command' || (entry.kind === 'append' && entry.isLogged)) open.set(entry.turn, entry)
    else if (entry.kind === 'outcome' || entry.kind === 'appended') open.delete(entry.turn)
  }
  return open.values()
}

/**
 * Lets everything come to its end, and writes down what is there then.
 *
 * @param patience milliseconds in which processors have to come to the end of the log
 */
export async function settle(player: Player, patience: number): Promise<void> {
  const { headwater, journal } = player
  for (const { name } of headwater.processors) await headwater.processor(name).resume({ why: 'soak' })
  await followToHead(player)
  await nothingLeft(player, patience)
  await writeDownDocuments(player)
  journal.write({ kind: 'settled' })
}

/** Waits until all is processed and nothing is parked; handlers send commands, so the log may grow meanwhile. */
async function nothingLeft({ headwater, store, journal }: Player, patience: number): Promise<void> {
  const names = [...viewNames.filter((name) => name !== 'balances'), ...handledNames]
  for (const deadline = performance.now() + patience; performance.now() < deadline; await pause(50)) {
    const { position } = await store.log.head(0)
    try {
      for (const name of names) await headwater.processor(name).waitFor(position, { timeLimit: patience })
    } catch (error) {
      journal.write({ kind: 'stuck', what: String(error) })
      return
    }
    let parked = 0
    for (const name of names) parked += await headwater.processor(name).parked.retry({ allTenants: true })
    if (parked === 0 && (await store.log.head(0)).position === position) return
  }
  journal.write({
    kind: 'stuck',
    what: `events are parked, or the log grows, ${patience} ms after the last writer`,
  })
}
