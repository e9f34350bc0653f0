// One of several processes that append to one database: opens it, waits for the word, and tells what came of its slice.
import { once } from 'node:events'
import { streamNames } from '../data/streams.ts'
import { ourAppend } from '../ours/postgres/append.ts'

const [url = '', callers = '', milliseconds = '', streams = ''] = process.argv.slice(2)
const nextStream = streamNames(streams === 'random' ? 'random' : 'ordered')
const load = await ourAppend.connect(url, Number(callers))
await load.slice(Number(callers), Number(milliseconds) / 4, nextStream)
process.send?.('ready')
await once(process, 'message')
const slice = await load.slice(Number(callers), Number(milliseconds), nextStream)
await load.close()
process.send?.(slice, () => process.exit(0))
