/**
 * `npm run soak -- --minutes 30 --seed 7 --store sqlite`: several processes write, read and process one database, are killed
 * and frozen at random, and what they saw is checked. What else follows goes to packages/conformance/src/soak/main.ts.
 */
import { parseArgs } from 'node:util'
import { ensureInstalled } from './lib/install.mjs'
import { main } from './lib/main.mjs'
import { soakStore, soakStores } from './lib/soak.mjs'

await main(async () => {
  const { values } = parseArgs({
    options: {
      store: { type: 'string', default: 'sqlite' },
      minutes: { type: 'string', default: '1' },
      processes: { type: 'string', default: '4' },
      seed: { type: 'string', default: Date.now().toString(36) },
      folder: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const { store, ...options } = values
  if (!(store in soakStores)) {
    console.error(`There is no store ${store}: ${Object.keys(soakStores).join(', ')}`)
    return 2
  }
  await ensureInstalled()
  return soakStore(store, options)
})
