import { join } from 'node:path'
import { createGateway } from '@headwater/gateway'
import { memoryStore, openStore } from '@headwater/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import club from './support/club/app.ts'
import { clubApp, runHere } from './support/in-process.ts'
import { temporaryFolder } from './support/headwater.ts'

type Run = (...line: string[]) => ReturnType<typeof runHere>

async function withDatabase(): Promise<Run> {
  const db = join(await temporaryFolder(), 'club.db')
  const run: Run = (...line) => runHere([...line, '--app', clubApp, '--db', db])
  await run('send', 'Join', '{"memberId":"0","name":"Zoe"}')
  return run
}

async function withServer(): Promise<Run> {
  const headwater = await openStore(club, memoryStore())
  const gateway = createGateway(headwater, { allowAnonymous: true })
  const { url } = await gateway.listen()
  onTestFinished(async () => {
    await gateway.close()
    await headwater.close()
  })
  return (...line) => runHere([...line, '--url', url])
}

describe.each([
  ['a database', withDatabase],
  ['a server', withServer],
])('headwater query, of %s,', (_, opened) => {
  it('takes its input by fields, each as the schema wants it', async () => {
    const run = await opened()
    await run('send', 'Join', '{"memberId":"1","name":"Ada Lovelace"}')
    await run('send', 'Join', '{"memberId":"2","name":"Adam"}')
    const fields = ['--start-of-name', 'ADA', '--limit=1', '--tag', 'x', '--tag', '7', '--loud']
    const asked = await run('query', 'FindMembers', ...fields, '--json')
    expect(asked).toEqual({
      code: 0,
      stderr: '',
      stdout: '{"names":["Ada Lovelace"],"tag":["x","7"],"loud":true,"actor":null}\n',
    })
    const quiet = await run('query', 'FindMembers', '--startOfName', 'adam', '--no-loud', '--json')
    expect(JSON.parse(quiet.stdout)).toMatchObject({ names: ['Adam'], loud: false })
  })

  it('takes its input as JSON', async () => {
    const run = await opened()
    const asked = await run('query', 'FindMembers', '{"startOfName":"x","limit":2}')
    expect(JSON.parse(asked.stdout)).toEqual({ names: [], actor: null })
  })

  it('lists queries with what they take', async () => {
    const run = await opened()
    const { stdout } = await run('query')
    expect(stdout).toMatch(
      /FindMembers +startOfName \[limit\] \[tag\] \[loud\] +club +Members by their names\./,
    )
    expect(JSON.parse((await run('query', '--json')).stdout).queries).toHaveLength(2)
  })

  it.each([
    ['a field that it has not', ['FindMembers', '--start-of-nam', 'x'], 2, 'Did you mean --startOfName?'],
    ['input in two ways', ['FindMembers', '{}', '--limit', '3'], 2, 'Give it one way.'],
    ['input that is invalid', ['FindMembers', '--limit', 'x'], 3, 'startOfName'],
    ['a name that there is not', ['FindMember', '--start-of-name', 'x'], 5, 'query.unknown'],
    ['a query that has no answer', ['Nothing'], 5, 'query.not-found'],
  ])('refuses %s', async (_name, line, code, says) => {
    const run = await opened()
    const refused = await run('query', ...line)
    expect(refused).toMatchObject({ code, stdout: '' })
    expect(refused.stderr).toContain(says)
  })
})

it('headwater query asks as whom the command line names, of a database only', async () => {
  const [local, remote] = [await withDatabase(), await withServer()]
  const line = ['query', 'FindMembers', '--start-of-name', 'x', '--actor', 'ada', '--json']
  expect(JSON.parse((await local(...line)).stdout)).toMatchObject({ actor: 'ada' })
  expect(await remote(...line)).toMatchObject({ code: 2, stdout: '' })
})

it('headwater view searches', async () => {
  const run = await withDatabase()
  await run('send', 'Join', '{"memberId":"1","name":"Ada Lovelace"}')
  await run('send', 'Join', '{"memberId":"2","name":"Alan Turing"}')
  expect((await run('view', 'show', 'members', '--search', 'ada l')).stdout).toMatch(
    /^key +name\n1 +Ada Lovelace\n$/,
  )
  const nothing = await run('view', 'show', 'members', '--search', 'nobody')
  expect(nothing).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('no such documents') })
})
