import type { RuleEntrySummary, RuleSummary } from '@headwater/core'
import type { FastifyInstance } from 'fastify'
import { QueryReader } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

const parameters = new Set(['at'])

/** `GET /rules`: the dated rules of the app, and what is in force. */
export function ruleRoutes(fastify: FastifyInstance, { headwater }: Serving): void {
  fastify.get('/rules', async (request, reply) => {
    const query = new QueryReader(request, parameters)
    const at = query.time('at')
    query.done()
    const rules = headwater.rules(at === undefined ? {} : { at })
    return sendJson(reply, JSON.stringify({ rules: rules.map(wireRule) }))
  })
}

function wireRule({ name, description, timeZone, entries, inForce }: RuleSummary): object {
  return {
    name,
    description,
    timeZone,
    entries: entries.map(wireEntry),
    inForce: inForce === null ? null : wireEntry(inForce),
  }
}

function wireEntry({ from, to, kind, value, fingerprint }: RuleEntrySummary): object {
  return { from, to, kind, value: value ?? null, fingerprint }
}
