/**
 * `npm test`: installs what is missing and runs the tests of all packages, examples and documentation.
 * What follows `npm test --` goes to vitest: a part of a file's path, `-t 'part of a name'`, `--changed`, `--watch`.
 */
import { rmSync } from 'node:fs'
import { ensureInstalled, nodeBinary } from './lib/install.mjs'
import { main } from './lib/main.mjs'
import { readReport, reportFile, skippedTests } from './lib/report.mjs'
import { inRoot } from './lib/root.mjs'
import { run } from './lib/run.mjs'
import { services } from './lib/services.mjs'
import { ensureStudio } from './lib/studio.mjs'

await main(async () => {
  const given = process.argv.slice(2)
  await ensureInstalled()
  const studio = await studioBuilt()
  rmSync(reportFile, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  const code = await run(nodeBinary(), [
    inRoot('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...reporters,
    ...given,
  ])
  tellSkipped()
  return code || (studio ? 0 : 1)
})

/** A Studio that does not build fails the run, but only after the tests have told what they have to tell. */
async function studioBuilt() {
  try {
    await ensureStudio()
    return true
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return false
  }
}

function tellSkipped() {
  const report = readReport()
  const names = report ? skippedTests(report) : []
  if (names.length === 0) return
  console.error(`Skipped:\n${names.map((name) => `  ${name}`).join('\n')}`)
  for (const { name, found, advice } of services())
    if (!found) console.error(`${name} was not found: ${advice}.`)
}
