import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { root } from './root.mjs'

/**
 * @typedef {object} Options
 * @property {NodeJS.ProcessEnv} [env] added to the environment
 * @property {string} [cwd] instead of the repository's top folder
 * @property {boolean} [shell]
 * @property {number} [timeLimit] in milliseconds, after which the program is ended
 */

/**
 * Starts a program on this terminal and waits for its end. While it runs, signals to this process are passed on to
 * it, and it is the program that decides when to go.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Options} [options]
 * @returns {Promise<number>} its exit code; 128 + the signal's number if a signal ended it
 */
export function run(command, args, { cwd = root, env, shell = false, timeLimit } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: 'inherit',
      shell,
      env: { ...process.env, ...env },
    })
    const stopForwarding = forwardSignals(child)
    const stopWatching = timeLimit ? endAfter(child, timeLimit) : () => {}
    child.once('error', (error) => {
      stopForwarding()
      stopWatching()
      reject(new Error(`${command} could not be started: ${error.message}`, { cause: error }))
    })
    child.once('exit', (code, signal) => {
      stopForwarding()
      stopWatching()
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}

/**
 * Ctrl-C on a terminal already reaches every process of the group, the child included. Passing it on as well
 * would tell the child twice, and many programs take the second one as "at once".
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function forwardSignals(child) {
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    if (signal !== 'SIGINT' || !onTerminal) child.kill(signal)
  }
  for (const signal of signals) process.on(signal, forward)
  const watch = watchShell(() => child.kill('SIGTERM'))
  return () => {
    clearInterval(watch)
    for (const signal of signals) process.removeListener(signal, forward)
  }
}

/**
 * npm runs a script in a shell and passes signals to that shell, which dies of them and leaves the script behind.
 * So below npm the end of the parent is taken for the signal that it was.
 *
 * @param {() => void} ended
 */
function watchShell(ended) {
  const shell = process.ppid
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const watch = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(watch)
    ended()
  }, 500)
  return watch.unref()
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} timeLimit in milliseconds
 */
function endAfter(child, timeLimit) {
  const timers = [
    setTimeout(() => {
      console.error(`No end after ${timeLimit / 1000} s: ending it`)
      child.kill('SIGTERM')
    }, timeLimit),
    setTimeout(() => child.kill('SIGKILL'), timeLimit + 10_000),
  ]
  return () => timers.forEach(clearTimeout)
}

/**
 * Runs npm: the one that runs this script if there is one, otherwise the one on the path.
 *
 * @param {string[]} args
 * @param {Options} [options]
 */
export function npm(args, options) {
  const running = process.env.npm_execpath
  if (running?.endsWith('.js')) return run(process.execPath, [running, ...args], options)
  // npm is a .cmd on Windows, which only a shell can start.
  return run('npm', args, { ...options, shell: process.platform === 'win32' })
}
