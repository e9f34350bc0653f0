import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { type Answer, request, type Served } from './serve.ts'

interface Parameter {
  readonly name: string
  readonly in: 'query' | 'header' | 'path'
  readonly required?: boolean
  readonly style?: string
  readonly explode?: boolean
  readonly schema: object
}

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>
  readonly headers?: Readonly<Record<string, object>>
}

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, Described>>
}

export interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

export interface Call {
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** A client that knows nothing but the document: it builds requests from it, and holds every answer against it. */
export interface DescribedClient {
  readonly document: Document
  readonly operations: readonly string[]
  call(operationId: string, call?: Call): Promise<Answer>
}

export async function describedClient(served: Served): Promise<DescribedClient> {
  const document: Document = JSON.parse((await request(served, 'GET', '/openapi.json')).body)
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(document, 'document')
  const operations = new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [operation.operationId, { path, method, operation }] as const,
      ),
    ),
  )

  function validator(at: readonly string[]): ValidateFunction {
    const pointer = at.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).map(encodeURIComponent)
    return ajv.compile({ $ref: `document#/${pointer.join('/')}` })
  }

  function check(answer: Answer, at: readonly string[], responses: Operation['responses']): void {
    const status = String(answer.status)
    const described = responses[status]
    if (described === undefined)
      throw new Error(`${at.join(' ')} answers ${status}, which is not described: ${answer.body}`)
    for (const name of Object.keys(described.headers ?? {})) {
      if (status < '300' && answer.headers[name.toLowerCase()] === undefined)
        throw new Error(`${at.join(' ')} has no ${name}`)
    }
    if (described.content === undefined) return
    const type = String(answer.headers['content-type']).split(';')[0] ?? ''
    if (!(type in described.content))
      throw new Error(`${at.join(' ')} answers ${type}, which is not described`)
    if (!type.endsWith('json')) return
    const validate = validator([...at, 'responses', status, 'content', type, 'schema'])
    if (!validate(answer.json()))
      throw new Error(`${at.join(' ')} ${status}: ${ajv.errorsText(validate.errors)}: ${answer.body}`)
  }

  return {
    document,
    operations: [...operations.keys()],
    call: async (operationId, { parameters = {}, body } = {}) => {
      const found = operations.get(operationId)
      if (found === undefined) throw new Error(`No operation ${operationId} is described`)
      const { path, method, operation } = found
      let url = path
      const query: string[] = []
      const headers: Record<string, string> = {}
      for (const [name, value] of Object.entries(parameters)) {
        const described = operation.parameters?.find((parameter) => parameter.name === name)
        if (described === undefined) throw new Error(`${operationId} describes no parameter ${name}`)
        if (described.in === 'path') url = url.replace(`{${name}}`, encodeURIComponent(String(value)))
        else if (described.in === 'header') headers[name.toLowerCase()] = String(value)
        else query.push(...inQuery(described, value))
      }
      if (body !== undefined) headers['content-type'] = 'application/json'
      const answer = await request(
        served,
        method.toUpperCase() as Parameters<typeof request>[1],
        query.length > 0 ? `${url}?${query.join('&')}` : url,
        {
          headers,
          ...(body !== undefined && { payload: JSON.stringify(body) }),
        },
      )
      check(answer, ['paths', path, method], operation.responses)
      return answer
    },
  }
}

/** A query parameter as its style says; `deepObject` at any depth, as common serializers write it. */
function inQuery({ name, style, explode = true }: Parameter, value: unknown): string[] {
  const pair = (key: string, item: unknown): string =>
    `${encodeURIComponent(key)}=${encodeURIComponent(String(item))}`
  if (style !== 'deepObject') {
    if (!Array.isArray(value)) return [pair(name, value)]
    return explode ? value.map((item) => pair(name, item)) : [pair(name, value.join(','))]
  }
  const deep = (key: string, inner: unknown): string[] =>
    typeof inner === 'object' && inner !== null
      ? Object.entries(inner).flatMap(([part, item]) => deep(`${key}[${part}]`, item))
      : [pair(key, inner)]
  return deep(name, value)
}
