import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { folderWith, linesOf } from './support/app-folder.ts'
import { headwater } from './support/headwater.ts'

// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

/** Yesterday's schema, and today's with what leads from one to the other. */
const yesterday = `event('Ordered', z.object({ amount: z.number() }))`
const today = `event('Ordered', z.object({ quantity: z.int().min(1) }), {
  version: 2,
  upcast: { 1: ({ amount }: { amount: number }) => ({ quantity: amount }) },
})`

const appWith = (ordered: string): string => `
import { app, event } from 'headwater'
import { z } from 'zod'

export const Ordered = ${ordered}
export default app({ name: 'shop', description: 'Sells.', events: [Ordered] })
`

const folderOfApps = () => folderWith({ 'yesterday.ts': appWith(yesterday), 'today.ts': appWith(today) })

const old = ['--app', 'yesterday.ts', '--db', 'shop.db']
const now = ['--app', 'today.ts', '--db', 'shop.db']
describe('a schema that changed', () => {
  it('is what old events are printed in, unless they are asked for as they were recorded', async () => {
    const folder = await folderOfApps()
    await headwater(['append', 'order-a', 'Ordered', '{"amount":3}', ...old], folder)
    const [current, recorded, exported, withoutApp] = await Promise.all([
      headwater(['read', '--json', ...now], folder),
      headwater(['read', 'order-a', '--json', '--as-recorded', ...now], folder),
      headwater(['export', '--as-recorded', ...now], folder),
      headwater(['read', '--json', '--db', 'shop.db'], folder),
    ])
    expect(linesOf(current.stdout)).toMatchObject([{ version: 2, recordedVersion: 1, data: { quantity: 3 } }])
    expect(linesOf(recorded.stdout)).toMatchObject([{ version: 1, data: { amount: 3 } }])
    expect(exported.stdout).toBe(recorded.stdout)
    expect(withoutApp.stdout).toBe(recorded.stdout)
  })

  it('is what old data is recorded in, and newer data is refused', async () => {
    const folder = await folderOfApps()
    const appended = await headwater(
      ['append', 'order-a', 'Ordered', '{"amount":3}', '--version', '1', ...now],
      folder,
    )
    expect(appended).toMatchObject({ code: 0 })
    const [invalid, newer] = await Promise.all([
      headwater(['append', 'order-a', 'Ordered', '{"amount":0}', '--version', '1', ...now], folder),
      headwater(['append', 'order-a', 'Ordered', '{}', '--version', '3', ...now], folder),
    ])
    expect(invalid).toMatchObject({ code: 3, stderr: expect.stringMatching(/quantity: /) })
    expect(newer).toMatchObject({ code: 3, stderr: expect.stringContaining('event.newer-version') })
    const { stdout } = await headwater(['read', '--json', ...now], folder)
    expect(linesOf(stdout)).toMatchObject([{ version: 2, data: { quantity: 3 } }])
    expect(linesOf(stdout)[0]).not.toHaveProperty('recordedVersion')
  })

  it('is what exported events are imported into, once, whoever exported them', async () => {
    const folder = await folderOfApps()
    for (const amount of [1, 2, 0])
      await headwater(['append', `order-${amount}`, 'Ordered', `{"amount":${amount}}`, ...old], folder)
    const { stdout } = await headwater(['export', '--as-recorded', '--db', 'shop.db'], folder)
    const newer = JSON.stringify({ ...linesOf(stdout)[0], id: 'x.1', stream: 'order-x', version: 7 })
    await writeFile(join(folder, 'events.jsonl'), `${stdout}${newer}\n`)
    const into = ['--app', 'today.ts', '--db', 'new.db', '--json']
    const imported = await headwater(['import', 'events.jsonl', ...into], folder)
    expect(imported).toMatchObject({ code: 3 })
    expect(JSON.parse(imported.stdout)).toMatchObject({
      events: 2,
      refused: 2,
      refusedLines: [
        { reason: expect.stringMatching(/quantity: /) },
        { reason: expect.stringMatching(/knows Ordered up to version 2 and met version 7/) },
      ],
    })
    const again = await headwater(['import', 'events.jsonl', ...into], folder)
    expect(JSON.parse(again.stdout)).toMatchObject({ events: 2, repeated: 2 })
    const { stdout: read } = await headwater(
      ['read', '--json', '--app', 'today.ts', '--db', 'new.db'],
      folder,
    )
    expect(linesOf(read)).toMatchObject([
      { version: 2, data: { quantity: 1 } },
      { version: 2, data: { quantity: 2 } },
    ])
  })
})

describe('headwater catalog', () => {
  it('prints what an app defines, for people and for programs', async () => {
    const folder = await folderOfApps()
    const [printed, json] = await Promise.all([
      headwater(['catalog', 'today.ts'], folder),
      headwater(['catalog', '--app', 'today.ts', '--json'], folder),
    ])
    expect(printed).toMatchObject({ code: 0, stdout: expect.stringMatching(/event +Ordered +2/) })
    expect(JSON.parse(json.stdout)).toMatchObject({
      app: 'shop',
      events: [{ name: 'Ordered', version: 2, schema: { properties: { quantity: {} } } }],
    })
  })

  it('checks recorded history, and lets a pipeline stop where it does not fit', async () => {
    const folder = await folderOfApps()
    await headwater(['append', 'order-a', 'Ordered', '{"amount":3}', ...old], folder)
    const fits = await headwater(['catalog', 'check', 'today.ts', '--db', 'shop.db'], folder)
    expect(fits).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Ordered +1 +2 +1 +0\n.*all of it fits/),
    })

    await headwater(['append', 'order-b', 'Ordered', '{"amount":0}', ...old], folder)
    await headwater(['append', 'order-c', 'Ordered', '{"amount":-1}', ...old], folder)
    const [told, json] = await Promise.all([
      headwater(['catalog', 'check', ...now], folder),
      headwater(['catalog', 'check', ...now, '--json', '--misfits', 'misfits.jsonl'], folder),
    ])
    expect(told).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('2 misfits'),
      stderr: expect.stringMatching(
        /Ordered v1: quantity: .+ \[event\.invalid\] #2 order-b\/1, #3 order-c\/1/,
      ),
    })
    expect(json.code).toBe(3)
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      head: 3,
      types: [{ kind: 'event', type: 'Ordered', version: 1, count: 3, misfits: 2 }],
      misfitCount: 2,
      misfits: [{ position: 2, code: 'event.invalid', issues: [{ path: ['quantity'] }] }, { position: 3 }],
    })
    expect(linesOf(await readFile(join(folder, 'misfits.jsonl'), 'utf8'))).toHaveLength(2)
  })

  it('refuses more arguments than mean something', async () => {
    const folder = await folderOfApps()
    expect(await headwater(['catalog', 'today.ts', 'yesterday.ts'], folder)).toMatchObject({ code: 2 })
  })
})
