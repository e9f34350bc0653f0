import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { devArguments, suggestionFor } from '../lib/dev-arguments.mjs'

test('without arguments the shop runs with traffic', () => {
  expect(devArguments([])).toEqual(['dev', 'examples/shop', '--traffic'])
})

test('arguments are passed on to the shop', () => {
  expect(devArguments(['--port', '5000'])).toEqual(['dev', 'examples/shop', '--traffic', '--port', '5000'])
})

test('traffic can be turned off', () => {
  expect(devArguments(['--no-traffic'])).toEqual(['dev', 'examples/shop', '--no-traffic'])
})

test('another app runs without traffic, which only the shop is known to have', () => {
  expect(devArguments(['examples/counter', '--port', '5000'])).toEqual([
    'dev',
    'examples/counter',
    '--port',
    '5000',
  ])
})

test('who looks at the shop is told what to try next, and where that stands', () => {
  const suggestion = suggestionFor(devArguments(['--port', '5000']))
  const [, path = '', anchor = ''] = /(docs\/\S+\.md)#(\S+)/.exec(suggestion ?? '') ?? []
  const guide = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
  const anchors = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title.toLowerCase().replaceAll(' ', '-'),
  )
  expect(anchors).toContain(anchor)
  expect(suggestionFor(devArguments(['my-app']))).toBeUndefined()
})
