import { destination, type Logger, pino, stdTimeFunctions } from 'pino'

/** One JSON object per line on stderr, at once: what a process said last is what one wants to know. */
export function createLogger(app: string): Logger {
  return pino(
    {
      base: { app, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      level: process.env['LOG_LEVEL'] ?? 'info',
    },
    destination({ dest: 2, sync: true }),
  )
}
