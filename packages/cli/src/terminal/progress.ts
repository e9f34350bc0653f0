import { count, duration } from './format.ts'
import { styleFor } from './style.ts'

/** How far something has come. */
export interface Progress {
  /**
   * @param detail what else is worth knowing, after the figures
   * @param total where it has changed
   */
  update(done: number, detail?: string, total?: number): void
  /** Takes it off the terminal again. */
  stop(): void
}

export interface ProgressOptions {
  /** What `done` is when all is done; undefined where nobody knows. */
  readonly total?: number | undefined
  /** What was done before: it has no part in the rate. Default 0. */
  readonly from?: number
  /** How to write an amount; default: `1,000`. */
  readonly show?: (amount: number) => string
}

const barWidth = 24
const quietFor = 1_000
const everyOnTerminal = 100
const everyInLog = 5_000

/** A bar on a terminal, redrawn in place; a line every few seconds in a log. */
export function startProgress(
  stream: NodeJS.WriteStream,
  label: string,
  { total: first, from = 0, show = count }: ProgressOptions = {},
): Progress {
  const started = performance.now()
  const style = styleFor(stream)
  let next = started + quietFor
  let drawn = false
  return {
    update(done, detail = '', total = first) {
      const now = performance.now()
      if (now < next) return
      next = now + (stream.isTTY ? everyOnTerminal : everyInLog)
      const rate = `${show(Math.round(((done - from) / (now - started)) * 1_000))}/s`
      const figures = total === undefined ? show(done) : `${percent(done, total)}  ${show(done)}`
      const rest = [figures, rate, remaining(done - from, total && total - from, now - started), detail]
        .filter((part) => part !== '')
        .join('  ')
      if (!stream.isTTY) {
        stream.write(`${label}  ${rest}\n`)
        return
      }
      const bar =
        total === undefined ? '' : `${style.good(filled(done, total))}${style.dim(empty(done, total))} `
      stream.write(`\r\u001b[2K${label} ${bar}${rest}`)
      drawn = true
    },
    stop() {
      if (drawn) stream.write('\r\u001b[2K')
      drawn = false
      next = Number.POSITIVE_INFINITY
    },
  }
}

function share(done: number, total: number): number {
  return total === 0 ? 1 : Math.min(1, done / total)
}

function percent(done: number, total: number): string {
  return `${Math.floor(share(done, total) * 100)} %`.padStart(5)
}

function filled(done: number, total: number): string {
  return '━'.repeat(Math.round(share(done, total) * barWidth))
}

function empty(done: number, total: number): string {
  return '━'.repeat(barWidth - Math.round(share(done, total) * barWidth))
}

function remaining(done: number, total: number | undefined, elapsed: number): string {
  if (total === undefined || done === 0 || done >= total || elapsed < 3_000) return ''
  return `${duration((elapsed / done) * (total - done))} left`
}
