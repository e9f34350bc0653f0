/**
 * Widths of the printable characters of ASCII in Helvetica, in thousandths of the font size (Adobe's font metrics), from
 * the space on. There is no browser to ask while a drawing is made.
 */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]

/** What is not ASCII is taken to be as wide as the widest letters. */
const widest = 1_000

/** Other fonts than Helvetica are up to so much wider: DejaVu and Verdana are. */
const allowance = 1.16

/** How wide a text is at most, in pixels. */
export function widthOf(text: string, size: number): number {
  let thousandths = 0
  for (const character of text) thousandths += widths[(character.codePointAt(0) ?? 0) - 32] ?? widest
  return (thousandths / 1_000) * size * allowance
}

/** A text in XML, in elements and in attributes. Characters that XML has no way to write are left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
