import type { Flow } from './flow.ts'
import type { Picture } from './picture.ts'

/** The flow of events as a picture: a frame for each context. */
export function flowPicture(title: string, { contexts, parts, arrows }: Flow): Picture {
  const groupOf = (context: string): string => `context ${context}`
  return {
    title,
    direction: 'right',
    groups: contexts.map((context) => ({ id: groupOf(context), title: context, group: undefined })),
    nodes: parts.map(({ id, kind, name, context }) => ({
      id,
      kind,
      lines: [{ text: name, kind: 'name' as const }],
      group: groupOf(context),
    })),
    edges: arrows.map(({ from, to }) => ({ from, to, lines: [] })),
  }
}
