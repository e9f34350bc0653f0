import { onTestFinished } from 'vitest'

export interface Message {
  readonly id: string
  readonly event: string
  readonly data: string
}

/** A client of an event stream. */
export interface Follower {
  readonly response: Response
  readonly messages: readonly Message[]
  readonly ids: readonly number[]
  /** Resolves when so many messages have come. */
  until(count: number): Promise<void>
  /** Resolves when the last of the text so far matches. */
  untilText(pattern: RegExp): Promise<void>
  /** Resolves when the server ended the stream. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** Follows `/events`, with nothing but fetch; lets go when the test ends. */
export async function follow(
  url: string,
  query = '',
  headers: Record<string, string> = {},
): Promise<Follower> {
  const controller = new AbortController()
  const response = await fetch(`${url}/events${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: controller.signal,
  })
  const messages: Message[] = []
  const waiting = new Set<() => void>()
  /** What is not a whole message yet. */
  let rest = ''
  /** The last of everything that came. */
  let recent = ''

  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      const text = decoder.decode(chunk, { stream: true })
      recent = (recent + text).slice(-1_000)
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop() ?? ''
      messages.push(...blocks.map(parse).filter((message) => message !== undefined))
      for (const check of waiting) check()
    }
  }
  const ended = read().catch((error: unknown) => {
    if (!controller.signal.aborted) throw error
  })
  const stop = async (): Promise<void> => {
    controller.abort()
    await ended
  }
  onTestFinished(stop)

  const when = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })

  return {
    response,
    messages,
    get ids() {
      return messages.map(({ id }) => Number(id))
    },
    until: (count) => when(() => messages.length >= count),
    untilText: (pattern) => when(() => pattern.test(recent)),
    ended,
    stop,
  }
}

function parse(block: string): Message | undefined {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
  return /^data: /m.test(block) ? { id: field('id'), event: field('event'), data: field('data') } : undefined
}
