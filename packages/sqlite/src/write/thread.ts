import { parentPort, workerData } from 'node:worker_threads'
import { openEngine } from './open.ts'
import { packResults, unpackRequests } from './pack.ts'
import type { Answer, Answers, Question, Questions, ThreadData } from './protocol.ts'
import { SerialWriter } from './serial.ts'
import { errorToWire } from './wire-error.ts'

// The thread that writes. Waiting for the disk, it holds nobody up who does not wait for it.

const port = parentPort
if (port === null) throw new Error('This module is the start of a worker thread')
const { path, busyTimeLimit } = workerData as ThreadData

const send = (answers: Answers): void => port.postMessage(answers)

let answers: Answer[] = []

/** The answers of one transaction go back together. */
function answer(one: Answer): void {
  if (answers.length === 0) {
    queueMicrotask(() => {
      send(answers)
      answers = []
    })
  }
  answers.push(one)
}

async function handle(writer: SerialWriter, [id, kind, content]: Question): Promise<void> {
  try {
    if (kind === 'append') {
      answer([id, 'appended', packResults(await writer.perform('append', unpackRequests(content)))])
    } else {
      answer([id, 'done', await writer.perform(content.name, ...content.args)])
    }
  } catch (error) {
    answer([id, 'failed', errorToWire(error)])
  }
}

try {
  const writer = new SerialWriter(await openEngine(path, busyTimeLimit), path, busyTimeLimit)
  port.on('message', (questions: Questions) => {
    if (questions !== 'close') {
      for (const question of questions) void handle(writer, question)
      return
    }
    void writer.close().then(
      () => send('closed'),
      (error: unknown) => send({ failed: errorToWire(error) }),
    )
  })
  send('ready')
} catch (error) {
  send({ failed: errorToWire(error) })
}
