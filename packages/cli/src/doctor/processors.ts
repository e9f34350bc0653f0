import type { App, Headwater, ProcessorHandle, ProcessorSummary } from '@headwater/core'
import { open } from '../app/open.ts'
import { subscriptionsOf, viewsOf } from '../app/parts.ts'
import { counted, duration } from '../terminal/format.ts'
import type { Finding } from './finding.ts'

/** How far the views and subscriptions of an app are. */
export async function examineProcessors(db: string, app: App): Promise<readonly Finding[]> {
  const headwater = await open(app, { db, create: false, processors: false, images: false })
  try {
    return await Promise.all(
      headwater.processors.map(async (processor) => describeProcessor(await summaryOf(headwater, processor))),
    )
  } finally {
    await headwater.close()
  }
}

/** A checkpoint may stand before events that don't concern its processor: those are no lag. */
async function summaryOf(headwater: Headwater, processor: ProcessorHandle): Promise<ProcessorSummary> {
  const summary = await processor.summary()
  const parts = [...viewsOf(headwater.app), ...subscriptionsOf(headwater.app)]
  const types = parts.find(({ name }) => name === processor.name)?.events.map(({ type }) => type) ?? []
  const { events } = await headwater.readEvents({ after: summary.position, types, limit: 1 })
  return events.length === 0 ? { ...summary, lag: { events: 0, seconds: 0 } } : summary
}

function describeProcessor({ name, kind, lag, parked }: ProcessorSummary): Finding {
  const subject = kind === 'view' ? 'View' : 'Subscription'
  const behind =
    lag.events === 0
      ? 'up to date'
      : `${counted(lag.events, 'event')} behind, since ${duration(lag.seconds * 1_000)}`
  if (parked > 0) {
    return {
      level: 'wrong',
      subject,
      found: `${name}: ${behind}, ${counted(parked, 'event')} parked`,
      remedy: 'A handler failed again and again; see /processors of the running app.',
    }
  }
  return {
    level: lag.events === 0 ? 'fine' : 'notice',
    subject,
    found: `${name}: ${behind}`,
    ...(lag.events > 0 && { remedy: 'It goes on when the app runs: headwater dev, headwater serve.' }),
  }
}
