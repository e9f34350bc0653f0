import type { Aggregate } from '../decide/aggregate.ts'
import type { StateOf, StreamState, StreamStates } from '../handle/states.ts'
import { HeadwaterError } from '../message/errors.ts'
import { aggregateNameOf, checkStreamName, streamName } from '../message/stream.ts'
import { tenantNamed } from '../message/tenant.ts'
import type { StreamPast } from '../time/stream-past.ts'
import type { Headwater, PastOptions } from './headwater.ts'
import type { Registry } from './registry.ts'

/** Reads the states of aggregates: those of now from memory, those of the past from their streams. */
export function stateReads(
  { aggregates }: Registry,
  states: StreamStates,
  past: StreamPast,
): Headwater['state'] {
  const read = async (
    aggregate: Aggregate,
    stream: string,
    options: PastOptions = {},
  ): Promise<StreamState> => {
    const { at, known } = options
    const tenant = tenantNamed(options.tenant)
    if (at !== undefined || known !== undefined) return past.state(aggregate, { tenant, stream, at, known })
    const { state, revision } = await states.refresh(aggregate, tenant, stream)
    return { state, revision }
  }
  async function state<State>(
    of: Aggregate<string, State>,
    id: string,
    options?: PastOptions,
  ): Promise<StateOf<State>>
  async function state(stream: string, options?: PastOptions): Promise<StreamState>
  async function state(
    of: Aggregate | string,
    second?: string | PastOptions,
    options?: PastOptions,
  ): Promise<StreamState> {
    if (typeof of !== 'string')
      return read(aggregates.get(of.name) ?? of, streamName(of.name, second as string), options)
    return read(requireAggregate(aggregates, of), of, second as PastOptions | undefined)
  }
  return state
}

/** The aggregate that has a stream. @throws HeadwaterError `stream.not-found`, `stream.invalid-name` */
export function requireAggregate(aggregates: Registry['aggregates'], stream: string): Aggregate {
  const aggregate = aggregates.get(aggregateNameOf(checkStreamName(stream)))
  if (aggregate !== undefined) return aggregate
  throw new HeadwaterError('stream.not-found', `No aggregate of this app has streams like ${stream}`)
}
