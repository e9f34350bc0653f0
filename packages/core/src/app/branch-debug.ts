import type { BranchRow } from '../log/branches.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { DebugOptions } from '../time/debug/begin-session.ts'
import type { DebugPlace, DebugSession, RunOptions, Until } from '../time/debug/debug-session.ts'
import type { DebugStep } from '../time/debug/debug-step.ts'
import type { BranchDesk, OnBranch } from './branch-desk.ts'

/**
 * A debugging session on a branch. What works on branches is closed where many are in use: then it goes on, at its place, with
 * what is opened anew. It ends with the branch, also where another one has its name by then.
 */
export class BranchDebug implements DebugSession {
  readonly #branches: BranchDesk
  readonly #row: BranchRow
  readonly #options: DebugOptions
  #position: number
  #begun: { readonly on: OnBranch; readonly session: DebugSession } | undefined

  private constructor(branches: BranchDesk, row: BranchRow, options: DebugOptions) {
    this.#branches = branches
    this.#row = row
    this.#options = options
    this.#position = options.from ?? 0
  }

  /** @throws HeadwaterError as `Headwater.debug` says */
  static async begin(branches: BranchDesk, row: BranchRow, options: DebugOptions): Promise<DebugSession> {
    const session = new BranchDebug(branches, row, options)
    await session.#use(async () => undefined)
    return session
  }

  get position(): number {
    return this.#position
  }

  place(): Promise<DebugPlace> {
    return this.#use((session) => session.place())
  }

  current(): Promise<DebugStep | undefined> {
    return this.#use((session) => session.current())
  }

  step(): Promise<DebugStep | undefined> {
    return this.#use((session) => session.step())
  }

  back(): Promise<DebugStep | undefined> {
    return this.#use((session) => session.back())
  }

  runTo(position: number): Promise<DebugStep | undefined> {
    return this.#use((session) => session.runTo(position))
  }

  runToType(type: string, options?: RunOptions): Promise<DebugStep | undefined> {
    return this.#use((session) => session.runToType(type, options))
  }

  runUntil(until: Until, options?: RunOptions): Promise<DebugStep | undefined> {
    return this.#use((session) => session.runUntil(until, options))
  }

  async #use<Result>(work: (session: DebugSession) => Promise<Result>): Promise<Result> {
    const { id, name, tenant } = this.#row
    const row = await this.#branches.find(name, tenant)
    if (row.id !== id)
      throw new HeadwaterError('branch.unknown', `The branch ${name} that was gone through is dropped`, {
        details: { branch: name },
      })
    return this.#branches.use(row, async (on) => {
      if (this.#begun?.on !== on)
        this.#begun = { on, session: await on.debug({ ...this.#options, from: this.#position }) }
      const { session } = this.#begun
      try {
        return await work(session)
      } finally {
        this.#position = session.position
      }
    })
  }
}
