import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const megabyte = 1_000_000

test('to parse statements takes no memory that a small machine does not have', {
  timeout: 120_000,
}, async () => {
  const child = fork(join(import.meta.dirname, 'parsing-process.ts'), {
    execArgv: ['--conditions=@headwater/source'],
  })
  try {
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`The process ended with ${String(code)} before it told`)
    })
    const [growth] = (await Promise.race([once(child, 'message'), failed])) as [number]
    // Half a gigabyte where the parser is compiled a second time.
    expect(growth / megabyte).toBeLessThan(150)
  } finally {
    child.kill('SIGKILL')
  }
})
