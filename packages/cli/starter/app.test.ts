// Given facts, when a command, then facts: what the rules say, with no server, no database and no waiting.
import { spec } from 'headwater/spec'
import { test } from 'vitest'
import app, { AddTask, CompleteTask, task, TaskAdded, TaskCompleted, tasks } from './app.ts'

const added = spec(task).given(TaskAdded({ title: 'Try Headwater' }))

test('a task is added once', () => {
  added.when(AddTask({ taskId: '1', title: 'Again' })).thenRejected('already-added')
})

test('a task is completed once; one that nobody added can not be', () => {
  added.when(CompleteTask({ taskId: '1' })).then(TaskCompleted({}))
  added
    .given(TaskCompleted({}))
    .when(CompleteTask({ taskId: '1' }))
    .thenNothing()
  spec(task)
    .when(CompleteTask({ taskId: '1' }))
    .thenRejected('unknown-task')
})

test('what is done is shown as done', async () => {
  await spec(app)
    .given(AddTask({ taskId: '1', title: 'Try Headwater' }))
    .when(CompleteTask({ taskId: '1' }))
    .thenDocument(tasks, '1', { title: 'Try Headwater', done: true })
})
