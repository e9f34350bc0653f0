import { open } from '../app/open.ts'
import { withoutReactions } from '../app/parts.ts'
import { targetOf, type TargetOptions, targetOptions, targetWithoutApp } from '../app/target.ts'
import { usageError } from '../command/cli-error.ts'
import { parsed } from '../command/options.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { localSource } from './local.ts'
import type { Source } from './source.ts'

export const sourceOptions = {
  ...targetOptions,
  url: parsed(
    '<url>',
    'Ask a server instead of opening a database: http://localhost:4000',
    (written, name) => {
      if (URL.canParse(written) && /^https?:/.test(written)) return written.replace(/\/+$/, '')
      throw usageError(
        `--${name} is ${JSON.stringify(written)}`,
        'Give the address of a server: http://localhost:4000',
      )
    },
  ),
}

export interface SourceOptions extends TargetOptions {
  readonly url: string | undefined
}

/**
 * What a command needs of the app.
 * - `none`: it reads events
 * - `definition`: it needs to know what the app defines
 * - `views`: it reads views, and brings them up to date
 * - `writes`: it records, and may make the database
 */
export type Need = 'none' | 'definition' | 'views' | 'writes'

/** Opens what a command works on, hands it over, and closes it again. */
export async function withSource<Result>(
  options: SourceOptions,
  need: Need,
  terminal: Terminal,
  work: (source: Source) => Promise<Result>,
): Promise<Result> {
  const source = await openSource(options, need, terminal)
  try {
    return await work(source)
  } finally {
    await source.close()
  }
}

async function openSource(
  { url, app: path, db: file }: SourceOptions,
  need: Need,
  terminal: Terminal,
): Promise<Source> {
  if (url !== undefined) {
    if (file !== undefined)
      throw usageError('--url and --db exclude each other', 'Ask a server, or open a database.')
    const { remoteSource } = await import('./remote.ts')
    return remoteSource(url)
  }
  const named = { app: path, db: file }
  const { app, db } =
    need === 'none' ? await targetWithoutApp(named) : await targetOf(named, { make: need === 'writes' })
  return localSource(await open(withoutReactions(app), { db, processors: need === 'views' }), terminal)
}
