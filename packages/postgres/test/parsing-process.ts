// Parses statements, waits until nothing is compiled any more, and tells how far it grew meanwhile, in bytes.
import { setTimeout as sleep } from 'node:timers/promises'
import { loadParser, parsed } from '../src/user-parser.ts'

const before = process.memoryUsage.rss()
let largest = before
const parser = await loadParser()
for (let n = 1; n <= 2_000; n += 1) {
  const rows = Array.from({ length: n % 50 }, (_, row) => `($${row + 2}, ${row})`)
  parsed(
    parser,
    `INSERT INTO shop__orders (id, total) VALUES ${['($1, 0)', ...rows].join(', ')}
    ON CONFLICT (id) DO UPDATE SET total = shop__orders.total + excluded.total`,
  )
  parsed(
    parser,
    `WITH sums AS (SELECT id, sum(total) FROM shop__orders WHERE id > ${n} GROUP BY id) SELECT * FROM sums`,
  )
  largest = Math.max(largest, process.memoryUsage.rss())
}
for (let calm = 0; calm < 4; ) {
  const { user, system } = process.cpuUsage()
  await sleep(250)
  const spent = process.cpuUsage({ user, system })
  largest = Math.max(largest, process.memoryUsage.rss())
  calm = spent.user + spent.system < 25_000 ? calm + 1 : 0
}
process.send?.(largest - before, () => process.disconnect())
