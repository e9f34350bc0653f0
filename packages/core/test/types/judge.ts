import { beforeAll, describe, expect, test } from 'vitest'
import { compile } from './compile.ts'

export interface Mistake {
  readonly program: string
  /** The first line of what the compiler says, or the line that says it best. */
  readonly says: string | RegExp
}

interface Cases {
  /** What all programs share, as `./shared.ts`: it holds no mistake. */
  readonly shared: string
  /** Stands before every program. */
  readonly preamble: string
  readonly correct: Readonly<Record<string, string>>
  readonly mistakes: Readonly<Record<string, Mistake>>
}

/** Tests that the compiler accepts what is correct, and refuses each mistake once, in words that name it. */
export function judges({ shared, preamble, correct, mistakes }: Cases): void {
  const names = [...Object.keys(correct), ...Object.keys(mistakes)]
  const fileOf = (name: string): string => `program-${names.indexOf(name)}`
  let messages: ReadonlyMap<string, readonly string[]>

  beforeAll(async () => {
    const sources = [
      ...Object.entries(correct),
      ...Object.entries(mistakes).map(([name, mistake]) => [name, mistake.program] as const),
    ]
    const programs = Object.fromEntries(
      sources.map(([name, source]) => [fileOf(name), `${preamble}${source}\n`]),
    )
    messages = await compile({ shared, ...programs })
  })

  describe('accepts', () => {
    test.each(Object.keys(correct))('%s', (name) => {
      expect(messages.get(fileOf(name))).toEqual([])
    })

    test('what all programs share', () => {
      expect(messages.get('shared')).toEqual([])
    })
  })

  describe('refuses, in words that name the mistake,', () => {
    test.each(Object.entries(mistakes))('%s', (name, { says }) => {
      const said = messages.get(fileOf(name)) ?? []
      expect(said.join('\n')).toMatch(says)
    })

    test.each(Object.keys(mistakes))('%s, once', (name) => {
      const said = messages.get(fileOf(name)) ?? []
      expect(said.filter((message) => !/implicitly has an 'any' type/.test(message))).toHaveLength(1)
    })
  })
}
