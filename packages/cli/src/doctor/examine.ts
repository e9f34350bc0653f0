import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type App, isHeadwaterError, lintNames } from '@headwater/core'
import { findStudio } from '../app/studio.ts'
import { readConfig } from '../app/config.ts'
import { findApp } from '../app/find.ts'
import { loadApp, type LoadedApp, shown } from '../app/load.ts'
import { isMemory, kindOf, pathOf, shownDatabase } from '../app/database.ts'
import { open } from '../app/open.ts'
import { dataFolder, namedDatabase, type TargetOptions } from '../app/target.ts'
import { CliError } from '../command/cli-error.ts'
import { measureSync } from '../measure/disk.ts'
import { bytes, duration } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { Finding } from './finding.ts'
import { examinePostgres } from './postgres.ts'
import { examineProcessors } from './processors.ts'
import { examineSegments } from './segments.ts'
import { examineSqlite } from './sqlite.ts'

const neededNodeApi = 10
/** Milliseconds: more than a disk with a cache that survives a power cut takes, less than one that spins. */
const slowSync = 25
const littleSpace = 500_000_000

export async function examine(
  options: TargetOptions & { readonly deep: boolean },
  terminal: Terminal,
): Promise<readonly Finding[]> {
  const config = await readConfig()
  const { app, findings } = await examineApp(options.app ?? config.app)
  const db =
    namedDatabase(options, config) ?? (app === undefined ? undefined : join(dataFolder, `${app.app.name}.db`))
  return [
    examineNode(),
    examineStudio(),
    ...(await examineDiskOf(db)),
    ...findings,
    ...(await databaseOf(db, app, options.deep, terminal)),
  ]
}

function examineNode(): Finding {
  const found = `${process.version}, Node-API ${process.versions['napi'] ?? 'unknown'}`
  if (Number(process.versions['napi']) >= neededNodeApi) return { level: 'fine', subject: 'Node.js', found }
  return {
    level: 'wrong',
    subject: 'Node.js',
    found,
    remedy: 'Use Node.js 22.14 or newer: npm install --save-dev node@24',
  }
}

function examineStudio(): Finding {
  const folder = findStudio()
  if (folder !== undefined) return { level: 'fine', subject: 'Studio', found: 'is built' }
  return {
    level: 'notice',
    subject: 'Studio',
    found: 'is not built',
    remedy: 'In a checkout: npm run build -w @headwater/studio',
  }
}

/** Where the database is a server's, its disk is asked about by its commits. */
async function examineDiskOf(db: string | undefined): Promise<Finding[]> {
  if (db !== undefined && kindOf(db) === 'postgres') return []
  const folder = db === undefined || isMemory(db) ? process.cwd() : dirname(resolve(pathOf(db)))
  return examineDisk(existsSync(folder) ? folder : process.cwd())
}

async function examineDisk(folder: string): Promise<Finding[]> {
  const { median, worst } = await measureSync(folder)
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  return [
    {
      level: median > slowSync ? 'notice' : 'fine',
      subject: 'Disk',
      found: `a synced write takes ${duration(median)}, at worst ${duration(worst)}`,
      ...(median > slowSync && { remedy: 'Each commit waits for it; many callers at once share a commit.' }),
    },
    {
      level: free < littleSpace ? 'wrong' : 'fine',
      subject: 'Space',
      found: `${bytes(free)} are free in ${shown(folder)}`,
      ...(free < littleSpace && { remedy: 'Make room: what can not be written is not accepted.' }),
    },
  ]
}

async function examineApp(
  path: string | undefined,
): Promise<{ app: LoadedApp | undefined; findings: Finding[] }> {
  if (path === undefined && !isAppHere()) {
    return {
      app: undefined,
      findings: [
        { level: 'notice', subject: 'App', found: 'none in this folder', remedy: 'Name one with --app.' },
      ],
    }
  }
  const app = await loadApp(path ?? '.')
  const { contexts, name } = app.app
  const parts = contexts.map((context) => context.name).join(', ')
  const findings: Finding[] = [
    { level: 'fine', subject: 'App', found: `${name} in ${shown(app.file)}: ${parts}` },
  ]
  return { app, findings: [...findings, ...(await examineNames(app.app))] }
}

/** Opened in memory, where the app's definition is checked and its catalog made. */
async function examineNames(app: App): Promise<Finding[]> {
  const headwater = await open(app, { db: 'memory:', processors: false })
  try {
    return lintNames(headwater.catalog).map(({ message }) => ({
      level: 'notice',
      subject: 'Names',
      found: message,
    }))
  } finally {
    await headwater.close()
  }
}

function isAppHere(): boolean {
  try {
    findApp('.')
    return true
  } catch (error) {
    if (error instanceof CliError && error.code === 'cli.app-not-found') return false
    throw error
  }
}

async function databaseOf(
  db: string | undefined,
  app: LoadedApp | undefined,
  deep: boolean,
  terminal: Terminal,
): Promise<readonly Finding[]> {
  const subject = 'Database'
  if (db === undefined)
    return [{ level: 'notice', subject, found: 'none was named', remedy: 'Name one with --db.' }]
  if (isMemory(db))
    return [{ level: 'notice', subject, found: 'in memory: everything is lost when the process ends' }]
  if (kindOf(db) === 'sqlite' && !existsSync(pathOf(db))) {
    return [
      {
        level: 'notice',
        subject,
        found: `there is none at ${db} yet`,
        remedy: 'headwater dev makes it, or name another with --db.',
      },
    ]
  }
  try {
    const found =
      kindOf(db) === 'postgres'
        ? await examinePostgres(db, terminal)
        : await examineSqlite(pathOf(db), deep, terminal)
    if (found === undefined) return [noLog(db)]
    return [
      ...found,
      ...(await examineSegments(db)),
      ...(app === undefined ? [] : await examineProcessors(db, app.app)),
    ]
  } catch (error) {
    if (!isHeadwaterError(error)) throw error
    return [{ level: 'wrong', subject, found: error.message, remedy: error.remedy }]
  }
}

function noLog(db: string): Finding {
  const found = `${shownDatabase(db)} is no Headwater log`
  if (kindOf(db) === 'postgres')
    return {
      level: 'notice',
      subject: 'Database',
      found,
      remedy: 'headwater serve makes it, or name another.',
    }
  return { level: 'wrong', subject: 'Database', found, remedy: 'Name another with --db.' }
}
