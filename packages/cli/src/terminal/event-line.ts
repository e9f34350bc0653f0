import type { ListedEvent } from '../source/source.ts'
import { cut, printable, widthOf } from './format.ts'
import type { Terminal } from './terminal.ts'

/** An event on one line: where it stands, when it happened, in which stream, what it says. */
export function eventLine(event: ListedEvent, { style, width }: Pick<Terminal, 'style' | 'width'>): string {
  const position = `#${event.position}`.padStart(7)
  const time = event.occurredAt.replace('T', ' ').replace(/\.\d+Z$/, '')
  const whose = event.tenant === undefined ? '' : `${(event.tenant || '(no tenant)').padEnd(12)}  `
  const stream = `${whose}${printable(`${event.stream}/${event.revision}`).padEnd(24)}`
  const type = printable(event.type).padEnd(20)
  const data = printable(JSON.stringify(event.data))
  const room =
    width === undefined
      ? Number.POSITIVE_INFINITY
      : width - widthOf(`${position}  ${time}  ${stream}  ${type}  `)
  const shown = room > 8 ? cut(data, room) : ''
  return `${style.dim(`${position}  ${time}`)}  ${stream}  ${style.name(type)}  ${style.dim(shown)}`.trimEnd()
}
