import { Copy } from '../../ui/copy.tsx'

/** What is being filled in, to be sent from a terminal. */
export function SameByCurl({ text }: { text: string }) {
  return (
    <>
      <h3>
        The same by curl <Copy text={text} what="the line" />
      </h3>
      <pre className="same-by-curl">{text}</pre>
    </>
  )
}
