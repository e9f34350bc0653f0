import type { Envelope } from '@headwater/client'

/** What the room lets through; an empty part lets everything through. */
export interface LiveFilter {
  readonly text: string
  readonly types: readonly string[]
  readonly stream: string
}

// Events never change, so what is searched in each is made once and goes when the event goes.
const searched = new WeakMap<Envelope, string>()

function searchable(event: Envelope): string {
  let text = searched.get(event)
  if (text === undefined) {
    const { id, type, stream, actor, correlationId, data } = event
    text = [id, type, stream, actor, correlationId, JSON.stringify(data)].join('\n').toLowerCase()
    searched.set(event, text)
  }
  return text
}

export function passes(event: Envelope, { text, types, stream }: LiveFilter): boolean {
  if (types.length > 0 && !types.includes(event.type)) return false
  if (stream !== '' && !event.stream.startsWith(stream)) return false
  return text === '' || searchable(event).includes(text.toLowerCase())
}

export function isOpen({ text, types, stream }: LiveFilter): boolean {
  return text === '' && types.length === 0 && stream === ''
}
