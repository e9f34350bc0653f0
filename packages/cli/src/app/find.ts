import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CliError } from '../command/cli-error.ts'

/** Where an app is looked for in a folder, after what its package.json names. */
const usualPlaces = ['app', 'src/app', 'index', 'src/index']
const extensions = ['.ts', '.mts', '.js', '.mjs']

/**
 * The file whose default export is the app.
 *
 * @param path a file or a folder
 * @throws CliError `cli.app-not-found`
 */
export function findApp(path: string): string {
  const absolute = resolve(path)
  if (!existsSync(absolute)) {
    throw new CliError('cli.app-not-found', `${path} does not exist`, { exit: 'notFound' })
  }
  if (statSync(absolute).isFile()) return absolute
  const found = candidates(absolute).find(
    (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
  )
  if (found !== undefined) return found
  throw new CliError('cli.app-not-found', `${path === '.' ? 'This folder' : path} holds no app`, {
    exit: 'notFound',
    remedy:
      'Name a folder with an app.ts (or src/app.ts, or a package.json whose "main" it is), or the file itself.',
  })
}

function candidates(folder: string): string[] {
  const main = mainOf(join(folder, 'package.json'))
  const usual = usualPlaces.flatMap((place) => extensions.map((extension) => join(folder, place + extension)))
  return main === undefined ? usual : [join(folder, main), ...usual]
}

function mainOf(manifest: string): string | undefined {
  if (!existsSync(manifest)) return undefined
  const parsed: unknown = JSON.parse(readFileSync(manifest, 'utf8'))
  const main = typeof parsed === 'object' && parsed !== null && 'main' in parsed ? parsed.main : undefined
  return typeof main === 'string' ? main : undefined
}
