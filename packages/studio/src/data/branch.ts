const key = 'headwater.branch'

/** The branch that this tab looks at; undefined: main. It is kept for as long as the tab is open. */
export function chosenBranch(): string | undefined {
  return sessionStorage.getItem(key) ?? undefined
}

/** Looks at another branch from now on: everything that was read is read again. */
export function chooseBranch(name: string | undefined): void {
  if (name === undefined) sessionStorage.removeItem(key)
  else sessionStorage.setItem(key, name)
  window.location.reload()
}
