import type { Transport } from './transport.ts'
import type {
  OperatorAct,
  ParkedEvent,
  ParkedEventDetail,
  ParkedSequence,
  ProcessingResult,
  ProcessorSummary,
  Reprocessing,
} from './wire.ts'

/** Why something is done; it is recorded with who does it. */
export interface ActOptions {
  readonly why?: string | undefined
}

export interface ParkedPlace {
  /** The key by which it waits: a stream, or a view's key. */
  readonly sequence: string
  readonly position: number
  /** Where it is not the client's own; for those who may reach it. */
  readonly tenant?: string | undefined
}

interface Listing {
  readonly limit?: number | undefined
  /** Of every tenant; for those who may reach any. */
  readonly allTenants?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** One processor: what an operator can do with it, and with what it had to leave aside. */
export interface ProcessorClient {
  summary(signal?: AbortSignal): Promise<ProcessorSummary>
  /** What is handled is finished; then nothing is, in any process, until it is resumed. */
  pause(options?: ActOptions): Promise<ProcessorSummary>
  resume(options?: ActOptions): Promise<ProcessorSummary>
  /** Sends a subscription to another place in the log; backwards only with `repeatEffects`. */
  reset(options: {
    /** `beginning`, `end`, or the position or ISO 8601 time of the first event to handle. */
    readonly to: number | string
    readonly repeatEffects?: boolean
    readonly why: string
  }): Promise<ProcessorSummary>
  /** Divides a partition in two, while others go on; default: the largest. */
  split(options?: ActOptions & { readonly partition?: number | undefined }): Promise<ProcessorSummary>
  /** Joins a partition with the one behind it; default: those that are smallest together. */
  merge(options?: ActOptions & { readonly partition?: number | undefined }): Promise<ProcessorSummary>
  /** Handles old events once more, with all effects, as a job of its own: positions or ISO 8601 times. */
  reprocess(options: {
    readonly from: number | string
    readonly to?: number | string | undefined
    readonly why: string
  }): Promise<Reprocessing>
  /** Its jobs, ended ones included. */
  jobs(signal?: AbortSignal): Promise<readonly Reprocessing[]>
  job(id: string, signal?: AbortSignal): Promise<Reprocessing>
  /** Ends a job where it is; what was done is done. */
  cancelJob(id: string): Promise<Reprocessing>
  /** What became of events, where its position does not tell. */
  results(options?: Listing & { readonly after?: number | undefined }): Promise<readonly ProcessingResult[]>
  /** What operators did, the last first. */
  acts(options?: {
    readonly before?: number | undefined
    readonly limit?: number | undefined
    readonly signal?: AbortSignal | undefined
  }): Promise<readonly OperatorAct[]>
  readonly parked: ParkedClient
}

/** The events that a processor could not process, and those that wait behind them. */
export interface ParkedClient {
  list(
    options?: Listing & { readonly sequence?: string | undefined; readonly after?: number | undefined },
  ): Promise<readonly ParkedEvent[]>
  sequences(options?: Listing): Promise<readonly ParkedSequence[]>
  show(place: ParkedPlace, signal?: AbortSignal): Promise<ParkedEventDetail>
  /** Gives it other data, for this processor only. What does not fit the event's schema is told in `errors`, below `/data`. */
  edit(place: ParkedPlace, edit: { readonly data: unknown; readonly why: string }): Promise<ParkedEventDetail>
  /** Has one sequence, or all, tried again. @returns how many were asked for */
  retry(
    options?: ActOptions & {
      readonly sequence?: string | undefined
      readonly tenant?: string | undefined
      readonly allTenants?: boolean | undefined
    },
  ): Promise<number>
  /** Takes one event away, or all of its sequence. @returns how many */
  drop(
    drop: Omit<ParkedPlace, 'position'> & { readonly position?: number | undefined; readonly why: string },
  ): Promise<number>
}

export function createProcessorClient(transport: Transport, name: string): ProcessorClient {
  const { json } = transport
  const path = `/processors/${encodeURIComponent(name)}`
  return {
    summary: (signal) => json(path, { signal }),
    pause: (body = {}) => json(`${path}/pause`, { method: 'POST', body }),
    resume: (body = {}) => json(`${path}/resume`, { method: 'POST', body }),
    reset: (body) => json(`${path}/reset`, { method: 'POST', body }),
    split: (body = {}) => json(`${path}/split`, { method: 'POST', body }),
    merge: (body = {}) => json(`${path}/merge`, { method: 'POST', body }),
    reprocess: (body) => json(`${path}/reprocessing`, { method: 'POST', body }),
    jobs: async (signal) => {
      const { jobs } = await json<{ jobs: readonly Reprocessing[] }>(`${path}/reprocessing`, { signal })
      return jobs
    },
    job: (id, signal) => json(`${path}/reprocessing/${encodeURIComponent(id)}`, { signal }),
    cancelJob: (id) => json(`${path}/reprocessing/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    results: async ({ signal, ...query } = {}) => {
      const { results } = await json<{ results: readonly ProcessingResult[] }>(`${path}/results`, {
        query,
        signal,
      })
      return results
    },
    acts: async ({ signal, ...query } = {}) => {
      const { acts } = await json<{ acts: readonly OperatorAct[] }>(`${path}/acts`, { query, signal })
      return acts
    },
    parked: createParkedClient(transport, `${path}/parked`),
  }
}

function createParkedClient({ json }: Transport, path: string): ParkedClient {
  return {
    list: async ({ signal, ...query } = {}) => {
      const { events } = await json<{ events: readonly ParkedEvent[] }>(path, { query, signal })
      return events
    },
    sequences: async ({ signal, ...query } = {}) => {
      const { sequences } = await json<{ sequences: readonly ParkedSequence[] }>(`${path}/sequences`, {
        query,
        signal,
      })
      return sequences
    },
    show: ({ sequence, position, tenant }, signal) =>
      json(`${path}/${position}`, { query: { sequence }, headers: ofTenant(tenant), signal }),
    edit: ({ sequence, position, tenant }, body) =>
      json(`${path}/${position}`, { method: 'PUT', query: { sequence }, headers: ofTenant(tenant), body }),
    retry: async ({ tenant, ...body } = {}) => {
      const request = { method: 'POST', headers: ofTenant(tenant), body } as const
      const { asked } = await json<{ asked: number }>(`${path}/retry`, request)
      return asked
    },
    drop: async ({ tenant, ...body }) => {
      const request = { method: 'POST', headers: ofTenant(tenant), body } as const
      const { dropped } = await json<{ dropped: number }>(`${path}/drop`, request)
      return dropped
    },
  }
}

function ofTenant(tenant: string | undefined): Record<string, string | undefined> {
  return { 'headwater-tenant': tenant || undefined }
}
