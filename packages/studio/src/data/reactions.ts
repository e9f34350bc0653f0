import { queryOptions } from '@tanstack/react-query'
import { subscriptionOf } from '../format/actor.ts'
import { client } from './client.ts'
import { newestSequence } from './command-log.ts'

/** Which commands a subscription was seen to send: its code does not say, the command log does. */
export interface Reaction {
  readonly subscription: string
  readonly command: string
}

export const reactionsQuery = queryOptions({
  queryKey: ['reactions'],
  staleTime: 30_000,
  queryFn: async ({ signal }): Promise<readonly Reaction[]> => {
    const newest = await newestSequence(client, signal)
    const { commands } = await client.commands({ after: Math.max(0, newest - 1_000), limit: 1_000, signal })
    const seen = new Map<string, Reaction>()
    for (const { actor, type } of commands) {
      const subscription = subscriptionOf(actor)
      if (subscription) seen.set(`${subscription} ${type}`, { subscription, command: type })
    }
    return [...seen.values()]
  },
})
