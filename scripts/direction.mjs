/** Checks the directions of imports that .dependency-cruiser.cjs lays down, and prints those that go against them. */
import { createRequire } from 'node:module'
import { cruise } from 'dependency-cruiser'
import { main } from './lib/main.mjs'
import { root } from './lib/root.mjs'

await main(async () => {
  const baseDir = process.argv[2] ?? root
  const { modules, violations } = await check(baseDir)
  for (const { rule, from, to, comment } of violations) {
    console.error(`${from} → ${to}\n  ${rule}${comment ? `: ${comment}` : ''}`)
  }
  console.error(`${violations.length} imports in the wrong direction, ${modules} files read`)
  return violations.length === 0 && modules > 0 ? 0 : 1
})

/** @param {string} baseDir the folder that holds packages/ and examples/ */
async function check(baseDir) {
  /** @type {import('dependency-cruiser').IConfiguration} */
  const configuration = createRequire(import.meta.url)('../.dependency-cruiser.cjs')
  const { options = {}, ...ruleSet } = configuration
  const { output } = await cruise(['packages', 'examples'], { ...options, baseDir, validate: true, ruleSet })
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered with text: ${output}`)
  const comments = new Map(ruleSet.forbidden?.map(({ name, comment }) => [name, comment]))
  return {
    modules: output.modules.filter(({ source }) => /\.tsx?$/.test(source)).length,
    violations: output.summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      from,
      to: cycle ? cycle.map(({ name }) => name).join(' → ') : to,
      comment: comments.get(rule.name),
    })),
  }
}
