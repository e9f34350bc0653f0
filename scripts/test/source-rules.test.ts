import { expect, test } from 'vitest'
import { violations } from '../lib/source-rules.mjs'

const wrong = [
  { text: 'const a = b as any', rule: 'a type that is switched off' },
  { text: 'const a = b as unknown as C', rule: 'a type that is switched off' },
  { text: 'try { a() } catch {\n}', rule: 'an error that is swallowed' },
  { text: 'try { a() } catch (error) { }', rule: 'an error that is swallowed' },
  { text: 'await a().catch(() => undefined)', rule: 'an error that is swallowed' },
  { text: '// TODO: later', rule: 'work left for later' },
  { text: "it.only('does', () => {})", rule: 'a test that does not run', path: 'a.test.ts' },
]

test.for(wrong)('$text is found', ({ text, rule, path = 'a.ts' }) => {
  expect(violations(path, `\n${text}\n`)).toEqual([`${path}:2: ${rule}`])
})

test('a source that handles its errors and has its types on passes', () => {
  expect(violations('a.ts', 'try { a() } catch (error) { report(error) }\nconst many = 1\n')).toEqual([])
})

test('a test that is skipped for a reason the machine gives passes', () => {
  expect(violations('a.test.ts', "describe.skipIf(!chromium)('in a browser', () => {})\n")).toEqual([])
})

test('a file of 400 lines passes, and one of 401 does not', () => {
  expect(violations('a.ts', 'x\n'.repeat(400))).toEqual([])
  expect(violations('a.ts', 'x\n'.repeat(401))).toEqual(['a.ts:401: longer than 400 lines'])
})
