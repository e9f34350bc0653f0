import type { Catalog } from '@headwater/core'
import { amendmentPaths } from './amendments.ts'
import { branchPaths } from './branches.ts'
import { replayPaths } from './replays.ts'
import { commandLogPath, commandPaths } from './commands.ts'
import { debugPaths } from './debug.ts'
import { externalPaths } from './externals.ts'
import { logPaths } from './log.ts'
import { mergingPaths } from './merging.ts'
import { operationPaths } from './operation.ts'
import { processorPaths } from './processors.ts'
import { queryPaths } from './queries.ts'
import { forecastPaths } from './forecasts.ts'
import { predictionPaths } from './predictions.ts'
import { versionPaths } from './view-versions.ts'
import { viewPaths } from './views.ts'
import { componentSchemas } from './wire-schemas.ts'

/** What the document needs to know of the gateway: its time limits, in milliseconds. */
export interface Limits {
  readonly longestWait: number
  readonly waitTime: number
}

const introduction = `Commands go in, facts come out. Send a command to its own path; its answer holds the position up to which a view \
must be (\`waitFor\`) to show what it did. Ask queries at theirs. Read the log in pages or follow it live at /events. Everything that goes wrong is a problem \
document (RFC 9457) with a stable \`code\`. An address that is not listed here answers 404, a method that is not 405; a server that \
is addressed by a name that is not its own answers 421.`

/** The OpenAPI 3.1 document of an app. */
export function openApiDocument(catalog: Catalog, { longestWait, waitTime }: Limits): object {
  return {
    openapi: '3.1.1',
    info: { title: catalog.app, version: '1', description: introduction },
    servers: [{ url: '/' }],
    tags: tagsOf(catalog),
    paths: {
      ...commandPaths(catalog),
      ...queryPaths(catalog, longestWait),
      ...viewPaths(catalog, longestWait, waitTime),
      ...versionPaths(catalog),
      ...forecastPaths(catalog),
      ...predictionPaths,
      ...commandLogPath,
      ...logPaths,
      ...amendmentPaths,
      ...branchPaths,
      ...replayPaths,
      ...mergingPaths,
      ...debugPaths,
      ...operationPaths,
      ...processorPaths,
      ...externalPaths,
    },
    components: { schemas: componentSchemas(catalog) },
  }
}

/** One per context; a context may have the name of a tag of ours. */
function tagsOf(catalog: Catalog): object[] {
  const contexts = catalog.contexts.map(({ name, description }) => ({
    name,
    ...(description !== null && { description }),
  }))
  const own = [
    { name: 'log', description: 'The facts, and the commands that they came from.' },
    { name: 'operation', description: 'For operators and tools.' },
  ]
  return [...contexts, ...own.filter(({ name }) => contexts.every((context) => context.name !== name))]
}
