#!/usr/bin/env node
// The command `headwater`. It starts on any Node from 18 on and sees to it that the command line itself runs on
// one that can: on an older Node better-sqlite3 ends the process without a word.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { constants } from 'node:os'
import { dirname, join, sep } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const sourceCondition = '--conditions=@headwater/source'
const secondAttempt = 'HEADWATER_STARTED_BY_LAUNCHER'

const cli = findCli()
const flags = missingFlags(cli)

if (cli.entry === undefined) {
  fail(
    `${cli.folder} holds neither sources nor a build. In a checkout: npm install; otherwise install headwater again.`,
  )
} else if (nodeWillDo() && flags.length === 0) {
  delete process.env[secondAttempt]
  // What was compiled, and stripped of its types, in an earlier start needn't be again. Older ones of Node can't.
  nodeModule.enableCompileCache?.()
  await import(pathToFileURL(cli.entry).href)
} else {
  const node = process.env[secondAttempt] ? undefined : nodeWillDo() ? process.execPath : findNode()
  if (node) startAgain(node, flags)
  else fail(advice())
}

/**
 * In a checkout the command runs from its sources. Once installed it has to run from the build, because Node
 * strips no types below node_modules.
 */
function findCli() {
  const require = nodeModule.createRequire(import.meta.url)
  const folder = dirname(realpathSync(require.resolve('@headwater/cli/package.json')))
  const source = join(folder, 'src', 'main.ts')
  if (!folder.includes(`${sep}node_modules${sep}`) && existsSync(source)) {
    return { folder, entry: source, fromSource: true }
  }
  const built = join(folder, 'dist', 'main.js')
  return { folder, entry: existsSync(built) ? built : undefined, fromSource: false }
}

/** better-sqlite3 needs Node-API 10: Node 22.14, or 24. */
function nodeWillDo() {
  return Number(process.versions.napi) >= 10
}

/** @param {{ fromSource: boolean }} cli */
function missingFlags({ fromSource }) {
  const given = `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`
  const condition = fromSource && !/(--conditions|-C)[= ]@headwater\/source/.test(given)
  // An app is TypeScript as it stands; Node 22 before 22.18 strips its types only when told to.
  const strip = !process.features.typescript && nodeWillDo() && !given.includes('--experimental-strip-types')
  return [...(condition ? [sourceCondition] : []), ...(strip ? ['--experimental-strip-types'] : [])]
}

/** The Node that a project can install as a package, looked for beside headwater and in the project at hand. */
function findNode() {
  const executable = process.platform === 'win32' ? 'node.exe' : 'node'
  for (const start of [fileURLToPath(import.meta.url), join(process.cwd(), 'package.json')]) {
    for (const folder of nodeModule.createRequire(start).resolve.paths('node') ?? []) {
      const candidate = join(folder, 'node', 'bin', executable)
      if (existsSync(candidate)) return candidate
    }
  }
  return undefined
}

/** @param {string} node @param {string[]} flags */
function startAgain(node, flags) {
  const args = [...process.execArgv, ...flags, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  const child = spawn(node, args, { stdio: 'inherit', env: { ...process.env, [secondAttempt]: '1' } })
  // On a terminal Ctrl-C reaches the child as well; passed on, it would come twice and mean "at once".
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !onTerminal) child.kill(signal)
    })
  }
  child.once('error', (error) => fail(`${node} could not be started: ${error.message}`))
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)))
}

function advice() {
  return [
    `headwater needs Node 22.14 or newer; this is ${process.version} (${process.execPath}).`,
    'Either install a newer one (https://nodejs.org), or give the project one of its own, which headwater then uses:',
    '  npm install --save-dev node@24',
  ].join('\n')
}

/** @param {string} message */
function fail(message) {
  console.error(message)
  process.exitCode = 1
}
