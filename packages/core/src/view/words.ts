/**
 * How text is searched, the same on every store: the words of a document are made when it is written, those of a search
 * when it is asked, both here, and a store only compares them.
 *
 * - Letters, digits and the marks on them make words; everything else stands between words.
 * - Case, accents and compatibility forms don't count: `Åse`, `ASE` and `ａｓｅ` are one word; so are `Straße` and `STRASSE`.
 * - Scripts that put no space between words (Chinese, Japanese, Thai and their like) are taken character by character.
 */

/** Letters of which no decomposition takes the stroke or the ligature away. */
const plain: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  // The lower case of Σ depends on where in a word it stands.
  ς: 'σ',
  // Of the capital ẞ, which is its own upper case; that of ß is SS.
  ß: 'ss',
}
const unplain = new RegExp(`[${Object.keys(plain).join('')}]`, 'g')

/**
 * Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. Other marks are vowels, without which words differ;
 * so is the iota below a Greek vowel, which capitals write beside it.
 */
const accents =
  /[\u0300-\u0344\u0346-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]/g

const unspaced =
  '[[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}]&&[\\p{L}\\p{N}]]'
const word = new RegExp(`${unspaced}\\p{M}*|[[\\p{L}\\p{N}\\p{M}]--${unspaced}]+`, 'gv')
const isPlainAscii = /^[\0-\x7f]*$/
const asciiWord = /[a-z0-9]+/g

/** Words are compared up to so many UTF-16 units: a text without spaces is no key of an index. */
const longestWord = 64

/** The words of a text, in its order. */
export function wordsOf(text: string): readonly string[] {
  // Most text is ASCII, for which all that follows comes to this.
  const words = isPlainAscii.test(text) ? text.toLowerCase().match(asciiWord) : alike(text).match(word)
  return words?.map(shortened) ?? []
}

function alike(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(accents, '')
      // Through capitals, where ß and ﬀ are written out and small letters with two forms meet.
      .toUpperCase()
      .toLowerCase()
      .normalize('NFKD')
      .replace(accents, '')
      .replace(unplain, (letter) => plain[letter] ?? letter)
      .normalize('NFC')
  )
}

function shortened(found: string): string {
  return found.length <= longestWord ? found : found.slice(0, longestWord).toWellFormed()
}

/**
 * All words of the parts of a document that paths lead to: of texts and numbers, of whatever is in an object or a list at
 * the end of a path or on the way. `$key` is its key.
 *
 * @returns each word once, with a space between them, as `DocumentWrite.words` has them
 */
export function searchableWords(paths: readonly string[], key: string, document: unknown): string {
  const words = new Set<string>()
  for (const path of paths) {
    if (path === '$key') addWords(words, key)
    else collect(words, document, path.split('.'), 0)
  }
  return [...words].join(' ')
}

function collect(words: Set<string>, value: unknown, path: readonly string[], depth: number): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(words, item, path, depth)
    return
  }
  const name = path[depth]
  if (typeof value === 'object' && value !== null) {
    if (name === undefined) for (const inner of Object.values(value)) collect(words, inner, path, depth)
    else if (Object.hasOwn(value, name)) collect(words, Reflect.get(value, name), path, depth + 1)
    return
  }
  if (name !== undefined) return
  if (typeof value === 'string') addWords(words, value)
  else if (typeof value === 'number' || typeof value === 'bigint') addWords(words, String(value))
}

function addWords(words: Set<string>, text: string): void {
  for (const found of wordsOf(text)) words.add(found)
}
