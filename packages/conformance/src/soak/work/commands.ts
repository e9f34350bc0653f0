import type { Outcome } from '@headwater/core'
import { aggregateOf } from '../app.ts'
import type { CommandAnswer, CommandAsked } from '../entries.ts'
import { type AccountKind, depositIn, kindsOfAccounts, tenants, withdrawFrom } from '../model.ts'
import { failedWith, oneOfFew, type Player, repeat } from './player.ts'

/** Sends commands, some of them twice, some on a revision of its choice. */
export function sendCommands(player: Player): Promise<void> {
  const { random } = player
  return repeat(player, 'commands', async () => {
    const kind = random.pick(kindsOfAccounts)
    const id = oneOfFew(player)
    const tenant = random.chance(0.2) ? tenants[1] : tenants[0]
    const turn = player.turn()
    const asked: CommandAsked = {
      kind: 'command',
      turn,
      id: turn,
      tenant,
      type: random.chance(0.45) ? depositIn(kind) : withdrawFrom(kind),
      stream: `${kind}-${id}`,
      amount: random.between(1, 50),
      ...(random.chance(0.1) && { expected: await revisionOf(player, kind, id, tenant) }),
    }
    const times = random.chance(0.15) ? 2 : 1
    await Promise.all(Array.from({ length: times }, (_, time) => send(player, asked, `${turn}.${time}`)))
    if (random.chance(0.1)) await send(player, asked, `${turn}.later`)
  })
}

/** Reads the states of accounts. */
export function readStates(player: Player): Promise<void> {
  const { random } = player
  return repeat(player, 'states', async () => {
    const kind = random.pick(kindsOfAccounts)
    await revisionOf(player, kind, oneOfFew(player), random.pick(tenants))
  })
}

async function revisionOf(player: Player, kind: AccountKind, id: string, tenant: string): Promise<number> {
  const { headwater, journal } = player
  const turn = player.turn()
  const stream = `${kind}-${id}`
  journal.write({ kind: 'reading', turn, what: 'state', of: `${tenant}/${stream}` })
  const { state, revision } = await headwater.state(aggregateOf(kind), id, { tenant })
  journal.write({ kind: 'state', turn, tenant, stream, revision, balance: state.balance })
  return revision
}

/** Sends a command, for the first time or again. */
export async function send(player: Player, asked: CommandAsked, turn: string): Promise<void> {
  const { headwater, journal } = player
  const { id, tenant, type, stream, amount, expected } = asked
  journal.write({ ...asked, turn })
  const data = { id: stream.slice(stream.indexOf('-') + 1), amount }
  const options = { id, tenant, ...(expected !== undefined && { expectedRevision: expected }) }
  const answer = await headwater.executeRaw(type, data, options).then(answerOf, failedWith)
  journal.write({ kind: 'outcome', turn, tenant, id, answer })
}

function answerOf(outcome: Outcome): CommandAnswer {
  const { status, stream, revision, events } = outcome
  const balance = outcome.status === 'rejected' ? balanceIn(outcome.reason.data) : undefined
  return {
    status,
    stream,
    revision,
    events: events.map((event) => [event.type, event.revision, event.position] as const),
    ...(balance !== undefined && { balance }),
  }
}

function balanceIn(data: unknown): number | undefined {
  return typeof data === 'object' && data !== null && 'balance' in data ? Number(data.balance) : undefined
}
