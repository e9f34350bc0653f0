import { sqliteStore } from '@headwater/sqlite'
import { aRequest, statuses, to } from './requests.ts'

// Appends and closes nothing: the process has to end all the same.
const store = await sqliteStore({ path: process.argv[2] ?? '', writer: 'worker' })
store.log.onAppended(() => undefined)
process.send?.(statuses(await store.log.append([aRequest([to('a-1')])])))
