import type { App, Headwater, ProcessorHandle, ProcessorSummary } from '@headwater/core'
import type { SqliteInspection } from '@headwater/sqlite'
import { open } from '../app/open.ts'
import { subscriptionsOf, viewsOf } from '../app/parts.ts'
import { bytes, count, counted, duration } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Finding } from './finding.ts'

/** How a database is doing and, where the app is known, how far its views and subscriptions are. */
export async function examineDatabase(
  db: string,
  app: App | undefined,
  deep: boolean,
  terminal: Terminal,
): Promise<readonly Finding[]> {
  const { inspectSqlite } = await import('@headwater/sqlite')
  const progress = terminal.progress('Checking the database')
  progress.update(0)
  const inspected = await inspectSqlite(db, { integrity: deep }).finally(() => progress.stop())
  if (inspected === undefined) {
    return [
      {
        level: 'wrong',
        subject: 'Database',
        found: `${db} is no Headwater log`,
        remedy: 'Name another with --db.',
      },
    ]
  }
  return [...describe(db, inspected), ...(app === undefined ? [] : await examineProcessors(db, app))]
}

function describe(db: string, inspected: SqliteInspection): Finding[] {
  const {
    sqliteVersion,
    bytes: size,
    walBytes,
    journalMode,
    pageSize,
    format,
    epoch,
    events,
    commands,
    position,
  } = inspected
  const rest = walBytes > 0 ? ` and ${bytes(walBytes)} not yet in it` : ''
  return [
    {
      level: 'fine',
      subject: 'Database',
      found: `${db}: ${bytes(size)}${rest}, format ${format}, epoch ${epoch}`,
    },
    {
      level: journalMode === 'wal' ? 'fine' : 'wrong',
      subject: 'SQLite',
      found: `${sqliteVersion}, journal mode ${journalMode}, pages of ${count(pageSize)} bytes`,
      ...(journalMode !== 'wal' && {
        remedy: 'Something changed the journal mode; open it once with Headwater.',
      }),
    },
    {
      level: inspected.isDense && inspected.brokenStreams === 0 ? 'fine' : 'wrong',
      subject: 'Log',
      found: `${counted(events, 'event')}, ${counted(commands, 'command')}, head ${count(position)}, ${density(inspected)}`,
      ...(!(inspected.isDense && inspected.brokenStreams === 0) && {
        remedy: 'Events were deleted or changed behind Headwater’s back: restore the file from a backup.',
      }),
    },
    ...integrityOf(inspected),
  ]
}

function density({ isDense, brokenStreams }: SqliteInspection): string {
  if (!isDense) return 'positions have gaps'
  return brokenStreams === 0 ? 'without gaps' : `${counted(brokenStreams, 'stream')} with gaps`
}

function integrityOf({ integrity }: SqliteInspection): Finding[] {
  if (integrity === undefined) return []
  if (integrity === 'ok') return [{ level: 'fine', subject: 'Pages', found: 'all of them are sound' }]
  return [
    {
      level: 'wrong',
      subject: 'Pages',
      found: integrity,
      remedy: 'The file is damaged: restore it from a backup.',
    },
  ]
}

async function examineProcessors(db: string, app: App): Promise<readonly Finding[]> {
  const headwater = await open(app, { db, processors: false })
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
