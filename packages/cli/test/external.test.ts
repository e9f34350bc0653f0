import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from './support/headwater.ts'
import { runHere } from './support/in-process.ts'
import { join } from 'node:path'

vi.setConfig({ testTimeout: 120_000 })

const exchangeApp = fileURLToPath(new URL('../../../examples/exchange', import.meta.url))

async function exchanged() {
  const on = ['--app', exchangeApp, '--db', join(await temporaryFolder(), 'exchange.db')]
  const run = (...line: string[]) => runHere([...line, ...on])
  const exchange = '{"purseId":"ada","of":"EUR","amount":100}'
  expect(await run('send', 'Exchange', exchange, '--id', 'first')).toMatchObject({ code: 0 })
  return run
}

describe('headwater external', () => {
  it('lists what an app calls outside, and how far that reaches', async () => {
    const run = await exchanged()
    const { stdout } = await run('external')
    expect(stdout).toMatch(/dollar-rate +live +2\.0 s +2 +good/)
    const { externals, blocked } = JSON.parse((await run('external', 'list', '--json')).stdout)
    expect(externals).toMatchObject([{ name: 'dollar-rate' }, { name: 'booking' }])
    expect(blocked).toEqual([])
  })

  it('shows the journal of one, and a call in full', async () => {
    const run = await exchanged()
    const { stdout } = await run('external', 'calls', 'dollar-rate')
    expect(stdout).toMatch(/#1 .*Exchange first +answered +1 +\{"of":"EUR"\} +\{"rate":1\.\d+\}/)
    const json = await run('external', 'calls', 'dollar-rate', '--caller', 'first', '--json')
    expect(JSON.parse(json.stdout).calls).toMatchObject([{ sequence: 1, status: 'answered' }])
    expect((await run('external', 'show', 'dollar-rate', '#1')).stdout).toMatch(
      /^#1 dollar-rate answered\nby +Exchange first\n(.+\n)+key +[0-9a-f-]{36}\nrequest +\{"of":"EUR"\}\nanswer +\{/,
    )
    expect((await run('external', 'calls', 'dollar-rate', '--status', 'failed')).stderr).toMatch(
      /No such call/,
    )
  })

  it.each([
    ['an external that there is not', ['calls', 'weather'], 5],
    ['a call that there is not', ['show', 'dollar-rate', '99'], 5],
    ['a call of another external', ['show', 'booking', '1'], 5],
    ['no external', ['calls'], 2],
    ['no call', ['show', 'dollar-rate'], 2],
    ['a status that there is not', ['calls', 'dollar-rate', '--status', 'done'], 2],
    ['an action that there is not', ['forget'], 2],
  ])('refuses %s', async (_what, line, code) => {
    const run = await exchanged()
    expect(await run('external', ...line)).toMatchObject({ code, stdout: '' })
  })
})
