import { openStore } from '@headwater/core'
import { createGateway } from '@headwater/gateway'
import { sqliteStore } from '@headwater/sqlite'
import { onTestFinished } from 'vitest'
import club from './club/app.ts'
import { clubApp, runHere } from './in-process.ts'

/** Where a command line finds a club: in a file, or behind a server that has the file open. */
export type Where = 'a database' | 'a server'

export type Run = (...line: string[]) => ReturnType<typeof runHere>

/** Runs command lines on the club in a file. */
export function runOn(db: string): Run {
  return (...line) => runHere([...line, '--app', clubApp, '--db', db])
}

/** The same, on a server where one is asked for: it serves what the file holds by then. */
export async function runAt(where: Where, db: string): Promise<Run> {
  if (where === 'a database') return runOn(db)
  const headwater = await openStore(club, await sqliteStore({ path: db }))
  const gateway = createGateway(headwater)
  const { url } = await gateway.listen()
  onTestFinished(async () => {
    await gateway.close()
    await headwater.close()
  })
  return (...line) => runHere([...line, '--url', url])
}
