import type { Envelope } from '@headwater/client'
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react'
import { client } from './client.ts'
import { createLiveLog, type LiveSnapshot } from './live-log.ts'

export const liveLog = createLiveLog(client)

/** The newest events and the state of the connection, anew whenever either changes. */
export function useLive(): LiveSnapshot {
  return useSyncExternalStore(liveLog.subscribe, liveLog.snapshot)
}

/**
 * Calls `refresh` when events that `match` arrive: at once for the first, then at most once in `interval`
 * milliseconds, so that a busy log does not become a busy loop of requests.
 */
export function useLiveRefresh(match: (event: Envelope) => boolean, refresh: () => void, interval = 1_000) {
  const concerns = useEffectEvent(match)
  const act = useEffectEvent(refresh)
  useEffect(() => {
    let seen = liveLog.snapshot().head
    let waiting: ReturnType<typeof setTimeout> | undefined
    let last = 0
    const look = () => {
      const { events, head } = liveLog.snapshot()
      if (head < seen) seen = 0
      const fresh = events.slice(firstAfter(events, seen))
      seen = head
      if (waiting || !fresh.some((event) => concerns(event))) return
      const go = () => {
        waiting = undefined
        last = Date.now()
        act()
      }
      waiting = setTimeout(go, Math.max(0, last + interval - Date.now()))
    }
    const stop = liveLog.subscribe(look)
    return () => {
      clearTimeout(waiting)
      stop()
    }
  }, [interval])
}

/** The index of the first event after a position; events are in order, so from the end is quickest. */
export function firstAfter(events: readonly Envelope[], position: number): number {
  let index = events.length
  while (index > 0 && (events[index - 1]?.position ?? 0) > position) index--
  return index
}

/** The time now, as of every `interval` milliseconds. */
export function useNow(interval: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), interval)
    return () => clearInterval(timer)
  }, [interval])
  return now
}
