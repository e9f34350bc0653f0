import { mainBranch, type EventRow, type Log } from '../log/port.ts'
import type { CommandLog, CommandRow, Store } from '../log/store.ts'

/** What was recorded at once: a command with the events it made, a command that made none, or events of a plain append. */
export interface Transaction {
  readonly command: CommandRow | undefined
  readonly events: readonly EventRow[]
}

/** How far a log and its command log were gone through. */
export interface Place {
  /** Of the last event. */
  readonly position: number
  /** Of the last command. */
  readonly sequence: number
}

const pageSize = 500

/**
 * Both logs of a store as one history, in the order in which it happened: commands in the order of their decisions, each
 * with its events, and between them what was appended without a command.
 *
 * @param head the last position to go to; commands end there as well
 */
export async function* transactionsOf(
  { log, commands }: Pick<Store, 'log' | 'commands'>,
  from: Place,
  head: number,
): AsyncGenerator<Transaction> {
  const events = new Ahead(eventRows(log, from.position, head))
  const decided = new Ahead(commandRows(commands, from.sequence))
  for (;;) {
    const event = await events.peek()
    const command = await decided.peek()
    if (event === undefined && command === undefined) return
    if (command?.position === null) {
      // Where it stands among plain appends nobody knows: as early as can be, no time goes backwards.
      yield { command: await decided.take(), events: [] }
    } else if (event === undefined) {
      // A command whose events are beyond the head is for another time.
      return
    } else {
      const isAppend = command === undefined || event.position < command.position
      yield { command: isAppend ? undefined : await decided.take(), events: await takeTransaction(events) }
    }
  }
}

/** The events that have the same command as the next one: what one append recorded stands together. */
async function takeTransaction(rows: Ahead<EventRow>): Promise<EventRow[]> {
  const taken: EventRow[] = []
  for (;;) {
    const row = await rows.peek()
    const first = taken[0]
    const belongs =
      row !== undefined &&
      (first === undefined || (row.commandId === first.commandId && row.tenant === first.tenant))
    if (!belongs) return taken
    taken.push(row)
    await rows.take()
  }
}

async function* eventRows(log: Log, after: number, head: number): AsyncGenerator<EventRow> {
  let position = after
  while (position < head) {
    const page = await log.read({ branch: mainBranch, tenant: undefined, after: position, limit: pageSize })
    for (const row of page.events) if (row.position <= head) yield row
    position = page.scannedTo
  }
}

async function* commandRows(commands: CommandLog, after: number): AsyncGenerator<CommandRow> {
  let sequence = after
  for (;;) {
    const rows = await commands.read({
      branch: mainBranch,
      tenant: undefined,
      after: sequence,
      limit: pageSize,
    })
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    sequence = last.sequence
  }
}

/** An iterator whose next item can be looked at before it is taken. */
class Ahead<Item> {
  readonly #items: AsyncIterator<Item>
  #next: Promise<IteratorResult<Item>> | undefined

  constructor(items: AsyncIterable<Item>) {
    this.#items = items[Symbol.asyncIterator]()
  }

  async peek(): Promise<Item | undefined> {
    this.#next ??= this.#items.next()
    const { done, value } = await this.#next
    return done === true ? undefined : value
  }

  async take(): Promise<Item | undefined> {
    const item = await this.peek()
    this.#next = undefined
    return item
  }
}
