import type { Figure, FigureKey } from './figure.ts'

/** What a figure is to reach: so large a ratio, or a value of ours below a limit. */
export type Target = { readonly ratio: number } | { readonly below: number }

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
  aim('http', 'fastify-echo', 50, 'request', { ratio: 0.33 }),
  aim('http', 'fastify-echo', 50, 'request-gateway-only', { ratio: 0.33 }),
  aim('latency', 'emmett-sqlite', 1, 'p50', { below: 3 }),
  aim('latency', 'emmett-sqlite', 1, 'p99', { below: 15 }),
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
export function isReached(figure: Figure, target: Target): boolean | undefined {
  if ('below' in target) return figure.ours === null ? undefined : figure.ours < target.below
  return figure.ratio === null ? undefined : figure.ratio >= target.ratio
}
