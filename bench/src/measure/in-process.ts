import { fork } from 'node:child_process'
import { once } from 'node:events'

/** Sends a job to a module in a process of its own, and gives what it answers. */
export async function inNewProcess(module: string, job: object): Promise<number> {
  const child = fork(module, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  const answered = new Promise<number>((resolve) =>
    child.once('message', (answer) => resolve(Number(answer))),
  )
  child.send(job)
  const answer = await Promise.race([answered, exited.then(() => undefined)])
  if (answer === undefined) throw new Error(`${module} ended without an answer`)
  await exited
  return answer
}
