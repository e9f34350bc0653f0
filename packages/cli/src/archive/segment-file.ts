import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { SegmentFile } from '@headwater/core'
import { linesOf } from '../import/lines.ts'

/**
 * A file for the events of a segment: lines of JSON, compressed with gzip. It is written beside its name, as `<path>.part`,
 * and gets its name when it is on disk.
 */
export function segmentFile(path: string): SegmentFile {
  const name = resolve(path)
  return {
    name,
    isThere: async () => existsSync(name),
    async write(lines) {
      const part = `${name}.part`
      await pipeline(Readable.from(chunksOf(lines)), createGzip({ level: 6 }), createWriteStream(part))
      await sync(part)
      await rename(part, name)
      await sync(dirname(name))
    },
    async *read() {
      const source = createReadStream(name)
      const unzipped = createGunzip()
      source.on('error', (error) => unzipped.destroy(error))
      try {
        for await (const lines of linesOf(source.pipe(unzipped), 'utf-8'))
          for (const { text } of lines) yield text
      } finally {
        source.destroy()
      }
    },
  }
}

const chunkLength = 64 * 1024

async function* chunksOf(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = ''
  for await (const line of lines) {
    chunk += `${line}\n`
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

/** Has what was written survive a power cut. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
