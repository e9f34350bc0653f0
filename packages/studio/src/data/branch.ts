const key = 'headwater.branch'
const parameter = 'branch'

/** A link may say on which branch it is meant: `?branch=whatif`. This tab looks at it from then on. */
function takeFromAddress(): void {
  const address = new URL(window.location.href)
  const name = address.searchParams.get(parameter)
  if (name === null) return
  keep(name === 'main' ? undefined : name)
  address.searchParams.delete(parameter)
  window.history.replaceState(window.history.state, '', address)
}

function keep(name: string | undefined): void {
  if (name === undefined || name === '') sessionStorage.removeItem(key)
  else sessionStorage.setItem(key, name)
}

takeFromAddress()

/** The branch that this tab looks at; undefined: main. It is kept for as long as the tab is open. */
export function chosenBranch(): string | undefined {
  return sessionStorage.getItem(key) ?? undefined
}

/** Looks at another branch from now on: everything that was read is read again. */
export function chooseBranch(name: string | undefined): void {
  keep(name)
  window.location.reload()
}

/** The whole address of a path within Studio, as it is on a branch: who follows it looks at that branch. */
export function onBranch(name: string, path: string): string {
  return `/studio${path}${path.includes('?') ? '&' : '?'}${parameter}=${encodeURIComponent(name)}`
}
