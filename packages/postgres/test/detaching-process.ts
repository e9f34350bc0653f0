import { segmentFile } from '@headwater/cli'
import { segmentsOf } from '@headwater/core'
import { postgresStore } from '../src/store.ts'

/** Detaches and attaches the first segment of a log, over and over, until it is killed. */
const [, , url = '', schema = '', path = ''] = process.argv
const store = await postgresStore({ url, schema, connections: 1 })
const segments = segmentsOf(store)
const file = segmentFile(path)
process.stdout.write('running\n')
for (;;) {
  const [first] = await store.segments.list({ after: 0, limit: 1 })
  if (first?.state === 'attached' || first?.state === 'detaching')
    await segments.detach(1, file, { withoutSnapshots: true })
  else await segments.attach(1, file)
}
