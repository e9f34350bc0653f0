import { useState } from 'react'
import { Icon, type IconName } from '../ui/icon.tsx'
import { storedTheme, storeTheme, type Theme } from './theme.ts'

const themes: readonly (readonly [Theme, IconName])[] = [
  ['light', 'sun'],
  ['system', 'system'],
  ['dark', 'moon'],
]

export function ThemeSwitch() {
  const [theme, setTheme] = useState(storedTheme)
  const choose = (next: Theme) => {
    storeTheme(next)
    setTheme(next)
  }
  return (
    <div className="theme-switch" role="radiogroup" aria-label="Colours">
      {themes.map(([name, icon]) => (
        <button
          key={name}
          type="button"
          role="radio"
          aria-checked={theme === name}
          aria-label={name}
          title={`${name} colours`}
          onClick={() => choose(name)}
        >
          <Icon name={icon} size={14} />
        </button>
      ))}
    </div>
  )
}
