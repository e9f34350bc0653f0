import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'
import { headwater, temporaryFolder } from './support/headwater.ts'

vi.setConfig({ testTimeout: 120_000 })

const taxApp = fileURLToPath(new URL('../../../examples/tax', import.meta.url))

it('dated rules are listed with what is in force, now or at another time', async () => {
  const folder = await temporaryFolder()
  const on = ['--app', taxApp, '--db', 'tax.db']
  const order = '{"orderId":"1","customer":"ada","amount":100}'
  expect(await headwater(['send', 'PlaceOrder', order, ...on], folder)).toMatchObject({ code: 0 })
  const [all, one, json, unknown] = await Promise.all([
    headwater(['rule', ...on], folder),
    headwater(['rule', 'sales-tax', '--at', '2018-01-31', ...on], folder),
    headwater(['rule', 'sales-tax', '--at', '2018-01-31', '--json', ...on], folder),
    headwater(['rule', 'salestax', ...on], folder),
  ])
  expect(all.stdout).toMatch(/sales-tax +0\.018 +2018-02-01 +UTC/)
  expect(one.stdout).toMatch(/2017-01-01 +2018-02-01 +0\.015 +yes\n2018-02-01 +0\.018\n/)
  expect(JSON.parse(json.stdout)).toMatchObject({ rules: [{ name: 'sales-tax', inForce: { value: 0.015 } }] })
  expect(unknown).toMatchObject({
    stdout: '',
    stderr: expect.stringContaining('headwater rule names them all'),
  })
  expect(unknown.code).not.toBe(0)
})
