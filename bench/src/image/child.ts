import { once } from 'node:events'
import type { ImageJob } from './job.ts'

const [job] = (await once(process, 'message')) as [ImageJob]
const milliseconds =
  job.way === 'raw'
    ? await (await import('../peers/raw-image.ts')).rawImage(job)
    : await (await import('../ours/image.ts')).startImage(job)
process.send?.(milliseconds, () => process.exit(0))
