/** A process of a soak. It ends with the process that started it, or is killed by it. */
import { isHeadwaterError, type Store } from '@headwater/core'
import type { StoreModule } from '../../subject.ts'
import { Journal } from '../journal.ts'
import { openPlayer, play } from './play.ts'
import { failure, type Player } from './player.ts'
import { askAgain, settle } from './settle.ts'
import type { SoakNews, SoakTask } from './task.ts'

const { mode, life, shift, unanswered, ...task } = JSON.parse(process.argv[2] ?? '') as SoakTask
const journal = new Journal(task.journal)
const stopping = new AbortController()
let done = 0

function tell(kind: SoakNews['kind']): void {
  process.stdout.write(`${JSON.stringify({ kind, done } satisfies SoakNews)}\n`)
}

/** Connections may be broken at this very moment: whoever starts a process starts it again then. */
async function opened(attempts = 10): Promise<Player> {
  let store: Store | undefined
  try {
    store = await subject.openStore(task.database, ...task.given)
    return await openPlayer(store, journal, {
      ...task,
      life,
      shift,
      failing: mode === 'work',
      stopping: stopping.signal,
      done: () => {
        done += 1
      },
    })
  } catch (error) {
    await store?.close()
    if (attempts === 1 || !isHeadwaterError(error, 'log.unavailable')) throw error
    return opened(attempts - 1)
  }
}

process.on('SIGTERM', () => stopping.abort())
process.stdin.on('end', () => process.exit()).resume()
process.on('uncaughtException', (error) => {
  journal.write(failure('process', error))
  process.exit(1)
})

journal.write({ kind: 'began', life, process: process.pid, shift })
const subject = (await import(task.module)) as StoreModule
const player = await opened()
tell('ready')
const progress = setInterval(() => tell('progress'), 500)
await askAgain(player, unanswered)
await (mode === 'work' ? play(player) : settle(player, task.patience))
await player.headwater.close()
clearInterval(progress)
tell('done')
process.stdin.destroy()
