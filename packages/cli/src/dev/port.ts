import { createServer } from 'node:net'
import { portInUse } from './server.ts'

export const usualPort = 4000
const tries = 20

/**
 * A free port: the wanted one, or, where nobody asked for that one, the next that is free.
 *
 * @throws CliError `cli.port-in-use`
 */
export async function freePort(host: string, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (wanted === 0 || (await isFree(host, wanted))) return wanted
    throw portInUse(wanted)
  }
  for (let port = usualPort; port < usualPort + tries; port++) if (await isFree(host, port)) return port
  throw portInUse(usualPort)
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    )
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })
}
