import type pg from 'pg'
import type { Database } from './database.ts'
import { quoted } from './schema.ts'

/** Milliseconds until a lost connection is made again. */
const pause = 500
/** Between two messages: whoever is told reads on until there is no more. Milliseconds. */
const rest = 5
/** How often it is tried whether the other end still answers, and how long it may take: milliseconds. */
const heartbeat = 5_000

export interface LineListener {
  /** Another process has sent something. */
  hear(payload: string): void
  /** It is open, for the first time or again: what was sent before was not heard. */
  opened(): void
}

/** A connection on which processes tell one another that there is news. It is made again when it is lost. */
export class Line {
  readonly #database: Database
  readonly #listener: LineListener
  /** Names this line in what it sends, so that it doesn't hear itself. */
  readonly #name = Math.random().toString(36).slice(2)
  readonly #channel: string
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #heartbeat: NodeJS.Timeout | undefined
  #opening: Promise<void> | undefined
  #isClosed = false
  /** What is to be sent, each once: news that waits is not told twice. */
  readonly #news = new Set<string>()
  #sending: Promise<void> | undefined

  constructor(database: Database, listener: LineListener) {
    this.#database = database
    this.#listener = listener
    this.#channel = `headwater ${database.schema}`
  }

  get isOpen(): boolean {
    return this.#client !== undefined
  }

  open(): void {
    if (!this.#isClosed && this.#client === undefined && this.#timer === undefined)
      this.#opening ??= this.#open().finally(() => {
        this.#opening = undefined
      })
  }

  /** Sends while nothing else waits for it. What is lost with the connection, the others find by looking. */
  send(payload: string): void {
    this.open()
    this.#news.add(payload)
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#opening
    await this.#sending
    const client = this.#client
    this.#leave()
    await client?.end()
  }

  async #open(): Promise<void> {
    const client = this.#database.client()
    const lost = (): void => this.#lost(client)
    client.on('error', lost)
    client.on('end', lost)
    client.on('notification', ({ payload = '' }) => {
      const [sender, text = ''] = payload.split(' ')
      if (sender !== this.#name) this.#listener.hear(text)
    })
    try {
      await client.connect()
      // To tell is not worth waiting for the disk.
      await client.query('SET synchronous_commit = off')
      await client.query(`LISTEN ${quoted(this.#channel)}`)
    } catch {
      this.#again()
      await Promise.allSettled([client.end()])
      return
    }
    this.#client = client
    this.#heartbeat = setInterval(() => void this.#listenTo(client), heartbeat).unref()
    this.#listener.opened()
  }

  async #sendAll(): Promise<void> {
    await this.#opening
    while (this.#news.size > 0) {
      const client = this.#client
      const payloads = [...this.#news]
      this.#news.clear()
      if (client === undefined) return
      try {
        for (const payload of payloads) await client.query(this.#message(payload))
        await new Promise((resolve) => setTimeout(resolve, rest))
      } catch {
        // Lost, which is noticed elsewhere, or a queue that somebody who listens has let run full.
        return
      }
    }
  }

  #message(payload: string): pg.QueryConfig {
    const values = [this.#channel, `${this.#name} ${payload}`]
    return { name: 'notify', text: 'SELECT pg_notify($1, $2)', values }
  }

  /** A machine that fell silent closes no connection. */
  async #listenTo(client: pg.Client): Promise<void> {
    let isHeard = false
    const answer = client.query('SELECT 1').then(
      () => {
        isHeard = true
      },
      () => undefined,
    )
    const limit = new Promise<void>((resolve) => setTimeout(resolve, heartbeat).unref())
    await Promise.race([answer, limit])
    if (!isHeard) this.#lost(client)
  }

  #lost(client: pg.Client): void {
    if (this.#client !== client) return
    this.#leave()
    // It is not waited for: nobody may answer.
    void Promise.allSettled([client.end()])
    this.#again()
  }

  #leave(): void {
    this.#client = undefined
    clearInterval(this.#heartbeat)
  }

  #again(): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.open()
    }, pause).unref()
  }
}
