import type { ReadOptions } from '@headwater/core'
import type { FastifyReply } from 'fastify'
import type { Settings } from './options.ts'
import type { QueryReader } from './query.ts'

/** Aborted when the client goes away: nobody waits for the answer any more. */
export function untilClosed(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort())
  return controller.signal
}

/** `at`, `known`, `waitFor` and `timeout` of a read. What was known at a position is what is read as of it. */
export function waiting(
  query: QueryReader,
  reply: FastifyReply,
  settings: Settings,
): Pick<ReadOptions, 'at' | 'waitFor' | 'timeLimit' | 'signal'> {
  const asked = query.moment('at')
  const known = query.position('known')
  if (asked instanceof Date && known !== undefined)
    query.refuse({
      parameter: 'known',
      detail: 'Views are read as of a time, or as it was known at a position',
    })
  const at = typeof asked === 'number' ? Math.min(asked, known ?? asked) : (asked ?? known)
  const waitFor = query.position('waitFor')
  const timeLimit = query.integer('timeout', { from: 0, to: settings.longestWait })
  if (at !== undefined && waitFor !== undefined)
    query.refuse({ parameter: 'waitFor', detail: 'What is asked for as of a moment is not waited for' })
  if (at !== undefined) {
    // The first time that somebody asks for the past of a view, it is indexed.
    return { at, timeLimit: timeLimit ?? settings.longestWait, signal: untilClosed(reply) }
  }
  if (waitFor === undefined) return {}
  return { waitFor, timeLimit: timeLimit ?? settings.waitTime, signal: untilClosed(reply) }
}
