import type { Client, LoggedCommand } from '@headwater/client'

/**
 * The sequence number of the newest command. The log is read by the numbers from 1 on, so its end is found
 * by doubling and halving: some twenty small requests for a million commands, once.
 */
export async function newestSequence(
  client: Pick<Client, 'commands'>,
  signal?: AbortSignal,
): Promise<number> {
  const isPast = async (after: number) =>
    (await client.commands({ after, limit: 1, signal })).commands.length === 0
  let below = 0
  let step = 1_000
  if (await isPast(0)) return 0
  while (!(await isPast(below + step))) {
    below += step
    step *= 2
  }
  let above = below + step
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2)
    if (await isPast(middle)) above = middle
    else below = middle
  }
  return above
}

/** A command's row, looked for around the time at which it was decided; decisions are logged in about that order. */
export async function findCommand(
  client: Pick<Client, 'commands'>,
  id: string,
  decidedAt: string,
  signal?: AbortSignal,
): Promise<LoggedCommand | undefined> {
  const slack = 10_000
  const from = Date.parse(decidedAt) - slack
  let below = 0
  let above = await newestSequence(client, signal)
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2)
    const [command] = (await client.commands({ after: middle, limit: 1, signal })).commands
    if (command && Date.parse(command.decidedAt) < from) below = middle
    else above = middle
  }
  for (let after = below; ; ) {
    const { commands, scannedTo } = await client.commands({ after, limit: 500, signal })
    const found = commands.find((command) => command.id === id)
    const last = commands.at(-1)
    if (found || !last || Date.parse(last.decidedAt) > Date.parse(decidedAt) + slack) return found
    after = scannedTo
  }
}
