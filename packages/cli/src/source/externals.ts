import type { BlockedCall, ExternalCall } from '@headwater/client'
import type { BlockedCall as LocalBlockedCall, ExternalCallSummary, Headwater } from '@headwater/core'
import type { Scope } from './scope.ts'
import type { Source } from './source.ts'

/** The calls to the outside that are journaled in a database which this process has open. */
export function localExternals(
  { externals }: Headwater,
  scope: Scope,
): Pick<Source, 'externals' | 'calls' | 'call'> {
  return {
    externals: async () => ({ externals: externals.list(), blocked: externals.blocked().map(blockedLine) }),
    calls: async (external, { status, caller, before, limit }) => {
      const calls = await externals.calls({
        ...scope,
        external,
        limit,
        ...(status !== undefined && { status }),
        ...(caller !== undefined && { callerId: caller }),
        ...(before !== undefined && { before }),
      })
      return calls.map((call) => callLine(call, scope))
    },
    call: async (external, sequence) =>
      callLine(await externals.call(sequence, { ...scope, external }), scope),
  }
}

function callLine(call: ExternalCallSummary, { allTenants }: Scope): ExternalCall {
  const { tenant, hash: _hash, intendedAt, settledAt, ...rest } = call
  return {
    ...(allTenants && { tenant }),
    ...rest,
    intendedAt: intendedAt.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
  }
}

function blockedLine({ external, caller, why, at }: LocalBlockedCall): BlockedCall {
  return { external, caller, why, at: at.toISOString() }
}
