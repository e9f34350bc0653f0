import { createGateway, openApiDocument } from '@headwater/gateway'
import { context, memoryStore, openStore, query } from 'headwater'
import { describe, expect, test } from 'vitest'
import counter from '../../examples/counter/counter.ts'
import type { Command } from '../../packages/cli/src/command/command.ts'
import { optionName } from '../../packages/cli/src/command/parse.ts'
import { allCommands } from '../../packages/cli/src/command/registry.ts'
import { type Page, readPage } from './lib/markdown.ts'

/** The lines below each heading of a level, up to the next heading. */
function sectionsOf({ headings, lines }: Page, level: number): ReadonlyMap<string, readonly string[]> {
  const own = headings.filter((heading) => heading.level === level)
  return new Map(
    own.map(({ title, line }) => {
      const next = headings.find((heading) => heading.line > line && heading.level <= level)
      return [title, lines.slice(line, next === undefined ? undefined : next.line - 1)]
    }),
  )
}

/** What stands in the first column of the tables of a section, in backquotes. */
function namesIn(section: readonly string[]): readonly string[] {
  return section.flatMap((line) => /^\| `([^`]+)`/.exec(line)?.[1] ?? [])
}

interface Operation {
  readonly parameters?: readonly { readonly name: string }[]
  readonly responses: Readonly<Record<string, unknown>>
}

describe('the HTTP reference', async () => {
  const asking = context('asking', { queries: [query('Ask', { handle: () => 1 })] })
  const app = { ...counter, contexts: [...counter.contexts, asking] }
  const headwater = await openStore(app, memoryStore())
  const document = openApiDocument(headwater.catalog, { longestWait: 60_000, waitTime: 5_000 })
  await headwater.close()
  const { paths } = document as { paths: Record<string, Record<string, Operation>> }
  const routes = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => {
        const general = path
          .replace('/commands/Increment', '/commands/{type}')
          .replace('/queries/Ask', '/queries/{name}')
          .replace('/views/totals', '/views/{name}')
        return [`${method.toUpperCase()} ${general}`, operation] as const
      }),
    ),
  )
  const all = sectionsOf(readPage('docs/reference/http.md'), 3)
  const sections = new Map([...all].filter(([title]) => /^[A-Z]+ \//.test(title)))

  test('has the routes that the server describes, and no others', () => {
    expect([...sections.keys()].sort()).toEqual([...routes.keys()].sort())
  })

  for (const [route, operation] of routes) {
    test(`${route} has the parameters and answers that the server describes`, () => {
      const section = sections.get(route) ?? []
      const parameters = (operation.parameters ?? [])
        .map(({ name }) => name)
        .filter((name) => name !== 'branch')
      const answers = section.find((line) => line.startsWith('**Answers** '))?.slice('**Answers** '.length)
      expect(namesIn(section)).toEqual(parameters)
      expect(answers?.split(', ')).toEqual(Object.keys(operation.responses))
    })
  }
})

test('the guide to operations lists the metrics that there are, and no others', async () => {
  const headwater = await openStore(counter, memoryStore())
  const gateway = createGateway(headwater)
  const { body } = await gateway.fastify.inject('/metrics')
  await gateway.close()
  await headwater.close()
  const measured = [...body.matchAll(/^# HELP (\S+)/gm)].map(([, name = '']) => name)
  const section = sectionsOf(readPage('docs/guides/operations.md'), 2).get('Metrics') ?? []
  expect([...namesIn(section)].sort()).toEqual(measured.sort())
})

describe('the reference of the command line', async () => {
  const commands: readonly Command[] = (await allCommands()).flatMap((group) => group.commands)
  const sections = sectionsOf(readPage('docs/reference/cli.md'), 2)

  test('has the commands that there are, and no others', () => {
    const titles = [...sections.keys()].filter((title) => title.startsWith('headwater '))
    expect(titles.sort()).toEqual(commands.map(({ name }) => `headwater ${name}`).sort())
  })

  for (const { name, arguments: args, options } of commands) {
    test(`headwater ${name} has its arguments and options`, () => {
      const positional = Object.entries(args).map(([key, { optional }]) => {
        return optional === true ? `[${optionName(key)}]` : `<${optionName(key)}>`
      })
      const named = Object.entries(options).map(([key, { placeholder }]) => {
        return placeholder === undefined ? `--${optionName(key)}` : `--${optionName(key)} ${placeholder}`
      })
      expect(namesIn(sections.get(`headwater ${name}`) ?? [])).toEqual([...positional, ...named])
    })
  }
})
