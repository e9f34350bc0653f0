/** The aggregate that a stream belongs to: what stands before its first dash. */
export function aggregateOf(stream: string): string {
  const dash = stream.indexOf('-')
  return dash < 0 ? stream : stream.slice(0, dash)
}

/** An event's id is its command's id and an ordinal after a dot. */
export function isEventId(id: string): boolean {
  return /\.\d+$/.test(id)
}
