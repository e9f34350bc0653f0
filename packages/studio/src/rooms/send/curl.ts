/** A command as a line for a terminal. */
export function curlOfCommand(origin: string, type: string, data: unknown): string {
  return [
    `curl -X POST ${origin}/commands/${encodeURIComponent(type)} \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${quoted(JSON.stringify(data ?? {}, undefined, 2))}'`,
  ].join('\n')
}

/** A query as a line for a terminal. */
export function curlOfQuery(origin: string, name: string, input: unknown): string {
  const address = `${origin}/queries/${encodeURIComponent(name)}`
  if (input === undefined) return `curl ${address}`
  return [`curl -G ${address} \\`, `  --data-urlencode 'input=${quoted(JSON.stringify(input))}'`].join('\n')
}

/** Between single quotes of a shell. */
function quoted(text: string): string {
  return text.replaceAll("'", String.raw`'\''`)
}
