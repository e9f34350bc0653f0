import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openStore } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { newPath } from '../support.ts'
import { countingApp, Increment } from './counting.ts'

/** A process of the older code, which can be waited for. */
function startOlder(path: string) {
  const script = fileURLToPath(new URL('./older.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@headwater/source', script, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    for (const look of waiting) look()
  })
  const says = (wanted: RegExp): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!lines.some((line) => wanted.test(line))) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('close', resolve))
  }
  return { lines, says, kill }
}

it('a process of older code lets go where it meets a newer version, stays alive, and one of newer code has the work', async () => {
  const path = newPath()
  const byNewer: number[] = []
  const older = startOlder(path)
  await older.says(/^note is running with 0 parked$/)
  const newer = await openStore(
    countingApp(2, (position) => void byNewer.push(position)),
    await sqliteStore({ path }),
    { leaseDuration: 500, onWarning: () => undefined },
  )
  onTestFinished(() => newer.close())
  for (const counterId of ['a', 'b', 'c', 'd', 'a', 'b']) await newer.execute(Increment({ counterId }))
  await older.says(/^note is outdated with 0 parked$/)
  await older.says(/^counts is outdated with 0 parked$/)
  await newer.execute(Increment({ counterId: 'a' }))
  const { position } = await newer.head()
  for (const processor of newer.processors) await processor.waitFor(position, { timeLimit: 60_000 })

  expect(new Set(byNewer)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]))
  expect(older.lines.filter((line) => line.startsWith('handled'))).toEqual([])
  expect(await newer.view('counts').get('a')).toMatchObject({ doc: 3 })
  for (const processor of newer.processors) expect(await processor.parked.list()).toEqual([])

  // Another one of the older code changes nothing, and neither does its end.
  await older.kill()
  const again = startOlder(path)
  await again.says(/^note is (standby|running) with 0 parked$/)
  await newer.execute(Increment({ counterId: 'd' }))
  await again.kill()
  const last = (await newer.head()).position
  for (const processor of newer.processors) await processor.waitFor(last, { timeLimit: 60_000 })
  expect(await newer.view('counts').get('d')).toMatchObject({ doc: 2 })
  for (const processor of newer.processors) expect(await processor.parked.list()).toEqual([])
})
