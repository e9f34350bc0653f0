import type { Figure, FigureKey } from './figure.ts'

/** What a figure is to reach: so large a ratio, a value of ours below a limit, or both. */
export interface Target {
  readonly ratio?: number
  readonly below?: number
}

const targets: readonly (FigureKey & { readonly target: Target })[] = [
  aim('append-sqlite', 'raw-batch', 64, 'append', { ratio: 0.75 }),
  aim('append-sqlite', 'best-peer', 64, 'append', { ratio: 15 }),
  aim('append-sqlite', 'best-peer', 1, 'append', { ratio: 1 }),
  aim('append-sqlite-full', 'raw-batch', 64, 'append', { ratio: 0.75 }),
  aim('append-sqlite-full', 'best-peer', 64, 'append', { ratio: 8 }),
  aim('append-sqlite-full', 'best-peer', 1, 'append', { ratio: 1 }),
  aim('command', 'emmett-sqlite', 64, 'command', { ratio: 20 }),
  aim('command', 'raw-batch', 64, 'command', { ratio: 0.4 }),
  aim('replay', 'raw-scan', 1, 'view-10000', { ratio: 0.35 }),
  aim('replay', 'raw-scan', 1, 'view-40', { ratio: 0.6 }),
  aim('replay', 'raw-scan', 1, 'handler', { ratio: 0.6 }),
  aim('replay', 'emmett-sqlite', 1, 'view-10000', { ratio: 10 }),
  aim('replay', 'emmett-sqlite', 1, 'view-40', { ratio: 10 }),
  aim('replay', 'emmett-sqlite', 1, 'handler', { ratio: 10 }),
  aim('replay', 'raw-scan', 1, 'memory-growth', { below: 200 }),
  aim('rebuild', 'replay', 1, 'rate', { ratio: 0.5 }),
  aim('rebuild', 'no-rebuild', 1, 'command-p99', { ratio: 0.34 }),
  aim('http', 'fastify-echo', 50, 'request', { ratio: 0.33 }),
  aim('http', 'fastify-echo', 50, 'request-gateway-only', { ratio: 0.33 }),
  aim('latency', 'emmett-sqlite', 1, 'p50', { below: 3 }),
  aim('latency', 'emmett-sqlite', 1, 'p99', { below: 15 }),
  aim('memory-image', 'raw-fold', 1, 'from-log', { below: 5_000 }),
  aim('memory-image', 'raw-fold', 1, 'from-snapshot', { below: 5_000 }),
  aim('startup', 'node', 1, 'ready', { below: 1_000 }),
  aim('time', 'refold', 1, 'document-p95', { below: 20 }),
  aim('time', 'refold', 1, 'hot-document-p95', { below: 20 }),
  aim('time', 'refold', 1, 'step-p95', { below: 16 }),
  aim('time', 'refold', 1, 'step-back-p95', { below: 16 }),
  aim('time', 'refold', 1, 'jump-p95', { below: 16 }),
  aim('time', 'short-log', 1, 'branch-create', { below: 10, ratio: 0.5 }),
  aim('time', 'main', 1, 'branch-document', { ratio: 0.33 }),
  aim('time', 'main', 1, 'branch-aggregate', { ratio: 0.33 }),
  aim('time', 'main', 1, 'branch-document-elsewhere', { ratio: 0.33 }),
  aim('time', 'main', 1, 'branch-aggregate-elsewhere', { ratio: 0.33 }),
  aim('time', 'refold', 1, 'omit-and-diff-small', { ratio: 100 }),
  aim('time', 'refold', 1, 'omit-and-diff-one-percent', { ratio: 100 }),
  aim('time', 'refold', 1, 'omit-and-diff-hot-undo', { ratio: 20 }),
  aim('time', 'decide-anew', 1, 'replay-decisions', { ratio: 50 }),
  aim('upcast', 'without', 1, 'view-10000', { ratio: 0.7 }),
  aim('upcast', 'without', 1, 'view-40', { ratio: 0.7 }),
  aim('append-postgres', 'emmett-postgresql', 64, 'append', { ratio: 6 }),
  aim('append-postgres', 'message-db', 64, 'append', { ratio: 1.8 }),
  aim('append-postgres', 'raw-unnest', 64, 'append', { ratio: 0.75 }),
  aim('append-postgres', 'best-peer', 1, 'append', { ratio: 1 }),
  aim('append-postgres', 'first-tenth', 64, 'last-tenth', { ratio: 0.9 }),
  aim('append-postgres', 'undisturbed', 64, 'beside-transaction', { ratio: 0.9 }),
  aim('append-postgres-processes', 'one-process', 64, 'two-processes', { ratio: 0.9 }),
  aim('command-postgres', 'emmett-postgresql', 64, 'command', { ratio: 6 }),
  aim('replay-postgres', 'raw-scan', 1, 'view-10000', { ratio: 0.35 }),
  aim('replay-postgres', 'raw-scan', 1, 'sql-view-10000', { ratio: 0.5 }),
  aim('replay-postgres', 'emmett-postgresql', 1, 'view-10000', { ratio: 10 }),
  aim('replay-postgres', 'emmett-postgresql', 1, 'sql-view-10000', { ratio: 10 }),
  aim('replay-postgres', 'raw-scan', 1, 'memory-growth', { below: 200 }),
  aim('latency-postgres', 'emmett-postgresql', 1, 'p50', { below: 5 }),
  aim('latency-postgres', 'emmett-postgresql', 1, 'p99', { below: 25 }),
  aim('failover', 'undisturbed', 1, 'p50', { below: 3_000 }),
]

function aim(bench: string, peer: string, callers: number, figure: string, target: Target) {
  return { bench, peer, callers, figure, target }
}

export function targetOf(key: FigureKey): Target | undefined {
  return targets.find(
    ({ bench, peer, callers, figure }) =>
      bench === key.bench && peer === key.peer && callers === key.callers && figure === key.figure,
  )?.target
}

/** Undefined where ours was not run. */
export function isReached({ ours, ratio }: Figure, target: Target): boolean | undefined {
  if (ours === null) return undefined
  const { below = Number.POSITIVE_INFINITY, ratio: least = 0 } = target
  return ours < below && (ratio ?? 0) >= least
}
