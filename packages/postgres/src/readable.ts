/** What only people read, such as an error's message: what PostgreSQL can't hold as text is shown as unknown. */
export function readable(text: string | null): string | null {
  return text === null ? null : text.toWellFormed().replaceAll('\0', '\u{FFFD}')
}
