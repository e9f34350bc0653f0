import { useMemo } from 'react'
import { useSearchParams } from 'wouter'
import type { LiveFilter } from './live-filter.ts'

/** The filter, kept in the address, so that a filtered room can be linked to and found again. */
export function useLiveFilter(): [LiveFilter, (change: Partial<LiveFilter>) => void] {
  const [search, setSearch] = useSearchParams()
  const text = search.get('text') ?? ''
  const types = search.get('types') ?? ''
  const stream = search.get('stream') ?? ''
  const filter = useMemo(
    () => ({ text, types: types === '' ? [] : types.split(','), stream }),
    [text, types, stream],
  )

  const change = (part: Partial<LiveFilter>) => {
    const next = { ...filter, ...part }
    const entries = { text: next.text, types: next.types.join(','), stream: next.stream }
    setSearch(Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== '')), {
      replace: true,
    })
  }
  return [filter, change]
}
