/** Words that Mermaid takes for its own. */
const reserved = new Set(
  'state end note class classdef style direction as fork join choice history default subgraph graph flowchart click href call'.split(
    ' ',
  ),
)

/** Gives each part of a diagram a name that Mermaid understands, close to its own and no other's. */
export class MermaidNames {
  readonly #names = new Map<string, string>()
  readonly #taken = new Set<string>()

  of(id: string): string {
    const known = this.#names.get(id)
    if (known !== undefined) return known
    const plain = id.replace(/[^A-Za-z0-9_]/g, '_')
    const base = reserved.has(plain.toLowerCase()) || !/^[A-Za-z]/.test(plain) ? `s_${plain}` : plain
    let name = base
    for (let count = 2; this.#taken.has(name); count += 1) name = `${base}_${count}`
    this.#taken.add(name)
    this.#names.set(id, name)
    return name
  }
}

/** A text of a diagram: what Mermaid could take for its own is written by its number. */
export function mermaidText(text: string): string {
  return text.replace(/[^A-Za-z0-9 _.,/()+=*?!|↺→-]/gu, (character) => `#${character.codePointAt(0)};`)
}

export const litClass = 'current'
export const litDefinition = `classDef ${litClass} fill:#fff1c9,stroke:#c98a00,color:#1c2733`
