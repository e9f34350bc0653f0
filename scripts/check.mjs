/** `npm run check`: format, lint, directions, rules of the house and types. `npm run check -- lint types`: only these. */
import { benchInstalled, benchTypes, checks } from './lib/checks.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { main } from './lib/main.mjs'
import { runSteps } from './lib/steps.mjs'

await main(async () => {
  const wanted = process.argv.slice(2)
  const all = benchInstalled() ? [...checks, benchTypes] : checks
  const unknown = wanted.filter((name) => !all.some((check) => check.name === name))
  if (unknown.length > 0)
    throw new Error(
      `No such check: ${unknown.join(', ')}. There are ${all.map(({ name }) => name).join(', ')}`,
    )
  await ensureInstalled()
  const { failed } = await runSteps(
    wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name)),
  )
  return failed === 0 ? 0 : 1
})
