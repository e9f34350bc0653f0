import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCodes } from 'headwater'
import { describe, expect, test } from 'vitest'
import { statusOf } from '../../packages/gateway/src/statuses.ts'
import { readPage, root } from './lib/markdown.ts'

const codes = Object.entries(errorCodes).map(([code]) => code as keyof typeof errorCodes)
const page = readPage('docs/reference/errors.md')
const sections = new Map(
  page.headings
    .filter(({ level }) => level === 3)
    .map(({ title, line }, index, all) => [title, page.lines.slice(line, all[index + 1]?.line)]),
)

test('every code has a section, and every section is that of a code', () => {
  expect([...sections.keys()].sort()).toEqual([...codes].sort())
})

describe('a section', () => {
  test('is where links by its code lead', () => {
    expect(codes.filter((code) => !page.anchors.has(code))).toEqual([])
  })

  test('names the HTTP status that the gateway answers with', () => {
    const said = (code: string) => sections.get(code)?.find((line) => /^\*.*\*$/.test(line))
    const isForPeople = (code: string) => code.startsWith('cli.') || code === 'import.failed'
    const wrong = codes.filter((code) => {
      return said(code) !== (isForPeople(code) ? '*Command line only*' : `*HTTP ${statusOf(code)}*`)
    })
    expect(wrong.map((code) => `${code}: ${said(code)}, but ${statusOf(code)}`)).toEqual([])
  })

  test('says what typically causes it and what to do', () => {
    const parts = ['**Typical cause.** ', '**What to do.** ']
    const lacking = codes.filter(
      (code) => !parts.every((part) => sections.get(code)?.some((line) => line.startsWith(part))),
    )
    expect(lacking).toEqual([])
  })
})

test('every code is raised somewhere', () => {
  const lists = /(?:message\/errors|gateway\/src\/statuses|command\/exit-code)\.ts$/
  const sources = readdirSync(join(root, 'packages'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[^/]+\/src\/.*\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && !lists.test(path))
    .map((path) => readFileSync(join(root, 'packages', path), 'utf8'))
  expect(codes.filter((code) => !sources.some((source) => source.includes(`'${code}'`)))).toEqual([])
})
