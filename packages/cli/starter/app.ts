// An app with Headwater: what can happen, what people may ask for, the rules, what is shown, and what follows.
// Run it with `npm start`; it starts again whenever you save.
import { aggregate, app, command, event, reject, subscription, view } from 'headwater'
import { z } from 'zod'

// 1. What happens: events, in the past tense. They are kept forever, and everything else is derived from them.
const TaskAdded = event('TaskAdded', z.object({ title: z.string() }))
const TaskCompleted = event('TaskCompleted', z.object({}))

// 2. What people ask for: commands, in the imperative. The answer may be no.
const AddTask = command('AddTask', z.object({ taskId: z.string().min(1), title: z.string().min(1) }))
const CompleteTask = command('CompleteTask', z.object({ taskId: z.string().min(1) }))

// 3. The rules: a command is decided on the state that the task's events fold to.
//    Decisions are pure: time and new ids come from their third argument, `{ now, id }`.
interface Task {
  readonly status: 'none' | 'open' | 'done'
}
const initial: Task = { status: 'none' }

const task = aggregate('task', {
  events: [TaskAdded, TaskCompleted],
  commands: [AddTask, CompleteTask],
  initial,
  evolve: {
    TaskAdded: (state) => ({ ...state, status: 'open' }),
    TaskCompleted: (state) => ({ ...state, status: 'done' }),
  },
  decide: {
    AddTask: ({ status }, { title }) => (status === 'none' ? TaskAdded({ title }) : reject('already-added')),
    CompleteTask: ({ status }) => {
      if (status === 'none') return reject('unknown-task')
      // Nothing to do is no event, and no error.
      return status === 'done' ? undefined : TaskCompleted({})
    },
  },
})

// 4. What is shown: documents by key, each a fold of the events. Change it and rebuild it: the facts are still there.
interface ListedTask {
  readonly title: string
  readonly done: boolean
}
const unknownTask: ListedTask = { title: '', done: false }

const tasks = view('tasks', {
  events: [TaskAdded, TaskCompleted],
  initial: unknownTask,
  on: {
    TaskAdded: (doc, { data }) => ({ ...doc, title: data.title }),
    TaskCompleted: (doc) => ({ ...doc, done: true }),
  },
})

// 5. What follows: handled at least once, in order per task, tried again when it fails.
//    `idempotencyKey` is the same for every attempt: send it along to what can ignore repeats.
const congratulate = subscription('congratulate', {
  events: [TaskCompleted],
  handle: (completed, { idempotencyKey }) => {
    console.error(`Well done: ${completed.aggregateId} (${idempotencyKey})`)
  },
})

export { AddTask, CompleteTask, congratulate, task, TaskAdded, TaskCompleted, tasks }
export default app({ name: 'NAME', aggregates: [task], views: [tasks], subscriptions: [congratulate] })
