import { segmentsOf } from '@headwater/core'
import { storeAt } from '../app/open.ts'
import { count, counted } from '../terminal/format.ts'
import type { Finding } from './finding.ts'

/** Which parts of the log are sealed; nothing where none is. */
export async function examineSegments(db: string): Promise<Finding[]> {
  const store = await storeAt(db, { create: false })
  try {
    const segments = await Array.fromAsync(segmentsOf(store).list())
    const last = segments.at(-1)
    if (last === undefined) return []
    const found = `${counted(segments.length, 'segment is', 'segments are')} sealed, up to position ${count(last.last)}: ${last.hash}`
    const away = segments.filter(({ state }) => state !== 'attached')
    const halfway = away.find(({ state }) => state !== 'detached')
    return [
      { level: 'fine', subject: 'Segments', found },
      ...away
        .filter((segment) => segment !== halfway)
        .map(({ number, state, file }): Finding => {
          return { level: 'fine', subject: 'Segments', found: `segment ${number} is ${state}: ${file ?? ''}` }
        }),
      ...(halfway === undefined
        ? []
        : [
            {
              level: 'notice',
              subject: 'Segments',
              found: `segment ${halfway.number} is ${halfway.state}`,
              remedy: `If nobody is at work on it, run it again: headwater segment ${halfway.state === 'detaching' ? 'detach' : 'attach'} ${halfway.number} ${halfway.file ?? ''}`,
            } as const,
          ]),
    ]
  } finally {
    await store.close()
  }
}
