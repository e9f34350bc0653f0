import { format } from 'node:util'
import { expect } from 'vitest'
import { HeadwaterError } from 'headwater'

/** What a snippet claims of a value: all of it, or a part. */
type Expected = { readonly all: unknown } | { readonly part: object }

export const $all = (all: unknown): Expected => ({ all })
export const $part = (part: object): Expected => ({ part })

export function $is(actual: unknown, expected: Expected, line: number): void {
  if ('all' in expected) expect(actual, `line ${line}`).toEqual(expected.all)
  else expect(actual, `line ${line}`).toMatchObject(expected.part)
}

export async function $throws(work: () => Promise<unknown>, said: string, line: number): Promise<void> {
  const error = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error instanceof HeadwaterError ? error.code : error, `line ${line}`).toBe(said)
}

let printed: string[] = []

/** Takes what is printed from now on; gives what puts it back. */
export function takeOutput(): () => void {
  const { log } = console
  printed = []
  console.log = (...values: unknown[]) => {
    printed.push(...format(...values).split('\n'))
  }
  return () => {
    console.log = log
  }
}

/** What was printed since the last such claim is the text; `…` stands for anything within a line. */
export function $prints(text: string, line: number): void {
  const wanted = text.split('\n').map((expected) => {
    return expect.stringMatching(new RegExp(`^${expected.split('…').map(escape).join('.*')}$`))
  })
  expect(printed, `line ${line}`).toEqual(wanted)
  printed = []
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
