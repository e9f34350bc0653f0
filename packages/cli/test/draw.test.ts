import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'
import { headwater, shopApp, temporaryFolder } from './support/headwater.ts'

vi.setConfig({ testTimeout: 120_000 })

const pizzaApp = fileURLToPath(new URL('../../../examples/pizza', import.meta.url))

it('a state machine is drawn as Mermaid, as SVG into a file, and for XState', async () => {
  const folder = await temporaryFolder()
  const on = ['--app', pizzaApp]
  const [mermaid, svg, xstate] = await Promise.all([
    headwater(['draw', 'pizzaOrder', ...on], folder),
    headwater(
      ['draw', 'pizzaOrder', '--format', 'svg', '--state', 'placed', '--out', 'p.svg', ...on],
      folder,
    ),
    headwater(['draw', 'pizzaOrder', '--format', 'xstate', ...on], folder),
  ])
  expect(mermaid.stdout).toContain('\nstateDiagram-v2\n  [*] --> wished\n')
  expect(svg).toMatchObject({ code: 0, stdout: '' })
  expect(await readFile(join(folder, 'p.svg'), 'utf8')).toMatch(
    /^<svg [\s\S]*class="state lit"[\s\S]*<\/svg>\n$/,
  )
  expect(JSON.parse(xstate.stdout)).toMatchObject({ id: 'pizzaOrder', initial: 'wished' })
})

it('the flow of events is drawn of an app, and of an aggregate that is no machine', async () => {
  const folder = await temporaryFolder()
  const [app, aggregate] = await Promise.all([
    headwater(['draw', '--app', shopApp], folder),
    headwater(['draw', 'payment', '--format', 'svg', '--app', shopApp], folder),
  ])
  expect(app.stdout).toContain('  event_OrderPlaced --> subscription_collect_money\n')
  expect(aggregate.stdout).toMatch(/^<svg /)
  expect(aggregate.stdout).not.toContain('PlaceOrder')
})

it('what can not be drawn is refused, with what can', async () => {
  const folder = await temporaryFolder()
  const [unknown, noState, noMachine, noFormat] = await Promise.all([
    headwater(['draw', 'burger', '--app', pizzaApp], folder),
    headwater(['draw', 'pizzaOrder', '--state', 'eaten', '--app', pizzaApp], folder),
    headwater(['draw', 'order', '--format', 'xstate', '--app', shopApp], folder),
    headwater(['draw', '--format', 'png', '--app', shopApp], folder),
  ])
  expect(unknown).toMatchObject({ code: 5, stderr: expect.stringContaining('there are pizzaOrder') })
  expect(noState).toMatchObject({ code: 2, stderr: expect.stringContaining('Its states are wished, placed') })
  expect(noMachine).toMatchObject({ code: 2, stderr: expect.stringContaining('order is no state machine') })
  expect(noFormat).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Give one of mermaid, svg, xstate'),
  })
})
