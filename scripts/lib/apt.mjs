import { run } from './run.mjs'

/** Debian's packages, without questions. @param {string[]} args @returns {Promise<number>} an exit code */
export async function aptGet(args) {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive']
  const [command = 'apt-get', ...rest] = [...sudo, 'apt-get', '--quiet', ...args]
  const code = await run(command, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
  if (code !== 0) console.error(`apt-get ${args[0]} ended with exit code ${code}`)
  return code
}
