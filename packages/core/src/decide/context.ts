import { deriveId } from '../message/identity.ts'

/**
 * All that a decision may know besides the state and the command. Time and ids come from here and from nowhere else,
 * so that the same decision can be made again, on a branch or years later, with the same result.
 */
export interface DecisionContext {
  /** When the command came, or when it happened, where its sender says so (`occurredAt`); the same for every retry. */
  readonly now: Date
  readonly commandId: string
  readonly actor: string | null
  readonly correlationId: string
  readonly tenant: string
  /**
   * A new id: the n-th call of a decision always gives the same one. With a natural key (`email:ada@example.org`) it is
   * a sticky id: that key has this id in every decision of the tenant, in whichever order commands are replayed.
   */
  readonly id: (naturalKey?: string) => string
}

export interface DecisionInput {
  readonly now: number
  readonly commandId: string
  readonly actor: string | null
  readonly correlationId: string
  readonly tenant: string
}

export function decisionContext(input: DecisionInput): DecisionContext {
  let calls = 0
  return {
    ...input,
    now: new Date(input.now),
    id: (naturalKey) =>
      naturalKey === undefined
        ? deriveId('command', input.commandId, ++calls)
        : deriveId('natural', input.tenant, naturalKey),
  }
}
