/**
 * `npm start`: the shop example with demo traffic and Studio, from a fresh clone on.
 * Plain JavaScript without dependencies, because it starts with whatever Node there is and nothing installed.
 */
import { devArguments, suggestionFor } from './lib/dev-arguments.mjs'
import { ensureInstalled, nodeBinary } from './lib/install.mjs'
import { main } from './lib/main.mjs'
import { inRoot, sourceCondition } from './lib/root.mjs'
import { run } from './lib/run.mjs'
import { ensureStudio } from './lib/studio.mjs'

await main(async () => {
  const args = devArguments(process.argv.slice(2))
  await ensureInstalled()
  await ensureStudio()
  console.error(
    `Starting: headwater ${args.join(' ')}   (other arguments: npm start -- --port 5000 --no-traffic)`,
  )
  const suggestion = suggestionFor(args)
  if (suggestion !== undefined) console.error(suggestion)
  return run(nodeBinary(), [sourceCondition, inRoot('packages', 'headwater', 'bin', 'headwater.js'), ...args])
})
