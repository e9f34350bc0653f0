import { styleText } from 'node:util'

/** What colours mean here. */
export interface Style {
  strong(text: string): string
  dim(text: string): string
  good(text: string): string
  warning(text: string): string
  bad(text: string): string
  /** Names: events, streams, commands. */
  name(text: string): string
  link(text: string): string
}

/** Colours where a person reads them: Node looks at the stream, NO_COLOR and FORCE_COLOR. */
export function styleFor(stream: NodeJS.WriteStream): Style {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    styleText(format, text, { stream })
  return {
    strong: paint('bold'),
    dim: paint('dim'),
    good: paint('green'),
    warning: paint('yellow'),
    bad: paint(['red', 'bold']),
    name: paint('cyan'),
    link: paint(['cyan', 'underline']),
  }
}
