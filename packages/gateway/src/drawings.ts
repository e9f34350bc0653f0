import { type Catalog, HeadwaterError, isMachine, type Machine, toXState } from '@headwater/core'
import { flowToMermaid, toMermaid, toSvg } from '@headwater/draw'
import type { FastifyInstance } from 'fastify'
import { callerOf } from './caller.ts'
import { QueryReader } from './query.ts'
import { sendTaggedText } from './replies.ts'
import type { Serving } from './serving.ts'

interface MachineRoute {
  Params: { readonly name: string }
}

const machineParameters = new Set(['format', 'state', 'id'])
const flowParameters = new Set(['aggregate'])

/** How a machine is drawn, and as what it is sent. */
const formats: Readonly<
  Record<string, readonly [type: string, draw: (machine: Machine, state?: string) => string]>
> = {
  svg: ['image/svg+xml', (machine, state) => toSvg(machine, state === undefined ? {} : { state })],
  mermaid: ['text/plain', (machine, state) => toMermaid(machine, state === undefined ? {} : { state })],
  xstate: ['application/json', (machine) => JSON.stringify(toXState(machine))],
}

/** A drawing is looked at, and loads and runs nothing. */
const contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** `GET /catalog/machines/{name}` and `/catalog/flow`: the app as drawings. */
export function drawingRoutes(fastify: FastifyInstance, serving: Serving): void {
  const { headwater } = serving

  fastify.get<MachineRoute>('/catalog/machines/:name', async (request, reply) => {
    const query = new QueryReader(request, machineParameters)
    const format = query.text('format') ?? 'svg'
    const state = query.text('state')
    const id = query.text('id')
    const drawn = Object.hasOwn(formats, format) ? formats[format] : undefined
    if (drawn === undefined)
      query.refuse({ parameter: 'format', detail: 'It is none of svg, mermaid, xstate' })
    if (state !== undefined && id !== undefined)
      query.refuse({ parameter: 'state', detail: 'Give a state or the id of what is in one, not both' })
    query.done()
    const machine = machineOf(headwater.app, request.params.name)
    if (state !== undefined && !machine.chart.states.some(({ path }) => path === state)) {
      query.refuse({ parameter: 'state', detail: `${machine.name} has no such state` })
      query.done()
    }
    const { tenant } = await callerOf(request, reply, serving)
    const at = id === undefined ? state : (await headwater.state(machine, id, { tenant })).state.value
    const [type = '', draw = () => ''] = drawn ?? []
    reply.header('content-security-policy', contentSecurityPolicy)
    return sendTaggedText(reply, type, draw(machine, at))
  })

  fastify.get('/catalog/flow', async (request, reply) => {
    const query = new QueryReader(request, flowParameters)
    const aggregate = query.text('aggregate')
    query.done()
    if (aggregate !== undefined && !isDecider(headwater.catalog, aggregate))
      throw unknown(`aggregate named ${aggregate}`)
    const options = aggregate === undefined ? {} : { aggregate }
    return sendTaggedText(reply, 'text/plain', flowToMermaid(headwater.catalog, options))
  })
}

/** @throws HeadwaterError `aggregate.unknown` */
function machineOf({ contexts }: Serving['headwater']['app'], name: string): Machine {
  const found = contexts.flatMap(({ aggregates }) => aggregates).find((aggregate) => aggregate.name === name)
  if (found !== undefined && isMachine(found)) return found
  throw unknown(`state machine named ${name}`)
}

function isDecider({ contexts }: Catalog, name: string): boolean {
  return contexts.some(
    ({ aggregates, handlers }) =>
      aggregates.some((aggregate) => aggregate.name === name) ||
      handlers.some(({ stream }) => stream === name),
  )
}

function unknown(what: string): HeadwaterError {
  return new HeadwaterError('aggregate.unknown', `There is no ${what}`)
}
