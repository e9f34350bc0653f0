import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const launcher = fileURLToPath(new URL('../../../headwater/bin/headwater.js', import.meta.url))

/** The example apps, which the command line is tried on. */
export const counterApp = fileURLToPath(new URL('../../../../examples/counter', import.meta.url))
export const shopApp = fileURLToPath(new URL('../../../../examples/shop', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder of its own, until the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-cli-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Runs `headwater` as a user does, to its end. */
export async function headwater(args: readonly string[], cwd: string, input = ''): Promise<Ended> {
  const running = startHeadwater(args, cwd)
  running.child.stdin?.end(input)
  return running.ended
}

export interface Running {
  readonly child: ChildProcess
  /** All that it wrote to stderr so far. */
  readonly messages: () => string
  readonly output: () => string
  readonly ended: Promise<Ended>
}

/** Starts `headwater`; the end of the test ends it. */
export function startHeadwater(args: readonly string[], cwd: string): Running {
  const child = spawn(process.execPath, ['--conditions=@headwater/source', launcher, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  return { child, messages: () => stderr, output: () => stdout, ended }
}

/** Waits until something is so; a process that ends meanwhile will not make it so any more. */
export async function until<Value>(
  running: Running,
  look: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  let end: Ended | undefined
  void running.ended.then((ended) => (end = ended))
  for (;;) {
    const value = await look()
    if (value !== undefined) return value
    if (end !== undefined) throw new Error(`headwater ended with ${end.code}: ${end.stderr}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
