import type { Log } from '../log/port.ts'

/** The log as if it ended at a position, which may grow. What is appended to it is appended all the same. */
export function logUpTo(log: Log, end: () => number): Log {
  const until = (to = Number.MAX_SAFE_INTEGER): number => Math.min(to, end())
  return {
    append: (requests) => log.append(requests),
    appendTogether: (requests) => log.appendTogether(requests),
    read: (query) => log.read({ ...query, to: until(query.to) }),
    readStream: (query) => log.readStream({ ...query, to: until(query.to) }),
    readAt: (query) => log.readAt(query),
    listStreams: (query) => log.listStreams({ ...query, to: end() }),
    listTenants: (query) => log.listTenants(query),
    head: async (branch) => {
      const head = await log.head(branch)
      return { ...head, position: until(head.position) }
    },
    positionAt: (branch, recordedAt) => log.positionAt(branch, recordedAt),
    onAppended: () => () => undefined,
  }
}
