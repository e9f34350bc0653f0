import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { describedClient } from './support/described.ts'
import { follow } from './support/follow.ts'
import { listen, serve } from './support/serve.ts'

/** The paths of the tree that Fastify prints: each level is indented by four characters. */
function pathsOf(tree: string): string[] {
  const above: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, indentation = '', part = '', methods] = /^([│├└─ ]*)(\/\S*)( \()?/.exec(line) ?? []
    if (part === '') return []
    const depth = indentation.length / 4
    above[depth] = (above[depth - 1] ?? '') + part
    return methods === undefined ? [] : [above[depth]]
  })
}

describe('/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const { document } = await describedClient(await serve())
    const validator = new Validator()
    const result = await validator.validate({ ...structuredClone(document) })
    expect(result.errors).toBeUndefined()
    expect(result.valid).toBe(true)
    expect(validator.version).toBe('3.1')
  })

  it('holds schemas that all compile, with references that all lead somewhere', async () => {
    const { document } = await describedClient(await serve())
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    ajv.addSchema(document, 'document')
    for (const name of Object.keys(document.components.schemas)) {
      expect([name, typeof ajv.compile({ $ref: `document#/components/schemas/${name}` })]).toEqual([
        name,
        'function',
      ])
    }
  })

  it('has one path per command type, with its very own schema', async () => {
    const { document } = await describedClient(await serve())
    const commands = Object.keys(document.paths).filter((path) => path.startsWith('/commands/'))
    expect(commands).toEqual(
      ['Increment', 'Note', 'Reset', 'Explode', 'Assemble', 'Overflow'].map((name) => `/commands/${name}`),
    )
    expect(document.components.schemas['Command.Increment']).toMatchObject({
      type: 'object',
      required: ['counterId'],
      properties: { counterId: { type: 'string', minLength: 1 }, by: { type: 'integer', default: 1 } },
    })
  })

  it('leads recursive schemas to where they are now', async () => {
    const { document } = await describedClient(await serve())
    const text = JSON.stringify(document)
    expect(text).toContain('#/components/schemas/Command.Assemble')
    expect(text).not.toContain('#/$defs')
    expect(text).not.toContain('$schema')
  })

  it('describes every route that there is', async () => {
    const served = await serve()
    const { document } = await describedClient(served)
    const described = new Set(
      Object.keys(document.paths).map((path) =>
        path
          .replace(/^\/commands\/.+/, '/commands/{type}')
          .replace(/^\/queries\/.+/, '/queries/{name}')
          .replace(/^\/views\/[^/{]+/, '/views/{name}')
          .replaceAll(/\{(\w+)\}/g, ':$1'),
      ),
    )
    const paths = pathsOf(served.gateway.fastify.printRoutes({ commonPrefix: false }))
    expect(paths.length).toBeGreaterThan(15)
    expect([...described].sort()).toEqual([...new Set(paths)].sort())
  })
})

