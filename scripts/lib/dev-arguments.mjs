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
