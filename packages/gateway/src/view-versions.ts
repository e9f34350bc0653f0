import { type Rebuild, type RebuildOptions, type ViewVersionsHandle } from '@headwater/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { callerOf, requireReach } from './caller.ts'
import { type Fault, RequestError } from './problems.ts'
import { refuseParameters } from './query.ts'
import { sendJson } from './replies.ts'
import type { Serving } from './serving.ts'

interface ViewRoute {
  Params: { readonly name: string }
}

interface VersionRoute {
  Params: { readonly name: string; readonly version: string }
}

/** What a body may say, and which values are understood. */
const known: Readonly<Record<string, (value: unknown) => boolean>> = {
  allTenants: (value) => typeof value === 'boolean',
  withParked: (value) => typeof value === 'boolean',
  switch: (value) => value === 'caught-up' || value === 'asked',
  grace: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
}

/**
 * `/views/{name}/rebuild`, `/views/{name}/versions` and below, `/views/{name}/accept`. Two keys of documents are taken by
 * that: `rebuild` and `versions` are read by a filter on `$key`.
 */
export function viewVersionRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater } = serving
  const versionsOf = (request: FastifyRequest<ViewRoute>): ViewVersionsHandle => {
    refuseParameters(request)
    return headwater.versions(request.params.name)
  }
  const lookAfter = async (request: FastifyRequest<ViewRoute>, reply: FastifyReply, allTenants = false) => {
    // Versions are those of all tenants.
    requireReach(await callerOf(request, reply, serving), allTenants)
    return versionsOf(request)
  }
  const sendProgress = async (rebuild: Rebuild, request: FastifyRequest, reply: FastifyReply) => {
    const { tenant, isOperator } = await callerOf(request, reply, serving)
    const progress = await rebuild.progress()
    const errors = progress.errors.filter((error) => isOperator || error.tenant === tenant)
    return sendJson(reply.header('cache-control', 'no-store'), JSON.stringify({ ...progress, errors }))
  }

  fastify.get<ViewRoute>('/views/:name/versions', async (request, reply) =>
    sendVersions(reply, versionsOf(request)),
  )

  fastify.post<ViewRoute>('/views/:name/rebuild', async (request, reply) => {
    const options = optionsOf(request.body)
    const versions = await lookAfter(request, reply, options.allTenants)
    return sendProgress(await versions.rebuild(options), request, reply.code(202))
  })

  fastify.get<ViewRoute>('/views/:name/rebuild', async (request, reply) =>
    sendProgress(await versionsOf(request).rebuilding(), request, reply),
  )

  fastify.delete<ViewRoute>('/views/:name/rebuild', async (request, reply) => {
    const rebuild = await (await lookAfter(request, reply)).rebuilding()
    await rebuild.cancel()
    return sendProgress(rebuild, request, reply)
  })

  fastify.post<VersionRoute>('/views/:name/versions/:version/switch', async (request, reply) => {
    const options = optionsOf(request.body, ['allTenants', 'withParked'])
    const versions = await lookAfter(request, reply, options.allTenants)
    return sendProgress(await versions.switchTo(numberOf(request), options), request, reply.code(202))
  })

  fastify.delete<VersionRoute>('/views/:name/versions/:version', async (request, reply) => {
    const versions = await lookAfter(request, reply)
    await versions.drop(numberOf(request))
    return sendVersions(reply, versions)
  })

  fastify.post<ViewRoute>('/views/:name/accept', async (request, reply) => {
    const versions = await lookAfter(request, reply)
    await versions.accept()
    return sendVersions(reply, versions)
  })
}

async function sendVersions(reply: FastifyReply, versions: ViewVersionsHandle): Promise<FastifyReply> {
  return sendJson(reply, JSON.stringify({ versions: await versions.list() }))
}

/** @throws RequestError `request.malformed` */
function optionsOf(body: unknown, names: readonly string[] = Object.keys(known)): RebuildOptions {
  if (body === undefined) return {}
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw malformed([{ pointer: '', detail: 'It is not an object' }])
  const faults = Object.entries(body).flatMap(([name, value]): Fault[] => {
    if (!names.includes(name)) return [{ pointer: `/${name}`, detail: `There are ${names.join(', ')}` }]
    return known[name]?.(value) === true ? [] : [{ pointer: `/${name}`, detail: 'It has no such value' }]
  })
  if (faults.length > 0) throw malformed(faults)
  return body
}

function malformed(faults: readonly Fault[]): RequestError {
  return new RequestError('request.malformed', 'The body is not understood', { faults })
}

/** @throws RequestError `request.malformed` */
function numberOf({ params: { version } }: FastifyRequest<VersionRoute>): number {
  if (/^[1-9]\d{0,14}$/.test(version)) return Number(version)
  throw new RequestError(
    'request.malformed',
    `${JSON.stringify(version)} is no version: they are numbers from 1`,
  )
}
