import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { headwater, startHeadwater, temporaryFolder, until } from './support/headwater.ts'

// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

const source = (core: string) => `
import { aggregate, app, command, event, subscription } from '${core}'
const text = { '~standard': { version: 1, vendor: 'test', validate: (value) =>
  typeof value.email === 'string' ? { value } : { issues: [{ message: 'must be text', path: ['email'] }] } } }
const OrderPlaced = event('OrderPlaced', text)
const PlaceOrder = command('PlaceOrder', text)
const order = aggregate('order', {
  events: [OrderPlaced], commands: [PlaceOrder], initial: {},
  evolve: { OrderPlaced: (state) => state },
  decide: { PlaceOrder: (_state, { email }) => OrderPlaced({ email }) },
})
const mail = subscription('mail', {
  events: [OrderPlaced], retry: { attempts: 2, delay: 1 },
  handle: ({ data }) => {
    if (!data.email.includes('@')) throw new Error(data.email + ' is no address')
    console.error('sent to ' + data.email)
    return { sent: data.email }
  },
})
export default app({ name: 'mails', aggregates: [order], subscriptions: [mail] })
`

async function anApp(): Promise<string> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'app.mjs'), source(import.meta.resolve('@headwater/core')))
  await writeFile(
    join(folder, 'headwater.config.mjs'),
    `export default { app: './app.mjs', db: './mails.db' }\n`,
  )
  return folder
}

describe('headwater parked and headwater processor', () => {
  it('mend what could not be processed, while the app runs elsewhere', async () => {
    const folder = await anApp()
    const server = startHeadwater(['serve', '--port', '0'], folder)
    const url = await until(
      server,
      () => /http:\/\/[\w.]+:\d+/.exec(server.messages() + server.output())?.[0],
    )
    const run = async (...args: string[]) => {
      const ended = await headwater(args, folder)
      expect([args, ended.code, ended.code === 0 ? '' : ended.stderr]).toEqual([args, 0, ''])
      return ended.stdout
    }
    await run('send', 'PlaceOrder', '{"orderId":"1","email":"nobody"}', '--url', url)
    await expect
      .poll(async () => JSON.parse(await run('parked', 'list', '--json')), { interval: 300 })
      .toMatchObject({ sequences: [{ processor: 'mail', sequence: 'order-1', events: 1 }] })

    expect(JSON.parse(await run('parked', 'list', '--tenant', 'acme', '--json'))).toEqual({ sequences: [] })
    const notTheirs = ['parked', 'drop', 'mail', 'order-1', '--why', 'x', '--tenant', 'acme', '--url', url]
    expect(await headwater(notTheirs, folder)).toMatchObject({ code: 3 })
    expect(JSON.parse(await run('parked', 'list', '--json')).sequences).toHaveLength(1)

    // On the database, beside the process that runs it.
    expect(await run('parked', 'show', 'mail', 'order-1')).toContain('{"email":"nobody"}')
    const edit = ['parked', 'edit', 'mail', 'order-1', '--data', '{"email":"a@b"}']
    expect(await headwater(edit, folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('--why') })
    expect(await headwater([...edit.slice(0, 5), '{"email":5}', '--why', 'x'], folder)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('must be text'),
    })
    await run(...edit, '--why', 'a typing error')
    // And by way of the server.
    expect(await run('parked', 'retry', 'mail', '--url', url)).toBe('1 sequence will be tried again\n')
    await until(server, () => (server.messages().includes('sent to a@b') ? true : undefined))
    await expect
      .poll(async () => JSON.parse(await run('processor', 'results', 'mail', '--json', '--url', url)), {
        timeout: 30_000,
        interval: 300,
      })
      .toMatchObject({ results: [{ status: 'handled', result: { sent: 'a@b' } }] })

    await run('processor', 'pause', 'mail', '--why', 'lunch')
    expect(JSON.parse(await run('processor', 'show', 'mail', '--json', '--url', url))).toMatchObject({
      paused: { why: 'lunch' },
    })
    await run('processor', 'resume', 'mail', '--url', url)
    const again = await headwater(['processor', 'reset', 'mail', '--to', 'beginning'], folder)
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('processor.repeats-effects') })
    const job = ['processor', 'reprocess', 'mail', '--from', '1', '--why', 'it got lost']
    expect(await run(...job, '--json')).toContain('"state":"asked"')
    await until(server, () => (server.messages().split('is no address').length > 2 ? true : undefined))
    expect(await run('processor', 'acts', 'mail')).toMatch(
      /reprocess[\s\S]+resume[\s\S]+pause[\s\S]+retry[\s\S]+edit/,
    )
  })

  it('say what they need', async () => {
    const folder = await anApp()
    const lines: readonly (readonly [readonly string[], string])[] = [
      [['processor', 'pause'], 'processor pause needs a processor'],
      [['processor', 'mail'], 'headwater processor show mail'],
      [['processor', 'reset', 'mail'], 'needs --to'],
      [['processor', 'reset', 'mail', '--to', 'monday'], '--to is "monday"'],
      [['processor', 'reprocess', 'mail', '--from', '1'], 'needs --from and --why'],
      [['parked', 'drop', 'mail', 'order-1'], 'parked drop needs --why'],
      [['parked', 'show', 'mail'], 'parked show needs a sequence'],
    ]
    await headwater(['send', 'PlaceOrder', '{"orderId":"1","email":"a@b"}'], folder)
    for (const [line, said] of lines)
      expect([line, await headwater(line, folder)]).toMatchObject([
        line,
        { code: 2, stderr: expect.stringContaining(said) },
      ])
    expect(await headwater(['processor', 'show', 'nobody'], folder)).toMatchObject({
      stderr: expect.stringContaining('processor.unknown'),
    })
  })
})
