// Does one replay and tells its parent how long it took and how much memory it needed.
import { once } from 'node:events'
import type { Job, JobResult } from './job.ts'
import { largestMemory } from './memory.ts'
import { replayPeer } from './peers.ts'

const [job] = (await once(process, 'message')) as [Job]
const peer = await replayPeer(job.peer, job.place)
globalThis.gc?.()
const before = process.memoryUsage.rss()
const milliseconds = await peer.replay(job)
const growth = Math.max(largestMemory() - before, 0)
process.send?.({ milliseconds, growth } satisfies JobResult, () => process.exit(0))
