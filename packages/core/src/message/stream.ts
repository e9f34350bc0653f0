import { HeadwaterError } from './errors.ts'

const longest = 512

/** `order` and `1` make `order-1`. */
export function streamName(aggregate: string, aggregateId: string): string {
  return `${aggregate}-${aggregateId}`
}

/** What follows the first dash; the whole name where there is none. */
export function aggregateIdOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1)
}

/** What stands before the first dash; the whole name where there is none. */
export function aggregateNameOf(stream: string): string {
  const dash = stream.indexOf('-')
  return dash < 0 ? stream : stream.slice(0, dash)
}

/** @throws HeadwaterError `stream.invalid-name` */
export function checkStreamName(stream: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const hasControls = /[\u0000-\u001f\u007f]/.test(stream)
  // Half a surrogate pair has no UTF-8: a store would write the same replacement for all of them, and mix their streams.
  if (stream.length === 0 || stream.length > longest || hasControls || !stream.isWellFormed()) {
    throw new HeadwaterError(
      'stream.invalid-name',
      `Not a stream's name: ${JSON.stringify(stream.slice(0, 80))}`,
    )
  }
  return stream
}
