import type { Outcome } from '../handle/outcome.ts'
import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import { tenantNamed } from '../message/tenant.ts'
import type { Branch } from './headwater.ts'
import type { AppBranches } from './branches.ts'
import type { HypotheticalCommand, RawHypotheticalCommand, Trying } from './predicting.ts'

export interface PredictorParts {
  readonly branches: Pick<AppBranches, 'create' | 'branch'>
  readonly newId: () => string
}

/** Tries out on branches of its own what would happen. */
export function predictor({ branches, newId }: PredictorParts): Trying<Branch>['predict'] {
  return async (hypothesis) => {
    const { from, at, commands = [], until, look, signal } = hypothesis
    checkTimes(commands, until)
    const tenant = tenantNamed(hypothesis.tenant)
    const name = `predict-${newId()}`.slice(0, 60)
    await branches.create(name, {
      tenant,
      ...(from !== undefined && { from }),
      ...(at !== undefined && { at }),
    })
    const branch = branches.branch(name, { tenant })
    try {
      const outcomes: Outcome[] = []
      for (const [index, { at: time, ...sending }] of commands.entries()) {
        signal?.throwIfAborted()
        if (time !== undefined) await branch.moveTo(time)
        outcomes.push(await sent(branch, sending, index))
      }
      if (until !== undefined) await branch.moveTo(until)
      const { now } = await branch.info()
      return { outcomes, diff: await branch.diff(), now, seen: await seenBy(look, branch) }
    } finally {
      await branch.drop()
    }
  }
}

type Sending = Omit<HypotheticalCommand, 'at'> | Omit<RawHypotheticalCommand, 'at'>

/** What goes wrong says with which of the commands. */
async function sent(branch: Branch, sending: Sending, index: number): Promise<Outcome> {
  try {
    if ('command' in sending) {
      const { command, ...options } = sending
      return await branch.execute(command, options)
    }
    const { type, data, ...options } = sending
    return await branch.executeRaw(type, data, options)
  } catch (error) {
    if (!isHeadwaterError(error)) throw error
    const { code, message, issues, details } = error
    throw new HeadwaterError(code, message, {
      details: { ...details, command: index },
      ...(issues !== undefined && { issues }),
      cause: error,
    })
  }
}

/** Who doesn't look sees nothing: the types say so. */
async function seenBy<Seen>(
  look: ((branch: Branch) => Promise<Seen>) | undefined,
  branch: Branch,
): Promise<Seen> {
  return (await look?.(branch)) as Seen
}

/** @throws HeadwaterError `predict.invalid` */
function checkTimes(commands: readonly { readonly at?: Date }[], until: Date | undefined): void {
  let last = Number.NEGATIVE_INFINITY
  for (const time of [...commands.map(({ at }) => at), until]) {
    if (time === undefined) continue
    // What is no time is not later than anything either.
    if (!(time.getTime() >= last))
      throw new HeadwaterError('predict.invalid', 'Commands are sent one after the other: times go forward')
    last = time.getTime()
  }
}
