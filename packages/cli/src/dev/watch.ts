import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs'
import { dirname, extname, join } from 'node:path'

const sources = new Set(['.ts', '.mts', '.js', '.mjs', '.json', '.sql'])
const notOurs = new Set(['node_modules', 'dist', 'coverage'])
const settleTime = 100

/** The folder of the project that a file belongs to: the nearest with a package.json. */
export function projectOf(file: string): string {
  const own = dirname(file)
  for (let folder = own; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) return own
  }
}

/**
 * Calls back when a source below a folder changed, once for changes in quick succession. Folder by folder, as watching a
 * tree as a whole would take in all of node_modules.
 */
export function watchSources(root: string, onChange: (file: string) => void): { close(): void } {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  const changed = (file: string) => {
    clearTimeout(timer)
    timer = setTimeout(() => onChange(file), settleTime)
  }
  const add = (folder: string) => {
    if (watchers.has(folder)) return
    const watcher = watch(folder, (_event, name) => {
      if (name === null) return
      const path = join(folder, name)
      if (isSource(name)) changed(path)
      else if (extname(name) === '' && isOurs(name) && existsSync(path)) addTree(path)
    })
    // A folder that is deleted ends its watcher with an error on some systems.
    watcher.on('error', () => remove(folder))
    watchers.set(folder, watcher)
  }
  const remove = (folder: string) => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  const addTree = (folder: string) => {
    for (const found of foldersBelow(folder)) add(found)
  }
  addTree(root)
  return {
    close() {
      clearTimeout(timer)
      for (const watcher of watchers.values()) watcher.close()
    },
  }
}

function* foldersBelow(folder: string): Generator<string> {
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    // Not a folder, or gone again.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return
    throw error
  }
  yield folder
  for (const entry of entries)
    if (entry.isDirectory() && isOurs(entry.name)) yield* foldersBelow(join(folder, entry.name))
}

function isOurs(name: string): boolean {
  return !name.startsWith('.') && !notOurs.has(name)
}

function isSource(name: string): boolean {
  return sources.has(extname(name)) && !name.startsWith('.') && !/\.test\.[cm]?[jt]s$/.test(name)
}
