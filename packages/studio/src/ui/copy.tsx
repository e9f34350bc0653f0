import { useState } from 'react'
import { Icon } from './icon.tsx'
import './copy.css'

/** Puts a text on the clipboard and says so. */
export function Copy({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1_200)
  }
  // The clipboard is there on secure pages only.
  if (!navigator.clipboard) return null
  return (
    <button type="button" className="copy" onClick={copy} title={`Copy ${what}`} aria-label={`Copy ${what}`}>
      <Icon name={copied ? 'check' : 'copy'} size={13} />
    </button>
  )
}
