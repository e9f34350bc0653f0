/**
 * What follows `npm start --` goes to `headwater dev`. Without an app of the caller's it is the shop, with
 * traffic unless that is turned off.
 *
 * @param {string[]} given
 */
export function devArguments(given) {
  const ownApp = given[0] !== undefined && !given[0].startsWith('-')
  const saysTraffic = given.some((argument) => /^--(no-)?traffic\b/.test(argument))
  const defaults = ownApp ? [] : saysTraffic ? ['examples/shop'] : ['examples/shop', '--traffic']
  return ['dev', ...defaults, ...given]
}

/**
 * What to try next, for who looks at the shop for the first time.
 *
 * @param {string[]} args as `devArguments` gives them
 */
export function suggestionFor(args) {
  if (args[1] !== 'examples/shop') return undefined
  return [
    'To try next: a price was wrong for a day. Correct the past, on a branch first:',
    '  docs/guides/correcting.md#a-price-that-was-wrong-for-a-day',
  ].join('\n')
}
