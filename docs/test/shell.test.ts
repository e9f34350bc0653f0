import { describe, expect, test } from 'vitest'
import { readPages } from './lib/markdown.ts'
import {
  directive,
  makeFolder,
  missingTools,
  type Printed,
  runCommands,
  type Session,
  sessionsOf,
  startServer,
} from './lib/shell.ts'

const missing = missingTools()
const needs = missing.length === 0 ? '' : ` (needs ${missing.join(' and ')})`

describe('the commands of the docs run, and print what the docs say', () => {
  for (const page of readPages()) {
    const sessions = sessionsOf(page)
    if (sessions.length === 0) continue
    test.skipIf(missing.length > 0)(
      `${page.path}${needs}`,
      async () => {
        const folder = makeFolder(page)
        const app = directive(page, 'server')
        const server = app === undefined ? undefined : await startServer(app, folder)
        try {
          for (const session of sessions) {
            const printed = await runCommands(session.commands, folder, server?.host)
            const at = `${page.path}:${session.line}`
            if (printed.exit !== session.exit)
              throw new Error(`${at} ended with ${printed.exit}: ${printed.stderr}`)
            const { shown, claimed } = compared(session, printed)
            expect({ at, shown }).toEqual({ at, shown: claimed })
          }
        } finally {
          await server?.stop()
        }
      },
      // Each command is a process that is started cold, on a machine that may be busy.
      300_000,
    )
  }
})

/** What was printed and what the page says of it, to be compared. */
function compared({ prints }: Session, { stdout, stderr }: Printed): { shown: unknown; claimed: unknown } {
  if (prints === undefined) return { shown: undefined, claimed: undefined }
  if (prints.language === 'json')
    return { shown: JSON.parse(stdout), claimed: wildcards(JSON.parse(prints.text)) }
  const shown = lines(prints.words.includes('stderr') ? stderr : stdout)
  return { shown, claimed: expect.stringMatching(pattern(prints.text)) }
}

/** Text in which `…` stands for anything. */
function wildcards(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.includes('…') ? expect.stringMatching(new RegExp(`^${withGaps(value)}$`)) : value
  }
  if (Array.isArray(value)) return value.map(wildcards)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wildcards(inner)]))
}

/** Lines in which `…` stands for anything; a line of its own, for any lines. */
function pattern(text: string): RegExp {
  const rows = text.trimEnd().split('\n')
  return new RegExp(
    `^${rows.map((row) => (row.trim() === '…' ? '(?:.*\\n)*?' : `${withGaps(row)} *\\n`)).join('')}$`,
  )
}

function withGaps(text: string): string {
  return text
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
}

function lines(printed: string): string {
  return `${printed.replaceAll('\r', '').trimEnd()}\n`
}
