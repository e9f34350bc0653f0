import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { CliError, usageError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { integer, list, type OptionValues, text } from '../command/options.ts'
import { writeArchive } from '../archive/write.ts'
import { storeAt } from '../app/open.ts'
import { targetWithoutApp } from '../app/target.ts'
import { asRecorded, shownAs } from '../source/recorded.ts'
import { allTenantsOption } from '../app/tenant.ts'
import { sourceOptions, withSource } from '../source/open.ts'
import { counted, duration } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'

const pageSize = 1_000

const options = {
  out: text('<file>', 'Where to write events; default: stdout'),
  after: integer('<n>', 'Positions above this one', { default: 0 }),
  types: list('<types>', 'Only events of these types, separated by commas'),
  asRecorded,
  ...sourceOptions,
  allTenants: allTenantsOption,
}

type Options = OptionValues<typeof options>

export const exportCommand = command({
  name: 'export',
  summary: 'Write the log: whole, as an archive; or its events as JSON Lines',
  examples: [
    ['headwater export shop.archive', 'the whole log, from which import makes the same again'],
    ['headwater export > log.jsonl', 'all events'],
    ['headwater export --types OrderPlaced --out orders.jsonl', 'those of some types, to a file'],
    ['headwater export --after 5000 | gzip > new.jsonl.gz', 'those after a position'],
    ['headwater export --as-recorded > raw.jsonl', 'as they were recorded, whatever the schemas say today'],
    ['headwater export --db a.db | headwater import - --db b.db', 'copy a log'],
  ],
  arguments: {
    archive: {
      description: 'Write the whole log into this file, commands and all tenants included',
      optional: true,
    },
  },
  options,
  notes: [
    'An archive has events, commands and how far processors are, with checksums; positions, ids and times stay as they are.',
    'Interrupted, run it again: it goes on with <archive>.part.',
  ],
  run: ({ args, options, terminal }) =>
    args.archive === undefined
      ? exportEvents(options, terminal)
      : exportArchive(args.archive, options, terminal),
})

async function exportArchive(path: string, options: Options, terminal: Terminal): Promise<void> {
  if (
    options.url !== undefined ||
    options.tenant !== undefined ||
    options.types !== undefined ||
    options.after > 0
  )
    throw usageError(
      'An archive is of a whole log, in a database',
      'Leave out --url, --tenant, --types and --after.',
    )
  const { db } = await targetWithoutApp(options)
  const store = await storeAt(db, { create: false })
  try {
    await writeArchive(store, path, terminal)
  } finally {
    await store.close()
  }
}

function exportEvents(options: Options, terminal: Terminal): Promise<void> {
  return withSource(options, 'none', terminal, async (source) => {
    const out = options.out === undefined ? stdoutOf(terminal) : await fileAt(options.out)
    const started = performance.now()
    const { head: end } = await source.log({ after: 0, limit: 1, types: undefined })
    const progress = terminal.progress('Exporting', { total: end - options.after })
    let written = 0
    try {
      // The log may grow meanwhile; what is written is the log as it was at the beginning.
      for (let { after } = options; after < end; ) {
        terminal.signal.throwIfAborted()
        const page = await source.log({
          after,
          types: options.types,
          as: shownAs(options),
          limit: pageSize,
        })
        const events = page.events.filter(({ position }) => position <= end)
        if (events.length > 0) await out.write(events.map((event) => JSON.stringify(event)).join('\n'))
        written += events.length
        after = page.scannedTo
        progress.update(after - options.after, counted(written, 'event'))
      }
    } finally {
      progress.stop()
      await out.end()
    }
    terminal.note(
      `${counted(written, 'event')} up to position ${end} in ${duration(performance.now() - started)}`,
    )
  })
}

interface Out {
  write(lines: string): Promise<void>
  end(): Promise<void>
}

function stdoutOf(terminal: Terminal): Out {
  return { write: (lines) => terminal.print(lines), end: () => Promise.resolve() }
}

async function fileAt(path: string): Promise<Out> {
  const stream = createWriteStream(path)
  try {
    await once(stream, 'open')
  } catch (cause) {
    throw new CliError('cli.file-not-found', `${path} can not be written`, { cause })
  }
  return {
    async write(lines) {
      if (!stream.write(`${lines}\n`)) await once(stream, 'drain')
    },
    async end() {
      stream.end()
      await finished(stream)
    },
  }
}
