/** One message of a `text/event-stream`. `id` is the last id seen, as the specification has it. */
export interface ServerSentMessage {
  readonly id: string
  readonly event: string
  readonly data: string
}

/** Takes text as it arrives, cut anywhere, and gives the messages that it completes. */
export interface SseParser {
  push(text: string): ServerSentMessage[]
}

/**
 * A parser of server-sent events after the HTML standard (section 9.2.6): lines end in LF, CR or CRLF,
 * comments are skipped, a message without data is dropped, and one that the end cuts off is never given.
 */
export function createSseParser(): SseParser {
  let rest = ''
  let started = false
  let skipLineFeed = false
  let id = ''
  let event = ''
  let data: string[] = []

  function take(line: string): ServerSentMessage | undefined {
    if (line === '') {
      const message = data.length > 0 ? { id, event: event || 'message', data: data.join('\n') } : undefined
      event = ''
      data = []
      return message
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') data.push(value)
    else if (field === 'event') event = value
    else if (field === 'id' && !value.includes('\0')) id = value
    return undefined
  }

  return {
    push(text) {
      if (text === '') return []
      let input = text
      if (!started && input.startsWith('\uFEFF')) input = input.slice(1)
      started = true
      // The CR of a CRLF ended its line in the chunk before; its LF is not an empty line of its own.
      if (skipLineFeed && input.startsWith('\n')) input = input.slice(1)
      skipLineFeed = false
      // A line end can only be in what is new: what is left over was searched before.
      let from = rest.length
      const buffer = rest + input
      let start = 0
      const messages: ServerSentMessage[] = []
      for (; from < buffer.length; from++) {
        const char = buffer[from]
        if (char !== '\n' && char !== '\r') continue
        const message = take(buffer.slice(start, from))
        if (message) messages.push(message)
        if (char === '\r') {
          if (from + 1 === buffer.length) skipLineFeed = true
          else if (buffer[from + 1] === '\n') from++
        }
        start = from + 1
      }
      rest = buffer.slice(start)
      return messages
    },
  }
}
