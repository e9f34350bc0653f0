/** A process that opens the store under test and does one task. It ends with the process that started it. */
import type { Store } from '@headwater/core'
import type { StoreModule } from '../subject.ts'
import { dividePartitions, workOnPartitions } from './division-tasks.ts'
import { saveImages } from './image-task.ts'
import type { Assignment, Message, Task } from './messages.ts'
import { appendNumbered, chaseTo, lock, project, race } from './tasks.ts'
import { appendForViews, changeViews, watchViews } from './view-tasks.ts'

/** A line on a pipe is written before the call returns: what was told stays told, even if the process is killed. */
function tell(message: Message): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

const told = new Promise<void>((resolve) => process.stdin.once('data', () => resolve()))
process.stdin.on('end', () => process.exit())

const { module, database, given, task } = JSON.parse(process.argv[2] ?? '') as Assignment
const subject = (await import(module)) as StoreModule

if (task.kind === 'lock') await lock(subject, database, given, task.milliseconds, tell)
else {
  const store = await subject.openStore(database, ...given)
  tell({ kind: 'ready' })
  await perform(store, task)
  await store.close()
}
tell({ kind: 'done' })
process.stdin.destroy()

function perform(store: Store, asked: Exclude<Task, { kind: 'lock' }>): Promise<void> {
  switch (asked.kind) {
    case 'append':
      return appendNumbered(store, asked, tell)
    case 'race':
      return told.then(() => race(store, asked.requests, tell))
    case 'chase':
      return chaseTo(store, asked, tell)
    case 'project':
      return project(store, asked, tell)
    case 'image':
      return saveImages(store, asked, tell)
    case 'watch-views':
      return watchViews(store, asked.until, tell)
    case 'append-for-views':
      return appendForViews(store, asked, tell)
    case 'change-views':
      return changeViews(store, tell)
    case 'work-on-partitions':
      return workOnPartitions(store, asked, tell)
    case 'divide-partitions':
      return dividePartitions(store, tell)
  }
}
