import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { CliError } from '../command/cli-error.ts'
import { command } from '../command/command.ts'
import { integer, list, text } from '../command/options.ts'
import { sourceOptions, withSource } from '../source/open.ts'
import { counted, duration } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'

const pageSize = 1_000

export const exportCommand = command({
  name: 'export',
  summary: 'Write the log as JSON Lines, an event per line',
  examples: [
    ['headwater export > log.jsonl', 'all events'],
    ['headwater export --types OrderPlaced --out orders.jsonl', 'those of some types, to a file'],
    ['headwater export --after 5000 | gzip > new.jsonl.gz', 'those after a position'],
    ['headwater export --db a.db | headwater import - --db b.db', 'copy a log'],
  ],
  options: {
    out: text('<file>', 'Where to write; default: stdout'),
    after: integer('<n>', 'Positions above this one', { default: 0 }),
    types: list('<types>', 'Only events of these types, separated by commas'),
    ...sourceOptions,
  },
  run: ({ options, terminal }) =>
    withSource(options, 'none', terminal, async (source) => {
      const out = options.out === undefined ? stdoutOf(terminal) : await fileAt(options.out)
      const started = performance.now()
      const { head: end } = await source.log({ after: 0, limit: 1, types: undefined })
      const progress = terminal.progress('Exporting', { total: end - options.after })
      let written = 0
      try {
        // The log may grow meanwhile; what is written is the log as it was at the beginning.
        for (let { after } = options; after < end; ) {
          terminal.signal.throwIfAborted()
          const page = await source.log({ after, types: options.types, limit: pageSize })
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
    }),
})

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
