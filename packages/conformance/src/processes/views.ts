import assert from 'node:assert/strict'
import { law } from '../law.ts'
import { readAll } from '../make.ts'
import { rounds } from '../trial.ts'
import { startTask } from './start.ts'

/** The versions of views, where several processes share them. */
export const viewProcessLaws = [
  law(
    'a listener hears of versions of views that another process changed',
    async (trial) => {
      const { viewVersions } = await trial.open()
      const watcher = startTask(trial, { kind: 'watch-views', until: 3 })
      await watcher.told('generation')
      for (const expected of [0, 1, 2])
        await viewVersions.change({ branch: 0, expected, put: [], remove: [] })
      await watcher.told('done')
      assert.equal(watcher.all('generation').at(-1)?.generation, 3)
    },
    'multiProcess',
  ),

  law(
    'no process appends past a change that excludes it, though those who change are killed',
    async (trial) => {
      const store = await trial.open()
      const writers = ['one', 'two'].map((writer) =>
        startTask(trial, { kind: 'append-for-views', writer, callers: 2 }),
      )
      await Promise.all(writers.map((writer) => writer.told('acknowledged', 10)))
      const changes: { generation: number; after: number }[] = []
      for (let round = 0; round < 3 * rounds; round += 1) {
        const changer = startTask(trial, { kind: 'change-views' })
        await changer.told('excluded', 3)
        await changer.kill()
        changes.push(...changer.all('excluded'))
      }
      await Promise.all(writers.map((writer) => writer.kill()))
      for (const { position, data } of await readAll(store.log)) {
        for (const { generation, after } of changes)
          assert.ok(position <= after || Number(data) > generation, `position ${position} slipped in`)
      }
    },
    'multiProcess',
  ),
]
