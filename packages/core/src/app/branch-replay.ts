import { HeadwaterError } from '../message/errors.ts'
import { DecisionsReplay } from '../time/replay/decisions-replay.ts'
import { followed, type FollowParts } from '../time/replay/followed.ts'
import type { ReplayParts } from '../time/replay/parts.ts'
import type { ReplayOptions, ReplayReport } from '../time/replay/report.ts'
import type { LogFeed } from '../log/feed.ts'

export interface BranchReplayParts extends ReplayParts, FollowParts {
  readonly feed: LogFeed
}

/** Replays what a branch has of its past, and its own, as amendments have made it. */
export class BranchReplay {
  readonly #parts: BranchReplayParts
  #isUnderway = false

  constructor(parts: BranchReplayParts) {
    this.#parts = parts
  }

  /** @throws HeadwaterError `replay.invalid`, `replay.moved`, `replay.underway` */
  async run(options: ReplayOptions): Promise<ReplayReport> {
    check(options)
    const { branch, feed } = this.#parts
    if (this.#isUnderway)
      throw new HeadwaterError('replay.underway', `The branch ${branch.name} is being replayed already`)
    this.#isUnderway = true
    try {
      const decisions =
        options.mode === 'facts' ? null : await new DecisionsReplay(this.#parts, options).run()
      const position = feed.head
      const views = await followed(this.#parts, position, options.signal)
      return { mode: options.mode, branch: branch.name, position, ...views, decisions }
    } finally {
      this.#isUnderway = false
    }
  }
}

function check({ mode, from }: ReplayOptions): void {
  if (mode !== 'facts' && mode !== 'decisions')
    throw new HeadwaterError(
      'replay.invalid',
      `A replay is one of facts or of decisions, not ${String(mode)}`,
    )
  if (from !== undefined && (!Number.isSafeInteger(from) || from < 1))
    throw new HeadwaterError('replay.invalid', 'Decisions are replayed from a position on, from 1')
}
