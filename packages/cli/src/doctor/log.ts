import { count, counted } from '../terminal/format.ts'
import type { Finding } from './finding.ts'

/** What every database tells of its log. */
export interface LogFigures {
  readonly events: number
  readonly commands: number
  readonly position: number
  readonly isDense: boolean
  readonly brokenStreams: number
}

export function describeLog(log: LogFigures, remedy: string): Finding {
  const isSound = log.isDense && log.brokenStreams === 0
  return {
    level: isSound ? 'fine' : 'wrong',
    subject: 'Log',
    found: `${counted(log.events, 'event')}, ${counted(log.commands, 'command')}, head ${count(log.position)}, ${density(log)}`,
    ...(!isSound && { remedy: `Events were deleted or changed behind Headwater’s back: ${remedy}.` }),
  }
}

function density({ isDense, brokenStreams }: LogFigures): string {
  if (!isDense) return 'positions have gaps'
  return brokenStreams === 0 ? 'without gaps' : `${counted(brokenStreams, 'stream')} with gaps`
}
