import { useQueryClient } from '@tanstack/react-query'

/** Reads anew what tells of views and their versions. */
export function useRefreshViews(): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await Promise.all(
      ['views', 'versions', 'rebuild'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
    )
  }
}
