import { Database } from '../src/database.ts'

/** Takes the lock of a log and stands still; whether what it does afterwards succeeds is told by its exit. */
const [, , url = '', schema = ''] = process.argv
const database = new Database({
  name: 'frozen',
  url,
  schema,
  connections: 1,
  statementTimeLimit: 30_000,
  idleTimeLimit: 1_000,
})
try {
  await database.transaction(async (session) => {
    await session.run({ text: 'SELECT lock_log()' })
    process.stdout.write('locked\n')
    const before = performance.now()
    // Stopped and continued, the process is far behind.
    while (performance.now() - before < 3_000) await new Promise((resolve) => setTimeout(resolve, 20))
    await session.run({
      text: `INSERT INTO events (branch, position, tenant, stream, revision, type, version, command_id, ordinal, recorded_at,
        occurred_at) VALUES (0, 1, '', 'late-1', 1, 'Late', 1, 'late', 1, 0, 0)`,
    })
  })
  process.exitCode = 0
} catch {
  process.exitCode = 7
}
await database.close()
