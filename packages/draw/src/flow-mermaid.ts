import type { Flow, FlowKind } from './flow.ts'
import { MermaidNames, mermaidText } from './mermaid-names.ts'

const shapes: Readonly<Record<FlowKind, readonly [open: string, close: string]>> = {
  command: ['>', ']'],
  aggregate: ['([', '])'],
  event: ['[', ']'],
  view: ['[(', ')]'],
  subscription: ['{{', '}}'],
}

/** The flow of events as a Mermaid flowchart. */
export function flowMermaid(title: string, { contexts, parts, arrows }: Flow): string {
  const names = new MermaidNames()
  const blocks = contexts.flatMap((context) => [
    `  subgraph ${names.of(`context ${context}`)}["${mermaidText(context)}"]`,
    ...parts
      .filter((part) => part.context === context)
      .map(
        ({ id, kind, name }) =>
          `    ${names.of(id)}${shapes[kind][0]}"${mermaidText(name)}"${shapes[kind][1]}`,
      ),
    '  end',
  ])
  return `${[
    '---',
    `title: ${JSON.stringify(title)}`,
    '---',
    'flowchart LR',
    ...blocks,
    ...arrows.map(({ from, to }) => `  ${names.of(from)} --> ${names.of(to)}`),
  ].join('\n')}\n`
}
