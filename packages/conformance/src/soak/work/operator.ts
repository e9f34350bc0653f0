import { handledNames, viewNames } from '../model.ts'
import { codeOf, failure, type Player, repeat } from './player.ts'

const asynchronous = [...viewNames.filter((name) => name !== 'balances'), ...handledNames] as [
  string,
  ...string[],
]

type Act = 'split' | 'merge' | 'pause' | 'resume' | 'reset' | 'retry' | 'rebuild'

/** Operates processors at random: divides them, halts them, sends them back, tries again what is parked, rebuilds views. */
export function operate(player: Player): Promise<void> {
  const { random, journal } = player
  const weights = { split: 3, merge: 3, pause: 1, resume: 3, reset: 0.5, retry: 2, rebuild: 0.5 }
  return repeat(
    player,
    'operator',
    async () => {
      const act = random.weighted<Act>(weights)
      const processor =
        act === 'rebuild'
          ? random.pick(viewNames)
          : random.pick(act === 'reset' ? handledNames : asynchronous)
      try {
        await perform(player, act, processor)
        journal.write({ kind: 'operated', act, processor })
      } catch (error) {
        // Nothing to be split or merged, another operator at work, a processor that was killed at it: all of it may be.
        const code = codeOf(error)
        journal.write(
          code === undefined
            ? failure(`${act} ${processor}`, error)
            : { kind: 'operated', act, processor, code },
        )
      }
    },
    700,
  )
}

async function perform({ headwater, random, stopping }: Player, act: Act, name: string): Promise<void> {
  if (act === 'rebuild') return rebuild({ headwater, stopping }, name)
  const processor = headwater.processor(name)
  switch (act) {
    case 'split':
      if ((await processor.summary()).partitions.length >= 8) return processor.merge({ timeLimit: 10_000 })
      return processor.split({ timeLimit: 10_000 })
    case 'merge':
      return processor.merge({ timeLimit: 10_000 })
    case 'pause':
      return processor.pause({ why: 'soak' })
    case 'resume':
      return processor.resume({ why: 'soak' })
    case 'reset': {
      const { position } = await processor.summary()
      const to = { position: Math.max(0, position - random.between(0, 200)) }
      return processor.reset({ to, repeatEffects: true, timeLimit: 10_000 })
    }
    case 'retry':
      await processor.parked.retry({ allTenants: true })
  }
}

/** What takes too long is left to go on by itself: where writers never rest, one that catches up may take its time. */
async function rebuild(
  { headwater, stopping }: Pick<Player, 'headwater' | 'stopping'>,
  view: string,
): Promise<void> {
  const signal = AbortSignal.any([AbortSignal.timeout(10_000), stopping])
  const begun = await headwater.rebuild(view, { allTenants: true, grace: 2_000 })
  try {
    await begun.done({ signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
