/**
 * The text of a function without what doesn't change its meaning: comments, white space, semicolons, commas at the end of
 * a list, the kind of quotes, parentheses around a single parameter, and the objects that imports are read from where a
 * tool writes them into every use: `(0, lib.sum)(a)` and `__vite_ssr_import_0__.sum(a)` are `sum(a)`. So a formatter, a
 * type-stripping run of the sources, a test runner and a build that only removes types give the same. A minifier, a
 * bundler that renames, and a build for an older language do not: they write other code.
 */
export function codeText(source: string): string {
  return written(new Scanner(source).tokens())
}

function written(scanned: readonly string[]): string {
  const tokens = scanned.filter((token, index) => !isEndOfPart(token, scanned[index + 1]))
  const kept: string[] = []
  for (let at = 0; at < tokens.length; ) {
    const { token, length } = plainest(tokens, at)
    const before = kept.at(-1)
    if (before !== undefined && isWord(before.at(-1)) && isWord(token[0])) kept.push(' ')
    kept.push(token)
    at += length
  }
  return kept.join('')
}

const closing: ReadonlySet<string> = new Set([')', ']', '}'])

function isEndOfPart(token: string, next: string | undefined): boolean {
  return token === ';' || (token === ',' && next !== undefined && closing.has(next))
}

/** What stands here, as it would be written by hand, and how many tokens that took. */
function plainest(
  tokens: readonly string[],
  at: number,
): { readonly token: string; readonly length: number } {
  const token = tokens[at] ?? ''
  const name = (offset: number) => (isName(tokens[at + offset]) ? (tokens[at + offset] ?? '') : undefined)
  const follows = (offset: number, ...signs: string[]) =>
    signs.every((sign, index) => tokens[at + offset + index] === sign)
  // (0, lib.sum) calls sum without a this.
  const called =
    token === '(' && follows(1, '0', ',') && follows(4, '.') && follows(6, ')') ? name(5) : undefined
  if (called !== undefined && name(3) !== undefined) return { token: called, length: 7 }
  const imported = /^__vi(?:te_ssr)?_import_\d+__$/.test(token) && follows(1, '.') ? name(2) : undefined
  if (imported !== undefined) return { token: imported, length: 3 }
  const parameter = token === '(' && follows(2, ')', '=>') ? name(1) : undefined
  return parameter === undefined ? { token, length: 1 } : { token: parameter, length: 3 }
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\w$\u0080-\uffff]/.test(character)
}

function isName(token: string | undefined): boolean {
  return token !== undefined && /^[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*$/.test(token)
}

/** After these words, or an operator, a slash begins a pattern; after a value it divides. */
const beforePattern =
  /^(return|typeof|case|in|of|delete|void|throw|new|instanceof|do|else|yield|await|[^\w$"'`)\]}\u0080-\uffff].*)$/

/** Cuts a text into words, strings, patterns and signs. It is sure to end, and gives each sign once, valid code or not. */
class Scanner {
  readonly #source: string
  readonly #tokens: string[] = []
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  /** @param until the sign before which it ends, as the code in a template does */
  tokens(until?: string): readonly string[] {
    let open = 0
    while (this.#at < this.#source.length) {
      const character = this.#source[this.#at] ?? ''
      if (until !== undefined && character === until && open === 0) break
      if (character === '{') open += 1
      if (character === '}') open -= 1
      this.#step(character)
    }
    return this.#tokens
  }

  #step(character: string): void {
    if (/\s/.test(character)) this.#at += 1
    else if (this.#source.startsWith('//', this.#at)) this.#at = this.#endOf(/\n|$/)
    else if (this.#source.startsWith('/*', this.#at)) this.#at = this.#endOf(/\*\/|$/)
    else if (character === "'" || character === '"') this.#string(character)
    else if (character === '`') this.#template()
    else if (character === '/' && this.#beginsPattern())
      this.#take(/\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])*\/\w*|\//)
    else this.#take(/=>|[\w$\u0080-\uffff]+|[^]/)
  }

  #beginsPattern(): boolean {
    const before = this.#tokens.at(-1)
    return before === undefined || beforePattern.test(before)
  }

  #string(quote: string): void {
    const start = this.#at + 1
    let end = start
    while (end < this.#source.length && this.#source[end] !== quote) end += this.#source[end] === '\\' ? 2 : 1
    const written = this.#source.slice(start, end)
    // A quote of the other kind needs no backslash, and one of this kind does: the same text either way.
    const text = written.replace(/\\(['"])/g, '$1')
    this.#tokens.push(`"${text}"`)
    this.#at = end + 1
  }

  #template(): void {
    const parts: string[] = []
    this.#at += 1
    let start = this.#at
    while (this.#at < this.#source.length && this.#source[this.#at] !== '`') {
      if (this.#source.startsWith('${', this.#at)) {
        parts.push(this.#source.slice(start, this.#at + 2))
        const inner = new Scanner(this.#source)
        inner.#at = this.#at + 2
        parts.push(written(inner.tokens('}')))
        this.#at = inner.#at
        start = this.#at
      } else this.#at += this.#source[this.#at] === '\\' ? 2 : 1
    }
    parts.push(this.#source.slice(start, this.#at))
    this.#tokens.push(`\`${parts.join('')}\``)
    this.#at += 1
  }

  #endOf(pattern: RegExp): number {
    const found = pattern.exec(this.#source.slice(this.#at))
    return found === null ? this.#source.length : this.#at + found.index + Math.max(1, found[0].length)
  }

  #take(pattern: RegExp): void {
    const sticky = new RegExp(pattern, 'y')
    sticky.lastIndex = this.#at
    const [token] = sticky.exec(this.#source) ?? [this.#source[this.#at] ?? '']
    this.#tokens.push(token)
    this.#at += token.length
  }
}