describe('a client that only reads the document', () => {
  it('can send commands and read what they did, and every answer is as described', async () => {
    const client = await describedClient(await serve())
    const first = await client.call('Increment', {
      parameters: { 'Idempotency-Key': 'c-1', 'If-Match': '"0"', 'correlation-id': 'story' },
      body: { counterId: 'a', by: 60 },
    })
    const { position, stream } = first.json()
    const document = await client.call('get.totals', {
      parameters: { key: 'a', waitFor: position, timeout: 2_000 },
    })
    expect(document.json()).toMatchObject({ key: 'a', doc: { total: 60 } })
    const found = await client.call('list.totals', {
      parameters: {
        filter: { big: true, total: { gte: 60, lt: 61 }, name: 'a' },
        sort: '-total',
        limit: 1,
        waitFor: position,
      },
    })
    expect(found.json()['items']).toEqual([document.json()])
    expect(
      (await client.call('readStream', { parameters: { stream, after: 0 } })).json()['events'],
    ).toHaveLength(1)
    expect((await client.call('readHistory', { parameters: { stream } })).json()['items']).toHaveLength(1)
    expect(
      (await client.call('readEvents', { parameters: { types: ['Incremented', 'Noted'] } })).json()['events'],
    ).toHaveLength(1)
    expect((await client.call('readEvent', { parameters: { id: 'c-1.1' } })).json()).toMatchObject({
      correlationId: 'story',
    })
    expect((await client.call('trace', { parameters: { id: 'story' } })).json()).toMatchObject({
      correlationId: 'story',
    })
    expect(
      (await client.call('listStreams', { parameters: { prefix: 'counter' } })).json()['items'],
    ).toHaveLength(1)
    for (const operation of [
      'listCommands',
      'listProcessors',
      'listExternals',
      'listViews',
      'readCatalog',
      'readOpenApi',
      'isAlive',
      'readMetrics',
      'readErrorReference',
    ]) {
      expect([operation, (await client.call(operation)).status]).toEqual([operation, 200])
    }
    await expect.poll(async () => (await client.call('isReady')).status).toBe(200)
  })

  it('is told of everything that can go wrong', async () => {
    const client = await describedClient(await serve({ onError: () => undefined }))
    const statuses = async (
      operation: string,
      parameters: Record<string, unknown>,
      body?: unknown,
    ): Promise<unknown> => {
      const answer = await client.call(operation, { parameters, body })
      return [answer.status, answer.json()['code']]
    }
    await client.call('Increment', {
      parameters: { 'Idempotency-Key': 'once' },
      body: { counterId: 'a', by: 99 },
    })
    expect(await statuses('Increment', {}, { counterId: 7 })).toEqual([400, 'command.invalid'])
    expect(await statuses('Increment', { 'If-Match': 'x' }, { counterId: 'a' })).toEqual([
      400,
      'request.malformed',
    ])
    expect(await statuses('Increment', { 'If-Match': '"9"' }, { counterId: 'a' })).toEqual([
      412,
      'command.revision-mismatch',
    ])
    expect(await statuses('Increment', { 'Idempotency-Key': 'once' }, { counterId: 'a' })).toEqual([
      422,
      'command.id-reused',
    ])
    expect(await statuses('Increment', {}, { counterId: 'a', by: 2 })).toEqual([422, 'too-high'])
    expect(await statuses('Increment', {})).toEqual([415, 'request.unsupported-media-type'])
    expect(await statuses('Note', {}, { counterId: 'a', note: 'x'.repeat(2_000_000) })).toEqual([
      413,
      'request.too-large',
    ])
    expect(await statuses('Reset', {}, { counterId: 'a' })).toEqual([403, 'command.forbidden'])
    expect(await statuses('Explode', {}, { counterId: 'a' })).toEqual([500, 'command.failed'])
    expect(await statuses('get.totals', { key: 'none' })).toEqual([404, 'view.not-found'])
    expect(await statuses('get.totals', { key: 'a', waitFor: 99, timeout: 0 })).toEqual([
      504,
      'view.wait-timeout',
    ])
    expect(await statuses('list.totals', { cursor: 'x' })).toEqual([400, 'view.invalid-query'])
    expect(await statuses('readStream', { stream: 'none' })).toEqual([404, 'stream.not-found'])
    expect(await statuses('readEvent', { id: 'none' })).toEqual([404, 'event.not-found'])
    expect(await statuses('trace', { id: 'none' })).toEqual([404, 'event.not-found'])
    expect(await statuses('readEvents', { limit: 0 })).toEqual([400, 'request.malformed'])
    expect(await statuses('readEvents', { branch: 'other' })).toEqual([404, 'branch.unknown'])
  })

  it('can follow the log as described', async () => {
    const served = await listen()
    const { document } = await describedClient(served)
    const operation = document.paths['/events']?.['get']
    expect(operation?.responses['200']?.content).toHaveProperty('text/event-stream')
    expect(operation?.parameters?.map(({ name }) => name)).toContain('Last-Event-ID')
    const client = await follow(served.url)
    await served.headwater.executeRaw('Increment', { counterId: 'a' })
    await client.until(1)
    expect(client.ids).toEqual([1])
  })
})
