/** A file that is longer holds more than one thing. */
export const longestFile = 400

/** @type {{ rule: string, pattern: RegExp, only?: RegExp }[]} */
const forbidden = [
  { rule: 'a type that is switched off', pattern: /\bas any\b|\bas unknown as\b|@ts-nocheck/ },
  {
    rule: 'an error that is swallowed',
    pattern: /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}|\.catch\(\s*\(\)\s*=>\s*(?:\{\s*\}|undefined|null)\s*\)/,
  },
  { rule: 'work left for later', pattern: /\b(?:TODO|FIXME|HACK|XXX)\b/ },
  {
    rule: 'a test that does not run',
    pattern: /\b(?:it|test|describe)\.(?:skip|only|todo)\b/,
    only: /\.test\.tsx?$/,
  },
]

/** This file and its test are made of what they forbid. */
const about = /(?:^|\/)source-rules(?:\.test)?\.m?[jt]s$/

/**
 * @param {string} path
 * @param {string} text
 * @returns {string[]} each as `path:line: rule`
 */
export function violations(path, text) {
  const lines = text.split('\n')
  const length = text.endsWith('\n') ? lines.length - 1 : lines.length
  const tooLong = length > longestFile ? [`${path}:${length}: longer than ${longestFile} lines`] : []
  if (about.test(path)) return tooLong
  return tooLong.concat(
    forbidden
      .filter(({ only }) => only?.test(path) ?? true)
      .flatMap(({ rule, pattern }) => matches(text, pattern).map((line) => `${path}:${line}: ${rule}`)),
  )
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 * @returns {number[]} the lines at which it is found; it may go over several
 */
function matches(text, pattern) {
  return [...text.matchAll(new RegExp(pattern, 'g'))].map(
    ({ index }) => text.slice(0, index).split('\n').length,
  )
}
