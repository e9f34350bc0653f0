import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Client, createClient } from '@headwater/client'
import { type App, type Headwater, memoryStore, openStore } from '@headwater/core'
import { createGateway } from '@headwater/gateway'
import shop from '../../../../examples/shop/app.ts'

export interface RunningShop {
  readonly url: string
  readonly client: Client
  readonly headwater: Headwater
  /** Takes the gateway away; what it gives brings it back where it was, with the same log. */
  takeAway(): Promise<() => Promise<void>>
  stop(): Promise<void>
}

/** An app, the example shop if none is named, on a real gateway, in memory, with Studio built from its sources as they are. */
export async function startShop({ port = 0, app = shop as App } = {}): Promise<RunningShop> {
  const studio = await buildStudio()
  const headwater = await openStore(app, memoryStore())
  let gateway = createGateway(headwater, { studio })
  const { url } = await gateway.listen({ port })
  return {
    url,
    client: createClient({ url }),
    headwater,
    async takeAway() {
      await gateway.close()
      return async () => {
        gateway = createGateway(headwater, { studio })
        await gateway.listen({ port: Number(new URL(url).port) })
      }
    },
    async stop() {
      await gateway.close()
      await headwater.close()
      await rm(studio, { recursive: true })
    },
  }
}

/** In a process of its own: a test's environment would make a development build of React. */
async function buildStudio(): Promise<string> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js')
  const root = join(import.meta.dirname, '..', '..')
  const outDir = await mkdtemp(join(tmpdir(), 'headwater-studio-'))
  const environment = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(
    process.execPath,
    [vite, 'build', root, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'error'],
    {
      cwd: root,
      env: environment,
    },
  )
  return outDir
}
