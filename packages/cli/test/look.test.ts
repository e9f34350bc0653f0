import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { open } from 'headwater'
import { describe, expect, it, vi } from 'vitest'
import shop from '../../../examples/shop/app.ts'
import { PlaceOrder } from '../../../examples/shop/orders/commands.ts'
import { counterApp, headwater, temporaryFolder } from './support/headwater.ts'

const execute = promisify(execFile)
// Processes that are started cold, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

const on = ['--app', counterApp, '--db', 'counter.db']

async function aCounter(): Promise<string> {
  const folder = await temporaryFolder()
  await headwater(
    ['send', 'Increment', '{"counterId":"ada","by":42}', '--id', 'c1', '--actor', 'grace', ...on],
    folder,
  )
  await headwater(['send', 'Increment', '{"counterId":"bob","by":7}', '--id', 'c2', ...on], folder)
  return folder
}

describe('headwater search', () => {
  it('finds events by text, field, actor, stream and time, and says how far it looked', async () => {
    const folder = await aCounter()
    const found = async (...args: string[]) => {
      const { stdout, code } = await headwater(['search', ...args, '--db', 'counter.db', '--json'], folder)
      expect(code).toBe(0)
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).id as string)
    }
    expect(await found('ADA')).toEqual(['c1.1'])
    expect(await found('--where', 'by<10')).toEqual(['c2.1'])
    expect(await found('--where', 'by>=7', '--where', 'by!=42')).toEqual(['c2.1'])
    expect(await found('--actor', 'grace')).toEqual(['c1.1'])
    expect(await found('--stream', 'counter-')).toEqual(['c1.1', 'c2.1'])
    expect(await found('--stream', 'counter-', '--limit', '1')).toEqual(['c1.1'])
    expect(await found('--since', '2999-01-01T00:00:00Z')).toEqual([])
    expect(await found('--until', '2999-01-01T00:00:00Z', '--types', 'Incremented')).toHaveLength(2)
    const { stderr } = await headwater(['search', 'nobody', '--db', 'counter.db'], folder)
    expect(stderr).toContain('0 events of the log up to #2')
  })

  it('refuses to look for nothing, and conditions that are none', async () => {
    const folder = await aCounter()
    const nothing = await headwater(['search', '--db', 'counter.db'], folder)
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('needs something to look for') })
    const wrong = await headwater(['search', '--where', 'by', '--db', 'counter.db'], folder)
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--where "by" is no condition') })
  })
})

describe('headwater trace', () => {
  it('draws what a command caused, and what that caused, as a tree', async () => {
    const folder = await temporaryFolder()
    const running = await open(shop, { db: join(folder, 'shop.db') })
    const lines = [{ sku: 'a', description: 'A', quantity: 1, unitPrice: 100 }]
    const order = PlaceOrder({ orderId: '1', customerId: 'ada', country: 'France', lines })
    const { position = 0 } = await running.execute(order, { id: 'c1', actor: 'ada' })
    await running.processor('collect-money').waitFor(position)
    await running.close()

    const { stdout } = await headwater(['trace', 'c1.1', '--db', 'shop.db'], folder)
    const shown = stdout.replaceAll(/ {2}[0-9a-f-]{36}/g, '')
    expect(shown).toMatch(
      /^PlaceOrder accepted by ada {2}c1\n└─ #1 OrderPlaced order-1\/1\n {3}└─ \w+ \w+.* by subscription:collect-money\n {6}└─ #2 \w+ payment-/,
    )
    const json = await headwater(['trace', 'c1', '--db', 'shop.db', '--json'], folder)
    expect(JSON.parse(json.stdout)).toMatchObject({ correlationId: 'c1', events: [{ id: 'c1.1' }, {}] })
  })

  it('says that it knows no such id', async () => {
    const folder = await aCounter()
    const { code, stderr } = await headwater(['trace', 'nobody', '--db', 'counter.db'], folder)
    expect(code).toBe(5)
    expect(stderr).toContain('event.not-found')
  })
})

describe('headwater completion', () => {
  it('makes bash complete commands, then their options', async () => {
    const folder = await temporaryFolder()
    const { stdout } = await headwater(['completion', 'bash'], folder)
    await writeFile(join(folder, 'completion.sh'), stdout)
    const complete = async (...words: string[]) => {
      const script = `source completion.sh; COMP_WORDS=(headwater "$@"); COMP_CWORD=$#; _headwater; echo "\${COMPREPLY[*]}"`
      const ended = await execute('bash', ['-c', script, 'bash', ...words], { cwd: folder })
      return ended.stdout.trim().split(' ')
    }
    expect(await complete('se')).toEqual(expect.arrayContaining(['send', 'serve', 'search']))
    expect(await complete('trace', '--da')).toEqual(['--data'])
    expect(await complete('help', 'tra')).toEqual(['trace'])
    expect(await complete('read', 'compl')).toEqual(['completion.sh'])
  })

  it.runIf(existsSync('/usr/bin/zsh') || existsSync('/bin/zsh'))('is understood by zsh', async () => {
    const folder = await temporaryFolder()
    const { stdout } = await headwater(['completion', 'zsh'], folder)
    await writeFile(join(folder, 'completion.zsh'), stdout)
    await expect(execute('zsh', ['-n', join(folder, 'completion.zsh')])).resolves.toMatchObject({
      stderr: '',
    })
  })

  it.runIf(existsSync('/usr/bin/fish'))('makes fish complete options, with what they do', async () => {
    const folder = await temporaryFolder()
    const { stdout } = await headwater(['completion', 'fish'], folder)
    await writeFile(join(folder, 'completion.fish'), stdout)
    const script = 'source completion.fish; complete -C "headwater trace --d"'
    const ended = await execute('fish', ['-c', script], { cwd: folder })
    expect(ended.stdout).toContain('--data\tPrint the data of events, too')
  })

  it('names the shells that it knows', async () => {
    const folder = await temporaryFolder()
    const { code, stderr } = await headwater(['completion', 'cmd'], folder)
    expect(code).toBe(2)
    expect(stderr).toContain('Name one: bash, zsh, fish.')
  })
})
