import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import type { Trial } from '../trial.ts'
import type { Assignment, Message, Task } from './messages.ts'

type MessageOf<Kind extends Message['kind']> = Extract<Message, { readonly kind: Kind }>

// The sources run as they are, and then so do the packages that they import.
const isSource = import.meta.url.endsWith('.ts')
const script = fileURLToPath(new URL(isSource ? './child.ts' : './child.js', import.meta.url))
const conditions = isSource ? ['--conditions=@headwater/source'] : []

/** Starts a process that opens the trial's database. It is killed when the trial ends. */
export function startTask(trial: Trial, task: Task): TaskProcess {
  const { multiProcess } = trial.capabilities
  assert.ok(multiProcess)
  const { module, arguments: given = [] } = multiProcess
  const assignment: Assignment = { module: module.href, database: trial.database, given, task }
  const child = spawn(process.execPath, [...conditions, script, JSON.stringify(assignment)], {
    stdio: 'pipe',
  })
  const started = new TaskProcess(child)
  trial.onEnd(() => started.kill())
  return started
}

export class TaskProcess {
  readonly messages: Message[] = []
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  #hasEnded = false
  #errors = ''
  readonly #waiting = new Set<() => void>()

  constructor(child: ChildProcess) {
    this.#child = child
    assert.ok(child.stdin && child.stdout && child.stderr)
    // Written to after the process has ended: what waits for it is told by its end.
    child.stdin.on('error', () => this.#wake())
    child.stderr.on('data', (data: Buffer) => {
      this.#errors += data.toString()
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.messages.push(JSON.parse(line) as Message)
      this.#wake()
    })
    this.#ended = new Promise((resolve) => {
      child.once('close', () => {
        this.#hasEnded = true
        this.#wake()
        resolve()
      })
    })
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  all<Kind extends Message['kind']>(kind: Kind): readonly MessageOf<Kind>[] {
    return this.messages.filter((message): message is MessageOf<Kind> => message.kind === kind)
  }

  /** Resolves when it has told something so many times; rejects when it ends before. */
  async told<Kind extends Message['kind']>(kind: Kind, times = 1): Promise<MessageOf<Kind>> {
    for (;;) {
      const message = this.all(kind)[times - 1]
      if (message !== undefined) return message
      assert.ok(!this.#hasEnded, `the process ended before it told ‘${kind}’ ${times} times: ${this.#errors}`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  /** What a task that waits for the signal waits for. */
  go(): void {
    this.#child.stdin?.write('go\n')
  }

  /** Ends it in the midst of whatever it does: the system takes it away, and no handler of it runs. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}
