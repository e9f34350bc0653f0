import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type MapCheckpoint, type MapEntry, MemoryMap } from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { MapFile } from '../src/migrate/map-file.ts'
import { temporaryFolder } from './support/headwater.ts'

const identity = { source: 'old', target: 'new' }

async function mapAt(path: string): Promise<MapFile> {
  const map = await MapFile.open(path, { make: true })
  onTestFinished(() => map.close())
  return map
}

/** Batches of entries without a gap, as a copy makes them. */
const batches = fc
  .array(
    fc.array(
      fc.record({
        new: fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 3 }),
        reason: fc.string({ maxLength: 40 }),
        kind: fc.constantFrom('made', 'dropped', 'merged'),
      }),
      { maxLength: 8 },
    ),
    { maxLength: 20 },
  )
  .map((lists) => {
    let old = 0
    return lists.map((list) => {
      const entries = list.map((entry): MapEntry => {
        old += 1
        if (entry.kind === 'dropped') return { old, new: [], dropped: entry.reason }
        if (entry.kind === 'merged') return { old, new: entry.new, id: entry.reason, into: 1 }
        return { old, new: entry.new }
      })
      const checkpoint: MapCheckpoint = { old, new: old, sequence: old, isShifted: old % 2 === 0 }
      return { entries, checkpoint }
    })
  })

describe('a map in a file', () => {
  it('gives what was added to it, like the one in memory, also to who opens it again', async () => {
    const folder = await temporaryFolder()
    let number = 0
    await fc.assert(
      fc.asyncProperty(batches, fc.nat({ max: 100 }), async (added, after) => {
        const path = join(folder, `${++number}.jsonl`)
        const writing = await mapAt(path)
        const memory = new MemoryMap()
        for (const map of [writing, memory]) {
          expect(await map.begin(identity)).toBeUndefined()
          for (const { entries, checkpoint } of added) await map.add(entries, checkpoint)
        }
        const reading = await mapAt(path)
        expect(await reading.begin(identity)).toEqual(added.at(-1)?.checkpoint)
        for (const map of [writing, reading]) {
          expect(await Array.fromAsync(map.entries(after))).toEqual(
            await Array.fromAsync(memory.entries(after)),
          )
          const last = added.at(-1)?.checkpoint.old ?? 0
          for (let old = 0; old <= last + 1; old += 1)
            expect(await map.find(old)).toEqual(await memory.find(old))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('that was cut off anywhere goes on after its last checkpoint', async () => {
    const folder = await temporaryFolder()
    let number = 0
    await fc.assert(
      fc.asyncProperty(batches, fc.double({ min: 0, max: 1, noNaN: true }), async (added, share) => {
        const path = join(folder, `${++number}.jsonl`)
        const writing = await mapAt(path)
        await writing.begin(identity)
        for (const { entries, checkpoint } of added) await writing.add(entries, checkpoint)
        const whole = await readFile(path, 'utf8')
        await truncate(path, Math.floor(Buffer.byteLength(whole) * share))

        const again = await mapAt(path)
        const checkpoint = await again.begin(identity)
        const missing =
          checkpoint === undefined
            ? added
            : added.slice(added.findLastIndex((batch) => batch.checkpoint.old === checkpoint.old) + 1)
        for (const batch of missing) await again.add(batch.entries, batch.checkpoint)
        expect(await Array.fromAsync(again.entries(0))).toEqual(added.flatMap(({ entries }) => entries))
      }),
      { numRuns: 60 },
    )
  })

  it('is found in a file of many lines, long ones included', async () => {
    const folder = await temporaryFolder()
    const map = await mapAt(join(folder, 'map.jsonl'))
    await map.begin(identity)
    const entryOf = (old: number): MapEntry =>
      old % 1_000 === 0 ? { old, new: Array.from({ length: 5_000 }, (_, n) => old + n) } : { old, new: [old] }
    for (let old = 0; old < 20_000; old += 100) {
      const entries = Array.from({ length: 100 }, (_, n) => entryOf(old + n + 1))
      await map.add(entries, { old: old + 100, new: old + 100, sequence: 0, isShifted: false })
    }
    for (const old of [1, 999, 1_000, 1_001, 13_337, 20_000])
      expect(await map.find(old)).toEqual(entryOf(old))
    expect(await map.find(20_001)).toBeUndefined()
    const after = await Array.fromAsync(map.entries(19_998))
    expect(after).toEqual([entryOf(19_999), entryOf(20_000)])
  })

  it('forgets what it read of the part that was cut off', async () => {
    const path = join(await temporaryFolder(), 'map.jsonl')
    const writing = await mapAt(path)
    await writing.begin(identity)
    await writing.add([{ old: 1, new: [1] }], { old: 1, new: 1, sequence: 0, isShifted: false })
    // As long as several blocks, and without a checkpoint.
    await appendFile(path, Array.from({ length: 5_000 }, (_, n) => `{"old":${n + 2},"new":[0]}\n`).join(''))
    const again = await mapAt(path)
    await again.begin(identity)
    const entries = Array.from({ length: 6_000 }, (_, n): MapEntry => ({ old: n + 2, new: [n + 2] }))
    await again.add(entries, { old: 6_001, new: 6_001, sequence: 0, isShifted: false })
    expect(await Array.fromAsync(again.entries(1))).toEqual(entries)
    expect(await again.find(3_000)).toEqual({ old: 3_000, new: [3_000] })
  })

  it('is not touched by who only reads it', async () => {
    const path = join(await temporaryFolder(), 'map.jsonl')
    const writing = await mapAt(path)
    await writing.begin(identity)
    await writing.add([{ old: 1, new: [1] }], { old: 1, new: 1, sequence: 0, isShifted: false })
    await appendFile(path, '{"old":2,"new":[2')
    const before = await readFile(path, 'utf8')
    const reading = await mapAt(path)
    expect(await reading.begin(identity)).toMatchObject({ old: 1 })
    expect(await Array.fromAsync(reading.entries(0))).toEqual([{ old: 1, new: [1] }])
    expect(await readFile(path, 'utf8')).toBe(before)
  })

  it('of other logs, or that is none, is refused', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'map.jsonl')
    const writing = await mapAt(path)
    await writing.begin(identity)
    await writing.add([], { old: 0, new: 0, sequence: 0, isShifted: false })
    const other = await mapAt(path)
    await expect(other.begin({ ...identity, target: 'another' })).rejects.toMatchObject({
      code: 'migration.mismatch',
    })
    for (const text of ['nonsense\n', '{"map":2}\n', '[]\n']) {
      await writeFile(join(folder, 'none.jsonl'), text)
      const none = await mapAt(join(folder, 'none.jsonl'))
      await expect(none.begin(identity)).rejects.toMatchObject({ code: 'migration.mismatch' })
    }
    await expect(MapFile.open(join(folder, 'missing.jsonl'), { make: false })).rejects.toMatchObject({
      code: 'cli.file-not-found',
    })
  })
})
