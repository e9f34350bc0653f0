import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { type Ended, headwater, temporaryFolder } from './support/headwater.ts'
import { runHere } from './support/in-process.ts'
import { newSchema, server } from './support/postgres.ts'

vi.setConfig({ testTimeout: 180_000 })

const app = ['--app', fileURLToPath(new URL('./support/sums.ts', import.meta.url))]

interface Listed {
  readonly number: number
  readonly state: string
  readonly file: string | null
}

/** A log of six events: three of stream a, then one each of b, c and d; sealed in segments of two. */
async function sealed() {
  const db = newSchema()
  const folder = await temporaryFolder()
  const file = join(folder, 'sums-1.segment.gz')
  const run = (...line: string[]): Promise<Ended> => runHere([...line, '--db', db])
  const segments = async (): Promise<readonly Listed[]> => {
    const { stdout } = await run('segment', 'list', '--json')
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Listed)
  }
  for (const [n, sumId] of ['a', 'a', 'a', 'b', 'c', 'd'].entries())
    await run('send', 'Add', JSON.stringify({ sumId, by: n }), ...app)
  expect(await run('segment', 'seal', '--size', '2')).toMatchObject({ code: 0 })
  return { db, folder, file, run, segments }
}

const isRefused = { code: 3, stdout: '', stderr: expect.stringContaining('segment.detached') }
const asSealed = (text: string) => ({ code: 0, stderr: expect.stringContaining(text) })

describe.skipIf(server === undefined)('headwater segment on PostgreSQL', () => {
  it('moves a segment into a file and back, as a user runs it', async () => {
    const { db, folder, file, run, segments } = await sealed()
    const before = (await run('read', '--json')).stdout
    expect(await headwater(['segment', 'verify', '--db', db], folder)).toMatchObject(
      asSealed('3 segments are as sealed, up to position 6'),
    )

    const detach = ['segment', 'detach', '1', file, '--db', db]
    // Stream a has more than one event in it, and no snapshot.
    expect(await headwater(detach, folder)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('segment.needed'),
    })
    expect(existsSync(file)).toBe(false)
    expect(await headwater([...detach, '--without-snapshots'], folder)).toMatchObject({
      code: 0,
      stdout: `✓ Segment 1, positions 1 to 2, is in ${file}\n`,
    })
    expect(await segments()).toMatchObject([
      { number: 1, state: 'detached', file },
      { number: 2, state: 'attached', file: null },
      { number: 3, state: 'attached', file: null },
    ])
    expect(await run('segment', 'verify')).toMatchObject(
      asSealed('1 segment is not in the log: not looked at'),
    )

    const attached = await headwater(['segment', 'attach', '1', file, '--db', db], folder)
    expect(attached).toMatchObject({
      code: 0,
      stdout: '✓ Segment 1, positions 1 to 2, is in the log again\n',
    })
    expect(await segments()).toMatchObject([
      { state: 'attached' },
      { state: 'attached' },
      { state: 'attached' },
    ])
    expect(await run('segment', 'verify')).toMatchObject(
      asSealed('3 segments are as sealed, up to position 6'),
    )
    expect((await run('read', '--json')).stdout).toBe(before)
  })

  it('while one is detached, refuses what needs it, goes on with the rest, and the doctor tells', async () => {
    const { folder, file, run } = await sealed()
    await run('segment', 'detach', '1', file, '--without-snapshots')
    for (const needing of [['read'], ['read', 'sum-a'], ['export', join(folder, 'sums.archive'), ...app]])
      expect([needing, await run(...needing)]).toMatchObject([needing, isRefused])
    expect(await run('state', 'sum-a', ...app)).toMatchObject(isRefused)
    expect(await run('send', 'Add', '{"sumId":"a","by":1}', ...app)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`segment 1, positions 1 to 2, is in ${file}`),
    })
    expect((await run('read', '--after', '2', '--json')).stdout.trim().split('\n')).toHaveLength(4)
    expect(await run('send', 'Add', '{"sumId":"b","by":1}', ...app)).toMatchObject({ code: 0 })
    expect((await run('state', 'sum-b', '--json', ...app)).stdout).toContain('"sum":4')
    const { code, stdout } = await run('doctor', ...app)
    expect([code, stdout]).toEqual([0, expect.stringContaining(`segment 1 is detached: ${file}`)])
  })

  it('puts back no file that was changed, and says which one it wants', async () => {
    const { file, run, segments } = await sealed()
    await run('segment', 'detach', '1', file, '--without-snapshots')
    const written = await readFile(file)
    const text = gunzipSync(written).toString()
    const changed = text.replace(String.raw`"{\"by\":1}"`, String.raw`"{\"by\":9}"`)
    expect(changed).not.toBe(text)
    await writeFile(file, gzipSync(changed))
    const refused = await run('segment', 'attach', '1', file)
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('segment.invalid-file') })
    expect((await segments())[0]).toMatchObject({ state: 'detached' })
    expect(await run('read')).toMatchObject(isRefused)

    await writeFile(file, written.subarray(0, written.length - 20))
    expect(await run('segment', 'attach', '1', file)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('segment.invalid-file'),
    })
    await writeFile(file, written)
    expect(await run('segment', 'attach', '1', file)).toMatchObject({ code: 0 })
    expect(await run('segment', 'verify')).toMatchObject(asSealed('3 segments are as sealed'))
  })
})
