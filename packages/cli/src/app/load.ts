import { dirname, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { App } from '@headwater/core'
import { CliError } from '../command/cli-error.ts'
import { findApp } from './find.ts'

export interface LoadedApp {
  readonly app: App
  /** Where it was found. */
  readonly file: string
  readonly folder: string
}

/**
 * Imports an app.
 *
 * @param path a file or a folder
 * @throws CliError `cli.app-not-found`, and whatever the app's own code throws
 */
export async function loadApp(path: string): Promise<LoadedApp> {
  const file = findApp(path)
  const exported = await importDefault(file)
  if (!isApp(exported)) {
    throw new CliError('cli.app-not-found', `The default export of ${shown(file)} is not an app`, {
      exit: 'notFound',
      remedy: 'End it with: export default app({ name: …, aggregates: [ … ] })',
    })
  }
  return { app: exported, file, folder: dirname(file) }
}

/** The default export of a module; undefined where it has none. */
export async function importDefault(file: string): Promise<unknown> {
  const module: unknown = await import(pathToFileURL(file).href)
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
}

/** A path as one would type it. */
export function shown(file: string): string {
  const short = relative(process.cwd(), file)
  return short === '' ? '.' : short.startsWith('..') ? file : short
}

function isApp(value: unknown): value is App {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'app'
}
