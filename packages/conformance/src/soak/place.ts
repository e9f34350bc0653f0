import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { SoakNews, SoakTask } from './work/task.ts'

// The sources run as they are, and then so do the packages that they import.
const isSource = import.meta.url.endsWith('.ts')
const script = fileURLToPath(new URL(isSource ? './work/worker.ts' : './work/worker.js', import.meta.url))
const conditions = isSource ? ['--conditions=@headwater/source'] : []

/** Milliseconds in which a process that was told to has to end. */
const patience = 90_000
const mostErrors = 8_192

export type TaskOfPlace = Omit<SoakTask, 'life' | 'journal' | 'unanswered'>

/** A place in a soak, taken by one process after the other; each goes on with what the one before it left unanswered. */
export class Place {
  /** In the order in which they were written. */
  readonly journals: string[] = []
  /** What ended by itself, and what it said. */
  readonly crashes: string[] = []
  readonly #name: string
  readonly #folder: string
  #child: ChildProcess | undefined
  #life = ''
  #isFrozen = false
  #isMeantToEnd = false
  #isReady = false
  #done = 0
  #doneBefore = 0
  #ended: Promise<unknown> = Promise.resolve()

  constructor(name: string, folder: string) {
    this.#name = name
    this.#folder = folder
  }

  /** How many things its processes have done. */
  get done(): number {
    return this.#doneBefore + this.#done
  }

  get isRunning(): boolean {
    return this.#child !== undefined && !this.#isFrozen
  }

  /** Its process has ended, and no other has taken its place. */
  get isVacant(): boolean {
    return this.#child === undefined
  }

  /** It has opened the app. */
  get isReady(): boolean {
    return this.isRunning && this.#isReady
  }

  get name(): string {
    return this.#life
  }

  start(task: TaskOfPlace, unanswered = this.journals.slice(-1)): void {
    this.#life = `${this.#name}-${this.journals.length + 1}`
    const journal = join(this.#folder, `${this.#life}.ndjson`)
    const whole: SoakTask = { ...task, life: this.#life, journal, unanswered }
    // It may be killed before it has written anything.
    writeFileSync(journal, '')
    const child = spawn(process.execPath, [...conditions, script, JSON.stringify(whole)], { stdio: 'pipe' })
    this.journals.push(journal)
    this.#child = child
    this.#isReady = false
    this.#isMeantToEnd = false
    this.#isFrozen = false
    this.#doneBefore += this.#done
    this.#done = 0
    this.#watch(child, this.#life)
  }

  /** Takes it away in the midst of whatever it does. */
  async kill(): Promise<void> {
    this.#isMeantToEnd = true
    this.#child?.kill('SIGKILL')
    await this.#ended
  }

  /** It stands still, leases and locks and all, and does not know it. */
  freeze(): void {
    this.#isFrozen = true
    this.#child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#isFrozen = false
    this.#child?.kill('SIGCONT')
  }

  /** Lets it finish what is under way. @returns false: it did not end in time, and was killed */
  async stop(): Promise<boolean> {
    this.thaw()
    this.#isMeantToEnd = true
    const child = this.#child
    if (child === undefined) return true
    child.kill('SIGTERM')
    return this.ended(patience)
  }

  /** Waits until it has ended. @returns false: it did not end in time, and was killed */
  async ended(milliseconds: number): Promise<boolean> {
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), milliseconds)
    const inTime = this.#ended.then(() => true)
    const tooLate = once(limit.signal, 'abort').then(() => false)
    const hasEnded = await Promise.race([inTime, tooLate])
    clearTimeout(timer)
    if (!hasEnded) await this.kill()
    return hasEnded
  }

  #watch(child: ChildProcess, life: string): void {
    let errors = ''
    child.stdin?.on('error', () => undefined)
    child.stderr?.on('data', (data: Buffer) => {
      errors = (errors + data.toString()).slice(-mostErrors)
    })
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const news = JSON.parse(line) as SoakNews
        if (this.#child !== child) return
        this.#isReady = true
        this.#done = news.done
      })
    this.#ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        if (this.#child === child) {
          this.#child = undefined
          if (code !== 0 && !this.#isMeantToEnd)
            this.crashes.push(`${life} ended by itself with ${code ?? signal}: ${errors}`)
          else if (code !== 0 && code !== null) this.crashes.push(`${life} ended with ${code}: ${errors}`)
        }
        resolve(undefined)
      })
    })
  }
}
