import { join } from 'node:path'
import { figure, type FigureKey } from '../figure.ts'
import { startLoadClient, startServer, type LoadClient, type Server } from '../http/servers.ts'
import { interleave } from '../measure/interleave.ts'
import { withFolder } from '../measure/scratch.ts'
import { median } from '../measure/statistics.ts'
import type { Settings } from '../settings.ts'
import type { Bench } from './bench.ts'

const connections = 50
const echo = 'fastify-echo'
/** The shop as `headwater serve` runs it: its five views, its reactions and the gateway in one process. */
const shop = 'headwater'
/** The same without views and reactions, which another process would have: `headwater serve --roles gateway`. */
const gateway = 'headwater, gateway only'
const key = (name: string): FigureKey => ({ bench: 'http', peer: echo, callers: connections, figure: name })

/** Servers and load in processes of their own; every request places an order of its own. */
export const http: Bench = {
  name: 'http',
  about: 'POST /commands/PlaceOrder of the shop, durable, over 50 connections',
  figures: () =>
    ['request', 'cpu-per-request', 'request-gateway-only', 'cpu-per-request-gateway-only'].map(key),
  run: (settings, report) =>
    withFolder(async (folder) => {
      const servers = new Map<string, Server>()
      if (settings.ours) {
        servers.set(shop, await startServer('shop-server.ts', join(folder, 'shop.db'), 'all'))
        servers.set(gateway, await startServer('shop-server.ts', join(folder, 'gateway.db'), 'gateway'))
      }
      servers.set(echo, await startServer('echo-server.ts'))
      const client = startLoadClient()
      try {
        const cpu = new Map<string, number[]>()
        const turns = [...servers].map(([name, server]) => ({
          name,
          measure: () => measure(name, server, client, settings, cpu),
        }))
        const figures = await interleave(turns, settings.runs, { warmUp: !settings.smoke })
        const cpuOf = (name: string) => {
          const values = cpu.get(name)
          return values === undefined ? undefined : median(values)
        }
        for (const [ours, suffix] of [
          [shop, ''],
          [gateway, '-gateway-only'],
        ] as const) {
          report(figure(key(`request${suffix}`), figures.get(ours), figures.get(echo) ?? 0, '/s'))
          report(figure(key(`cpu-per-request${suffix}`), cpuOf(ours), cpuOf(echo) ?? 0, 'µs'))
        }
      } finally {
        await client.stop()
        for (const server of servers.values()) await server.stop()
      }
    }),
}

async function measure(
  name: string,
  server: Server,
  client: LoadClient,
  { smoke, streams }: Settings,
  cpu: Map<string, number[]>,
): Promise<number> {
  const before = await server.cpu()
  const answer = await client.fire({ address: server.address, connections, seconds: smoke ? 1 : 4, streams })
  const used = (await server.cpu()) - before
  cpu.set(name, [...(cpu.get(name) ?? []), used / answer.accepted])
  if (answer.refused + answer.errors > 0) {
    process.stderr.write(`  ${name}: ${answer.refused} requests refused, ${answer.errors} failed\n`)
  }
  return answer.perSecond
}
