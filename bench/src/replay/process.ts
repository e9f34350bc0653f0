import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Job, JobResult } from './job.ts'

/** Does a job in a new process. */
export async function inOwnProcess(job: Job): Promise<JobResult> {
  const child = fork(join(import.meta.dirname, 'child.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  const answered = new Promise<JobResult>((resolve) =>
    child.once('message', (result) => resolve(result as JobResult)),
  )
  child.send(job)
  const result = await Promise.race([answered, exited.then(() => undefined)])
  if (result === undefined) throw new Error(`The replay of ${job.peer} (${job.kind}) ended without a result`)
  await exited
  return result
}
