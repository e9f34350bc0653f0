/** A line with what follows from it below it. */
export interface Branch {
  readonly line: string
  readonly children: readonly Branch[]
}

/** Draws trees as `tree` and `git log --graph` do: what hangs below what is seen at a glance. */
export function drawTree(roots: readonly Branch[], dim: (text: string) => string): string[] {
  return roots.flatMap(({ line, children }) => [line, ...drawChildren(children, '', dim)])
}

function drawChildren(children: readonly Branch[], indent: string, dim: (text: string) => string): string[] {
  return children.flatMap(({ line, children: below }, index) => {
    const isLast = index === children.length - 1
    const own = `${dim(`${indent}${isLast ? '└─' : '├─'}`)} ${line}`
    return [own, ...drawChildren(below, `${indent}${isLast ? '   ' : '│  '}`, dim)]
  })
}
