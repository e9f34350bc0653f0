import { expect, test } from 'vitest'
import * as checks from './lib/checks.ts'
import { instrument } from './lib/instrument.ts'

/** Runs a snippet as the docs' tests do. */
async function run(source: string): Promise<void> {
  const AsyncFunction = (async () => undefined).constructor as FunctionConstructor
  const names = Object.keys(checks)
  const work = new AsyncFunction(...names, instrument(source, 'page'))
  await work(...Object.values(checks))
}

test('a claim that holds passes, and does not move a line', async () => {
  const source = 'const sum = 1 + 1 // => 2\nsum * 2 // => 4\nconsole.log(sum) // => 2\n'
  expect(instrument(source, 'page').split('\n')).toHaveLength(4)
  await run(source)
})

test('a claim that does not hold fails, whatever it stands behind', async () => {
  await expect(run('const sum = 1 + 1 // => 3')).rejects.toThrow('line 1')
  await expect(run('1 + 1 // => 3')).rejects.toThrow('line 1')
  await expect(run('console.log(1 + 1) // => 3')).rejects.toThrow('line 1')
  await expect(run('for (const one of [1]) console.log(one) // => 2')).rejects.toThrow('line 1')
})

test('an ellipsis leaves out what is not named, and nothing else', async () => {
  await run('const both = { a: 1, b: 2 } // => { a: 1, … }')
  await expect(run('const both = { a: 1, b: 2 } // => { a: 1 }')).rejects.toThrow('line 1')
  await expect(run('const both = { a: 1, b: 2 } // => { a: 2, … }')).rejects.toThrow('line 1')
})

test('a value may go on in the comments below', async () => {
  await run('const both = { a: 1, b: 2 } // => {\n  //   a: 1,\n  //   b: 2 }')
  const wrong = run('const both = { a: 1, b: 2 } // => {\n  //   a: 1,\n  //   b: 3 }')
  await expect(wrong).rejects.toThrow('line 1')
})

test('an error that is announced has to come, with its code', async () => {
  await expect(run('1 + 1 // throws log.conflict')).rejects.toThrow('line 1')
  await expect(run('null.length // throws log.conflict')).rejects.toThrow('line 1')
})

test('a claim that nobody can check is refused', () => {
  expect(() => instrument('if (true) { // => 2\n}', 'page')).toThrow('1 claims, of which 0 can be checked')
})

test('what is printed is compared line by line', () => {
  const giveBack = checks.takeOutput()
  console.log('one 1')
  console.log('two')
  giveBack()
  expect(() => checks.$prints('one …\nthree', 1)).toThrow('line 1')
  checks.$prints('one …\ntwo', 1)
})
