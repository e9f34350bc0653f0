import type { BranchMethods, Headwater } from '@headwater/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, callerOf } from './caller.ts'
import { QueryReader } from './query.ts'
import type { Serving } from './serving.ts'

/** Main, or a branch: what a request reads and sends commands to. */
export type On = Pick<Headwater, BranchMethods>

/** The parameter by which a request says on which branch. */
export const branchName = 'branch'

const onlyBranch = new Set([branchName])

/**
 * Reads the query of a route whose only parameter is the branch.
 *
 * @throws RequestError `request.malformed`, `request.unsupported`
 */
export function branchQuery(request: FastifyRequest): QueryReader {
  const query = new QueryReader(request, onlyBranch)
  query.text(branchName)
  query.done()
  return query
}

/**
 * Who sends a request, and where it is about the log: on main, or on the branch of the caller's tenant that `?branch=` names.
 *
 * @param query its faults have been told
 * @throws HeadwaterError as `callerOf` says, `branch.invalid`; and what is asked of the branch `branch.unknown`
 */
export async function callerOn(
  query: QueryReader,
  request: FastifyRequest,
  reply: FastifyReply,
  serving: Serving,
): Promise<{ readonly caller: Caller; readonly tenant: string; readonly on: On }> {
  const { headwater } = serving
  const name = query.text(branchName) ?? 'main'
  const caller = await callerOf(request, reply, serving)
  const { tenant } = caller
  return { caller, tenant, on: name === 'main' ? headwater : headwater.branch(name, { tenant }) }
}
