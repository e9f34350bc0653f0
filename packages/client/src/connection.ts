import { createSseParser, type ServerSentMessage } from './sse.ts'

/**
 * Reads server-sent messages from a body until it ends. A server that is well sends at least a comment every
 * 15 s; when nothing at all came for `stallTime` milliseconds, `onStall` is called, once.
 */
export async function* messagesOf(
  body: ReadableStream<Uint8Array>,
  stallTime: number,
  onStall: () => void,
): AsyncGenerator<ServerSentMessage[], void, undefined> {
  const reader = body.getReader()
  // A character may be cut between two chunks: the decoder keeps its first bytes.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const parser = createSseParser()
  try {
    for (;;) {
      const stalled = setTimeout(onStall, stallTime)
      const { done, value } = await reader.read().finally(() => clearTimeout(stalled))
      if (done) return
      const messages = parser.push(decoder.decode(value, { stream: true }))
      if (messages.length > 0) yield messages
    }
  } finally {
    await reader.cancel().catch(ignoreBroken)
  }
}

/** Letting go of a connection that is broken already is no failure of its own. */
function ignoreBroken(): void {}
