import { amendType, decidedType } from '../../amend/amendment.ts'
import type { CommandRow } from '../../log/store.ts'
import type { CommandDifference, CommandSide, Side } from './difference.ts'
import type { HistorySide } from './side.ts'

const pageSize = 500

/** A command as one side has decided it: at first, and the last time that it was decided again there. */
interface Decided {
  readonly row: CommandRow | undefined
  readonly again: readonly CommandRow[]
}

/** Commands after a sequence that the sides decided otherwise, or that only one of them had. */
export async function compareCommands(
  sides: Readonly<Record<Side, HistorySide>>,
  after: number,
  limit: number,
): Promise<{ readonly differences: readonly CommandDifference[]; readonly isWhole: boolean }> {
  const mine = await decisionsOf(sides.branch, after, limit)
  const theirs = await decisionsOf(sides.against, after, limit)
  const differences: CommandDifference[] = []
  for (const id of new Set([...mine.byId.keys(), ...theirs.byId.keys()])) {
    const [one, other] = [await whole(sides.branch, mine, id), await whole(sides.against, theirs, id)]
    const branch = await sideOf(sides.branch, one)
    const against = await sideOf(sides.against, other)
    const known = one.row ?? other.row
    if (known === undefined || JSON.stringify(branch) === JSON.stringify(against)) continue
    differences.push({
      id,
      type: known.type,
      payload: sides[one.row === undefined ? 'against' : 'branch'].payloadOf(known),
      branch,
      against,
    })
  }
  return { differences, isWhole: mine.isWhole && theirs.isWhole }
}

interface Decisions {
  readonly byId: ReadonlyMap<string, Decided>
  readonly isWhole: boolean
}

async function decisionsOf(side: HistorySide, after: number, limit: number): Promise<Decisions> {
  const byId = new Map<string, Decided>()
  let sequence = after
  for (;;) {
    const page = await side.commands(sequence, pageSize)
    for (const command of page) {
      sequence = command.sequence
      // Amending is not deciding: what was amended is told by the events.
      if (command.type === amendType) continue
      const isAgain = command.type === decidedType
      const id = isAgain ? side.decidedOf(command).command : command.id
      const known = byId.get(id)
      if (known === undefined && byId.size === limit) return { byId, isWhole: false }
      const again = [...(known?.again ?? []), ...(isAgain ? [command] : [])]
      byId.set(id, { row: isAgain ? known?.row : command, again })
    }
    if (page.length < pageSize) return { byId, isWhole: true }
  }
}

/** What was decided again after the sides parted may have been decided at first before. */
async function whole(side: HistorySide, { byId }: Decisions, id: string): Promise<Decided> {
  const { row = await side.command(id), again = [] } = byId.get(id) ?? {}
  return { row, again }
}

async function sideOf(side: HistorySide, { row, again }: Decided): Promise<CommandSide | undefined> {
  const last = again.at(-1)
  if (row === undefined) return undefined
  if (last !== undefined && side.decidedOf(last).outcome === 'dropped') return undefined
  const { status } = last ?? row
  const events = [...(await side.recorded(row))]
  for (const one of again) events.push(...(await side.recorded(one, 'inserted')))
  return { status, reason: side.reasonOf(last ?? row), events }
}
