import type { ReplayMode, ReplayReport } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { BodyReader } from './body.ts'
import { callerOf } from './caller.ts'
import { refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'
import { untilClosed } from './waiting.ts'

interface BranchRoute {
  Params: { readonly name: string }
}

const longestMode = 20

/**
 * `POST /branches/{name}/replay`. It is answered when it is done. A client that goes away ends it behind the command that it
 * is at; sent again, it goes on from there.
 */
export function replayRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater } = serving

  fastify.post<BranchRoute>('/branches/:name/replay', async (request, reply) => {
    refuseParameters(request)
    const body = new BodyReader(request.body)
    const mode = body.requiredText('mode', longestMode)
    if (body.has('mode') && !isMode(mode)) body.refuse('mode', 'It is neither facts nor decisions')
    const from = body.position('from')
    const all = body.flag('all')
    body.done()
    const { tenant } = await callerOf(request, reply, serving)
    const signal = untilClosed(reply)
    let report: ReplayReport
    try {
      report = await headwater.branch(request.params.name, { tenant }).replay({
        mode: isMode(mode) ? mode : 'facts',
        all,
        signal,
        ...(from !== undefined && { from }),
      })
    } catch (error) {
      if (!signal.aborted) throw error
      return reply
    }
    return sendJson(reply, JSON.stringify(report))
  })
}

function isMode(mode: string): mode is ReplayMode {
  return mode === 'facts' || mode === 'decisions'
}
