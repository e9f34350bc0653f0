import { userInfo } from 'node:os'
import type { ProcessorClient } from '@headwater/client'
import type { ProcessorHandle, Start } from '@headwater/core'
import type { Scope } from './scope.ts'

/** A processor, as an operator sees it: what a server answers, or what is told to a database directly. */
export type ProcessorSource = ProcessorClient

/**
 * A processor of a database that this process has open. What is told to it stands in the database: whichever process runs
 * the app obeys.
 */
export function localProcessor(processor: ProcessorHandle, scope: Scope, actor: string): ProcessorSource {
  const { tenant } = scope
  const summary = async () => {
    const { error, paused, ...rest } = await processor.summary()
    const said = error === undefined ? null : `${error.code}: ${error.message}`
    return asJson<Awaited<ReturnType<ProcessorSource['summary']>>>({
      ...rest,
      error: said,
      paused: paused ?? null,
    })
  }
  const job = async (id: string) => {
    const { endedAt, ...rest } = await (await processor.job(id)).summary()
    return asJson<Awaited<ReturnType<ProcessorSource['job']>>>({ ...rest, endedAt: endedAt ?? null })
  }
  const show = async ({ sequence, position }: { readonly sequence: string; readonly position: number }) => {
    const { edit, ...rest } = await processor.parked.show({
      sequence,
      position,
      ...(tenant !== undefined && { tenant }),
    })
    return asJson<Awaited<ReturnType<ProcessorSource['parked']['show']>>>({ ...rest, edit: edit ?? null })
  }
  return {
    summary,
    pause: async (options = {}) => after(processor.pause({ ...given(options), actor }), summary),
    resume: async (options = {}) => after(processor.resume({ ...given(options), actor }), summary),
    reset: async ({ to, ...options }) =>
      after(processor.reset({ ...given(options), actor, to: startOf(to) }), summary),
    split: async (options = {}) => after(processor.split({ ...given(options), actor }), summary),
    merge: async (options = {}) => after(processor.merge({ ...given(options), actor }), summary),
    acts: async ({ signal: _signal, ...options } = {}) => asJson(await processor.acts(given(options))),
    results: async ({ signal: _signal, allTenants: _all, ...options } = {}) =>
      asJson(
        (await processor.results({ ...scope, ...given(options) })).map((row) => ({
          ...row,
          result: row.result ?? null,
        })),
      ),
    reprocess: async ({ from, to, why }) => {
      const range = { from: momentOf(from), ...(to !== undefined && { to: momentOf(to) }) }
      return job((await processor.reprocess({ ...range, why, actor })).id)
    },
    jobs: async () => Promise.all((await processor.jobs()).map(({ id }) => job(id))),
    job,
    cancelJob: async (id) => {
      await (await processor.job(id)).cancel({ actor })
      return job(id)
    },
    parked: {
      list: async ({ signal: _signal, allTenants: _all, ...options } = {}) =>
        asJson(await processor.parked.list({ ...scope, ...given(options) })),
      sequences: async ({ signal: _signal, allTenants: _all, ...options } = {}) =>
        asJson(await processor.parked.sequences({ ...scope, ...given(options) })),
      show,
      edit: async ({ sequence, position }, edit) => {
        const place = { sequence, position, ...(tenant !== undefined && { tenant }) }
        return after(processor.parked.edit({ ...place, ...edit, actor }), () => show(place))
      },
      retry: ({ allTenants: _all, tenant: _tenant, ...options } = {}) =>
        processor.parked.retry({ ...scope, ...given(options), actor }),
      drop: ({ tenant: _tenant, why, sequence, position }) =>
        processor.parked.drop({
          why,
          sequence,
          actor,
          ...(position !== undefined && { position }),
          ...(tenant !== undefined && { tenant }),
        }),
    },
  }
}

type Given<Options> = { readonly [Name in keyof Options]: Exclude<Options[Name], undefined> }

/** Options without those that are there but undefined. */
function given<Options extends object>(
  options: Options,
): Partial<Given<Options>> & Pick<Options, RequiredOf<Options>> {
  const present = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(present) as Partial<Given<Options>> & Pick<Options, RequiredOf<Options>>
}

type RequiredOf<Options> = {
  [Name in keyof Options]-?: undefined extends Options[Name] ? never : Name
}[keyof Options]

/** Who is at this terminal. */
export function operator(): string {
  return userInfo().username
}

async function after<Result>(done: Promise<unknown>, then: () => Promise<Result>): Promise<Result> {
  await done
  return then()
}

/** As HTTP would answer it: dates as text. */
function asJson<Wire>(value: unknown): Wire {
  return JSON.parse(JSON.stringify(value))
}

function momentOf(moment: number | string): number | Date {
  return typeof moment === 'number' ? moment : new Date(moment)
}

function startOf(place: number | string): Start {
  if (place === 'beginning' || place === 'end') return place
  const moment = momentOf(place)
  return typeof moment === 'number' ? { position: moment } : { time: moment }
}
