/** Rules of the house that no linter knows. Prints each place that breaks one. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { main } from './lib/main.mjs'
import { inRoot, root } from './lib/root.mjs'
import { longestFile, violations } from './lib/source-rules.mjs'

await main(async () => {
  // What git knows or would add: no list of our own of what to leave out.
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  })
  const files = String(listed)
    .split('\n')
    .filter((path) => /\.(?:[cm]?[jt]sx?|sql|css)$/.test(path) && existsSync(inRoot(path)))
  const found = files.flatMap((path) => violations(path, readFileSync(inRoot(path), 'utf8')))
  for (const violation of found) console.error(violation)
  console.error(
    `${found.length} places break a rule in ${files.length} files of at most ${longestFile} lines`,
  )
  return found.length === 0 && files.length > 0 ? 0 : 1
})
