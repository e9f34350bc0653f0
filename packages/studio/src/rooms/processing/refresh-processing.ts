import { useQueryClient } from '@tanstack/react-query'

/** Reads anew what tells of processors and what they left aside. */
export function useRefreshProcessing(): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await Promise.all(['processors', 'parked'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
  }
}
