export type Theme = 'system' | 'light' | 'dark'

const key = 'headwater.theme'

export function storedTheme(): Theme {
  const stored = localStorage.getItem(key)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

/** Sets the colours; `system` follows the machine's setting as it changes. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function storeTheme(theme: Theme): void {
  localStorage.setItem(key, theme)
  applyTheme(theme)
}
