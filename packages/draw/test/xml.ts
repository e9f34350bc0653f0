/** What is wrong with a document of elements, attributes and text; nothing if it is well-formed. */
export function wellFormed(document: string): string {
  const open: string[] = []
  let at = 0
  for (const match of document.matchAll(/<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<&]*")*)(\/?)>/g)) {
    const between = document.slice(at, match.index)
    if (/[<>]|&(?!#\d+;)/.test(between)) return `text: ${between}`
    at = match.index + match[0].length
    const [, isEnd, name = '', , isEmpty] = match
    if (isEnd === '/' && open.pop() !== name) return `</${name}> at ${match.index}`
    if (isEnd === '' && isEmpty === '') open.push(name)
  }
  return open.length > 0 ? `${open.join(', ')} is not closed` : document.slice(at).trim()
}

/** The texts of a drawing. */
export function textsOf(drawing: string): string[] {
  return [...drawing.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text)
}
