import { useRef } from 'react'
import { Field } from '../../ui/field.tsx'
import { useKeys } from '../../ui/keys.ts'

interface SearchFieldProps {
  /** The paths that are searched. */
  readonly paths: readonly string[]
  readonly value: string
  readonly onChange: (words: string) => void
}

/** Words that documents of a view have. */
export function SearchField({ paths, value, onChange }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => input.current?.focus() })
  return (
    <Field
      ref={input}
      icon="search"
      type="search"
      className="search"
      shortcut="/"
      aria-label="Search"
      title={`Searches ${paths.join(', ')}`}
      placeholder={`Search ${paths.join(', ')}`}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
