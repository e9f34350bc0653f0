import { open } from '../app/open.ts'
import { withoutReactions } from '../app/parts.ts'
import { targetOf, type TargetOptions, targetOptions, targetWithoutApp } from '../app/target.ts'
import { scopeOf, type TenantOptions, tenantOption } from '../app/tenant.ts'
import { usageError } from '../command/cli-error.ts'
import { parsed, text } from '../command/options.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { localSource } from './local.ts'
import type { Source } from './source.ts'

/** Of commands about the app, which is the same for all tenants. */
export const appSourceOptions = {
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

export const sourceOptions = { ...appSourceOptions, tenant: tenantOption }

/** Of commands that read or record what can be on a branch. */
export const onBranchOptions = { ...sourceOptions, branch: text('<name>', 'On which branch; default: main') }

export interface SourceOptions extends TargetOptions, TenantOptions {
  readonly url: string | undefined
  readonly branch?: string | undefined
}

/**
 * What a command needs of the app.
 * - `none`: it reads events
 * - `definition`: it needs to know what the app defines
 * - `views`: it reads views, and brings them up to date
 * - `versions`: it looks after the versions of views, and brings none up to date
 * - `operations`: it tells processors what to do, and runs none
 * - `writes`: it records, and may make the database
 */
export type Need = 'none' | 'definition' | 'views' | 'versions' | 'operations' | 'writes'

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
  { url, app: path, db: file, schema, branch, ...tenants }: SourceOptions,
  need: Need,
  terminal: Terminal,
): Promise<Source> {
  const scope = scopeOf(tenants)
  if (url !== undefined) {
    if (file !== undefined)
      throw usageError('--url and --db exclude each other', 'Ask a server, or open a database.')
    const { remoteSource } = await import('./remote.ts')
    return remoteSource(url, scope, branch)
  }
  const named = { app: path, db: file, schema }
  const { app, db, create } =
    need === 'none' ? await targetWithoutApp(named) : await targetOf(named, { make: need === 'writes' })
  // What is told to a subscription needs to know of it; it doesn't run here.
  const headwater = await open(need === 'operations' ? app : withoutReactions(app), {
    db,
    create,
    processors: need === 'views',
    images: false,
    // Who looks after versions is told of them by what he asked for.
    onWarning: ({ code, message, remedy }) => {
      if (need !== 'versions') terminal.warn(`${code}: ${message}. ${remedy}`)
    },
  })
  return localSource(headwater, terminal, scope, branch)
}
