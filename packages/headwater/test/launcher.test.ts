import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const launcher = fileURLToPath(new URL('../bin/headwater.js', import.meta.url))
const reports = `
console.log(JSON.stringify({ args: process.argv.slice(2), flags: process.execArgv.filter((flag) => flag.includes('conditions')) }))
`
/** Makes this Node pass for one that is too old, except in a process that the launcher started. */
const old = `--import=data:text/javascript,${encodeURIComponent(`
  if (!process.env.HEADWATER_STARTED_BY_LAUNCHER) {
    Object.defineProperty(process, 'versions', { value: { ...process.versions, napi: '9' } })
  }
`)}`

let project: string

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'headwater-launcher-'))
})
afterEach(() => rm(project, { recursive: true, force: true }))

describe('headwater as a project installs it', () => {
  beforeEach(async () => {
    await write('node_modules/headwater/package.json', '{ "type": "module" }')
    await copyFile(launcher, join(project, 'node_modules/headwater/bin.js'))
    await write('node_modules/@headwater/cli/package.json', '{ "type": "module" }')
    await write('node_modules/@headwater/cli/src/main.ts', 'throw new Error("Node strips no types here")')
    await write('node_modules/@headwater/cli/dist/main.js', reports)
  })

  it('runs the build with the arguments it was given', async () => {
    const { code, output } = await headwater([], ['read', '--json'])
    expect(JSON.parse(output)).toEqual({ args: ['read', '--json'], flags: [] })
    expect(code).toBe(0)
  })

  it('goes over to the Node of the project when its own is too old', async () => {
    await installNode()
    const { code, output } = await headwater([old], ['doctor'])
    expect(JSON.parse(output)).toMatchObject({ args: ['doctor'] })
    expect(code).toBe(0)
  })

  it('says what to do when its own is too old and there is no other', async () => {
    const { code, errors } = await headwater([old], [])
    expect(errors).toContain('headwater needs Node 22.14 or newer; this is v')
    expect(errors).toContain('npm install --save-dev node@24')
    expect(code).toBe(1)
  })

  it('passes the exit code on', async () => {
    await installNode()
    await write('node_modules/@headwater/cli/dist/main.js', 'process.exitCode = 7')
    expect(await headwater([old], [])).toMatchObject({ code: 7 })
  })

  it('passes signals on and waits for the end they bring about', async () => {
    await installNode()
    await write(
      'node_modules/@headwater/cli/dist/main.js',
      "process.on('SIGTERM', () => { console.log('stopped'); process.exit(3) }); console.log('running'); setInterval(() => {}, 1000)",
    )
    const running = start([old], [])
    await once(running.child.stdout, 'data')
    running.child.kill('SIGTERM')
    expect(await running.ended).toMatchObject({ code: 3, output: 'running\nstopped\n' })
  })
})

describe('headwater in a checkout', () => {
  it('runs the sources, under the condition by which packages find each other', async () => {
    await write('packages/headwater/package.json', '{ "type": "module" }')
    await copyFile(launcher, join(project, 'packages/headwater/bin.js'))
    await write('packages/cli/package.json', '{ "type": "module" }')
    await write('packages/cli/src/main.ts', `const typed: number = 1\nvoid typed\n${reports}`)
    await mkdir(join(project, 'node_modules/@headwater'), { recursive: true })
    await symlink(join(project, 'packages/cli'), join(project, 'node_modules/@headwater/cli'), 'junction')
    await symlink(join(project, 'packages/headwater'), join(project, 'node_modules/headwater'), 'junction')
    const { code, output } = await headwater([], ['dev', 'app.ts'])
    expect(JSON.parse(output)).toEqual({ args: ['dev', 'app.ts'], flags: ['--conditions=@headwater/source'] })
    expect(code).toBe(0)
  })
})

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, path)), { recursive: true })
  await writeFile(join(project, path), text)
}

async function installNode(): Promise<void> {
  await mkdir(join(project, 'node_modules/node/bin'), { recursive: true })
  await symlink(process.execPath, join(project, 'node_modules/node/bin/node'))
}

function headwater(flags: string[], args: string[]) {
  return start(flags, args).ended
}

function start(flags: string[], args: string[]) {
  const child = spawn(process.execPath, [...flags, join(project, 'node_modules/headwater/bin.js'), ...args], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (errors += chunk))
  const ended = once(child, 'close').then(([code]) => ({ code: Number(code), output, errors }))
  return { child, ended }
}
