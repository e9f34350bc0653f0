import { existsSync, readFileSync } from 'node:fs'

/**
 * The largest resident memory of this process so far, in bytes. Linux's figure in `resourceUsage` begins with what the
 * parent had when it forked, so the process's own status is asked where there is one.
 */
export function largestMemory(): number {
  const status = '/proc/self/status'
  const kilobytes = existsSync(status)
    ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]
    : undefined
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) * 1024
}
