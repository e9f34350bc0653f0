import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Headwater, openStore } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { newPath } from '../support.ts'
import { accounts, asyncTotal, inlineTotal } from '../../../conformance/test/support/accounts/accounts.ts'

const depositor = '../../../conformance/test/support/accounts/depositor.ts'

function start(script: string, ...given: readonly string[]): ChildProcess {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@headwater/source', file, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Runs a rebuilder until it has switched so often, and kills it some milliseconds later, in the midst of the next. */
async function killAfter(switches: number, milliseconds: number, path: string, run: string): Promise<void> {
  const child = start('./rebuilder.ts', path, run)
  const ended = new Promise((resolve) => child.on('close', resolve))
  if (child.stdout === null) throw new Error('It has no output')
  let seen = 0
  for await (const _line of createInterface({ input: child.stdout })) if (++seen >= switches) break
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  child.kill('SIGKILL')
  await ended
}

async function foldOf(headwater: Headwater): Promise<{ total: number; count: number }> {
  let [total, count] = [0, 0]
  for await (const { data } of headwater.events()) {
    total += (data as { amount: number }).amount
    count += 1
  }
  return { total, count }
}

async function currentOf(headwater: Headwater, view: string): Promise<number> {
  const versions = await headwater.versions(view).list()
  return versions.filter(({ state }) => state === 'current').length
}

it('views are the fold of the log, however often those who rebuild them beside traffic are killed', async () => {
  const path = newPath()
  const module = new URL('../store-in-process.ts', import.meta.url).href
  const neighbour = start(depositor, 'neighbour', module, basename(path, '.db'), dirname(path))
  neighbour.stdout?.resume()
  for (const [round, switches] of [1, 3, 2, 4].entries())
    await killAfter(switches, 7 + 31 * round, path, `run${round}`)
  neighbour.kill('SIGKILL')
  await new Promise((resolve) => neighbour.on('close', resolve))
  const headwater = await openStore(accounts, await sqliteStore({ path }), { leaseDuration: 500 })
  const expected = { doc: await foldOf(headwater) }
  const waitFor = await headwater.lastPosition()
  const read = async (): Promise<void> => {
    for (const view of [inlineTotal, asyncTotal]) {
      expect(await headwater.view(view).get('all', { waitFor, timeLimit: 60_000 })).toMatchObject(expected)
      expect(await currentOf(headwater, view.name)).toBe(1)
    }
  }
  await read()
  for (const view of [inlineTotal, asyncTotal]) await (await headwater.rebuild(view)).done()
  await read()
  await headwater.close()
})
