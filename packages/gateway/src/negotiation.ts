/** Whether a client rather has an event stream than JSON (RFC 9110, section 12.5.1). */
export function prefersEventStream(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes('text/event-stream')) return false
  const stream = quality(accept, 'text/event-stream')
  return stream > 0 && stream >= quality(accept, 'application/json')
}

/** Whether a client asks for a page by name, as browsers do. */
export function wantsHtml(accept: string | undefined): boolean {
  return accept !== undefined && accept.includes('text/html') && quality(accept, 'text/html') > 0
}

/** The weight that a list of media ranges gives to one; 0: it does not name it. */
function quality(accept: string, wanted: string): number {
  let best = 0
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    if (type !== wanted) continue
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    best = Math.max(best, weight === undefined ? 1 : Number(weight) || 0)
  }
  return best
}
