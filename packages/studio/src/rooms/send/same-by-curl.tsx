import { Copy } from '../../ui/copy.tsx'

/** The command that is being filled in, to be sent from a terminal. */
export function SameByCurl({ type, data }: { type: string; data: unknown }) {
  const body = JSON.stringify(data ?? {}, undefined, 2).replaceAll("'", String.raw`'\''`)
  const text = [
    `curl -X POST ${window.location.origin}/commands/${encodeURIComponent(type)} \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n')
  return (
    <>
      <h3>
        The same by curl <Copy text={text} what="the line" />
      </h3>
      <pre className="same-by-curl">{text}</pre>
    </>
  )
}
