import type { ProcessingResult } from '@headwater/core'
import type { Call } from './database.ts'
import { encodedColumns } from './encoded.ts'
import { storedKey } from './keys.ts'
import { readable } from './readable.ts'
import { prepared } from './sql.ts'

const sql = prepared('results')

/** Keeps what processing made of events; of two about one event and sequence the last. */
export function savedResults(given: readonly ProcessingResult[]): readonly Call[] {
  if (given.length === 0) return []
  const results = [...new Map(given.map((result) => [placeOf(result), result])).values()]
  const encoded = results.map(({ result }) => encodedColumns(result))
  const values = [
    results.map(({ processor }) => processor),
    results.map(({ branch }) => branch),
    results.map(({ position }) => position),
    results.map(({ tenant }) => storedKey(tenant)),
    results.map(({ sequence }) => storedKey(sequence)),
    results.map(({ status }) => status),
    results.map(({ attempts }) => attempts),
    encoded.map(([text]) => text),
    encoded.map(([, bytes]) => bytes),
    results.map(({ error }) => readable(error)),
    results.map(({ owner }) => owner),
    results.map(({ at }) => at),
    results.map(({ actor }) => readable(actor)),
    results.map(({ why }) => readable(why)),
    results.map(({ job }) => job),
  ]
  return [{ statement: sql('save'), values }]
}

export function forgottenResults(processor: string, branch: number): Call {
  return { statement: sql('forget'), values: [processor, branch] }
}

function placeOf({ processor, branch, position, tenant, sequence }: ProcessingResult): string {
  return JSON.stringify([processor, branch, position, tenant, sequence])
}
