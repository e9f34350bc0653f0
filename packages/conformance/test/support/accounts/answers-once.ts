import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { type Headwater, openStore, type Store } from '@headwater/core'
import { expect, it } from 'vitest'
import type { StoreInProcesses } from '../../../src/subject.ts'
import { accounts, asyncTotal, Deposit, inlineTotal } from './accounts.ts'

const depositor = fileURLToPath(new URL('./depositor.ts', import.meta.url))
/** Processes take a while to start, on a machine that has other things to do. */
const timeLimit = 600_000

/** Runs the depositor until it has answered so often, then kills it; gives what it answered. */
async function killAfter(answers: number, given: readonly string[]): Promise<Map<string, string>> {
  const child = spawn(process.execPath, ['--conditions=@headwater/source', depositor, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const seen = new Map<string, string>()
  let rest = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const space = line.indexOf(' ')
      seen.set(line.slice(0, space), line.slice(space + 1))
    }
    if (seen.size >= answers) child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.on('close', resolve))
  return seen
}

/** Sends again what a run had sent, and a little that it may not have come to. */
async function sendAgain(headwater: Headwater, run: string, count: number): Promise<Map<string, string>> {
  const answers = new Map<string, string>()
  for (let number = 1; number <= count; number += 1) {
    const id = `${run}-${number}`
    const outcome = await headwater.execute(Deposit({ accountId: `a${number % 7}`, amount: number % 10 }), {
      id,
    })
    answers.set(id, JSON.stringify(outcome))
  }
  return answers
}

/** Snapshots, of which there have to be some, that are not what their streams fold to. */
async function wrongSnapshots(headwater: Headwater): Promise<string[]> {
  const wrong: string[] = []
  let found = 0
  for await (const { stream, isCurrent, difference } of headwater.snapshots.verify()) {
    found += 1
    if (!isCurrent || difference !== null) wrong.push(`${stream}: ${difference}`)
  }
  return found === 0 ? ['there are none'] : wrong
}

/**
 * Tests of a store that several processes share that a command has one effect and one answer.
 *
 * @param open opens a database; the process that is killed opens the same one
 */
export function answersOnce(
  open: (database: string) => Promise<Store>,
  { module, arguments: given = [] }: StoreInProcesses,
): void {
  it(
    'gives every command one effect and the same answer, however often the process is killed',
    async () => {
      const database = randomUUID()
      let total = 0
      let count = 0
      for (const [round, answers] of [40, 5, 120].entries()) {
        const run = `run${round}`
        const before = await killAfter(answers, [run, module.href, database, ...given])
        const headwater = await openStore(accounts, await open(database), { leaseDuration: 500 })
        const sent = Math.max(...[...before.keys()].map((id) => Number(id.split('-')[1]))) + 200
        const after = await sendAgain(headwater, run, sent)
        for (const [id, answer] of before) expect(after.get(id)).toBe(answer)
        for (let number = 1; number <= sent; number += 1) total += number % 10
        count += sent
        const waitFor = (await headwater.head()).position
        expect(waitFor).toBe(count)
        const expected = { doc: { total, count } }
        expect(await headwater.view(inlineTotal).get('all')).toMatchObject(expected)
        expect(await headwater.view(asyncTotal).get('all', { waitFor, timeLimit: 60_000 })).toMatchObject(
          expected,
        )
        expect(await wrongSnapshots(headwater)).toEqual([])
        await headwater.close()
      }
    },
    timeLimit,
  )
}
