import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)
const folders = [
  '/usr/lib/postgresql/18',
  '/usr/lib/postgresql/17',
  '/usr/lib/postgresql/16',
  '/usr/lib/postgresql/15',
]

/** Where the programs of PostgreSQL's server are; undefined: they are not on this machine. */
export const programs = folders
  .map((folder) => join(folder, 'bin'))
  .find((folder) => existsSync(join(folder, 'initdb')))

/** Runs a program of PostgreSQL's; its server refuses to run as root. */
export async function program(name: string, ...given: readonly string[]): Promise<string> {
  const path = join(programs ?? '', name)
  const [command, ...rest] = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--', path] : [path]
  return (await run(command ?? path, [...rest, ...given], { cwd: '/', maxBuffer: 64 * 1024 * 1024 })).stdout
}

/** A server of PostgreSQL of a test's own. */
export class Cluster {
  readonly folder: string
  readonly port: number

  private constructor(folder: string, port: number) {
    this.folder = folder
    this.port = port
  }

  static async make(): Promise<Cluster> {
    const cluster = new Cluster(await emptyFolder(), await freePort())
    await program(
      'initdb',
      '-D',
      cluster.folder,
      '-U',
      'postgres',
      '-A',
      'trust',
      '--locale=C.UTF-8',
      '--no-sync',
    )
    await cluster.#start()
    return cluster
  }

  /** One that follows another; it has all that the other has acknowledged when this resolves. */
  static async follow(primary: Cluster): Promise<Cluster> {
    const replica = new Cluster(await emptyFolder(), await freePort())
    await program(
      'pg_basebackup',
      '-D',
      replica.folder,
      '-h',
      '127.0.0.1',
      '-p',
      String(primary.port),
      '-U',
      'postgres',
      '-R',
      '--checkpoint=fast',
      '--no-sync',
    )
    await replica.#start()
    return replica
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`
  }

  async query(text: string): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.url })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text)).rows
    } finally {
      await client.end()
    }
  }

  /** Waits until a replica has what this one has now. */
  async replicated(replica: Cluster): Promise<void> {
    const [at] = await this.query('SELECT pg_current_wal_flush_lsn()::text AS lsn')
    for (;;) {
      const [row] = await replica.query(
        `SELECT pg_last_wal_replay_lsn() >= '${String(at?.['lsn'])}' AS is_there`,
      )
      if (row?.['is_there'] === true) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Cuts a replica off from the one that it follows. */
  async letGo(): Promise<void> {
    await this.query("ALTER SYSTEM SET primary_conninfo = ''")
    await this.query('SELECT pg_reload_conf()')
    for (;;) {
      const rows = await this.query('SELECT 1 FROM pg_stat_wal_receiver')
      if (rows.length === 0) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async promote(): Promise<void> {
    await this.query('SELECT pg_promote(true)')
  }

  async stop(): Promise<void> {
    await program('pg_ctl', 'stop', '-D', this.folder, '-m', 'immediate', '-w')
  }

  async remove(): Promise<void> {
    await Promise.allSettled([this.stop()])
    await rm(this.folder, { recursive: true, force: true })
  }

  async #start(): Promise<void> {
    const options = [
      '-c port=' + this.port,
      '-c listen_addresses=127.0.0.1',
      `-c unix_socket_directories=${this.folder}`,
      '-c fsync=off',
      '-c shared_buffers=16MB',
    ]
    await program(
      'pg_ctl',
      'start',
      '-D',
      this.folder,
      '-w',
      '-l',
      join(this.folder, 'server.log'),
      '-o',
      options.join(' '),
    )
  }
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-cluster-'))
  await chmod(folder, 0o700)
  if (process.getuid?.() === 0) await run('chown', ['postgres', folder])
  return folder
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
