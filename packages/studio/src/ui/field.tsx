import type { InputHTMLAttributes, Ref } from 'react'
import { Icon, type IconName } from './icon.tsx'
import './field.css'

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly icon?: IconName
  /** The key that leads here, shown while the field is empty. */
  readonly shortcut?: string
  readonly ref?: Ref<HTMLInputElement>
}

/** A line to type in. `aria-label` or a label around it says what for. */
export function Field({ icon, shortcut, className = '', ...input }: FieldProps) {
  return (
    <span className={`field ${className}`}>
      {icon && <Icon name={icon} size={14} />}
      <input spellCheck={false} autoComplete="off" {...input} />
      {shortcut && !input.value && <kbd>{shortcut}</kbd>}
    </span>
  )
}
