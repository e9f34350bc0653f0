import type { DebugMove, DebugPlace, DebugOptions } from '@headwater/client'
import type { DebugSession, DebugStep, Headwater } from '@headwater/core'

/** A debugging session, here or at a server. */
export interface DebugSource {
  place(): Promise<DebugPlace>
  /** @throws `time.not-yet` */
  move(move: DebugMove): Promise<DebugPlace>
  end(): Promise<void>
}

export type DebugPart = Omit<DebugOptions, 'signal'>

/** On a database that this process has open. */
export async function localDebug(
  on: Pick<Headwater, 'debug'>,
  { streams, types, correlation, from }: DebugPart,
  tenant: { readonly tenant?: string },
): Promise<DebugSource> {
  const session = await on.debug({
    ...tenant,
    ...(streams !== undefined && { streams }),
    ...(types !== undefined && { types }),
    ...(correlation !== undefined && { correlation }),
    ...(from !== undefined && { from }),
  })
  const placeOf = async (step: DebugStep | undefined): Promise<DebugPlace> => ({
    id: '',
    ...(await session.place()),
    step:
      step === undefined ? null : { ...step, event: step.event.toJSON(), aggregate: step.aggregate ?? null },
  })
  return {
    place: async () => placeOf(await session.current()),
    move: async (move) => placeOf(await moved(session, move)),
    end: async () => undefined,
  }
}

function moved(session: DebugSession, { direction = 'forward', to, type, until }: DebugMove) {
  if (to !== undefined) return session.runTo(to)
  if (type !== undefined) return session.runToType(type, { direction })
  if (until !== undefined) {
    const { operator = 'eq', value, path } = until
    return session.runUntil({ path, operator, value: value as string }, { direction })
  }
  return direction === 'back' ? session.back() : session.step()
}
