import { mostLooks, mostSupposed } from '../predictions.ts'
import { list, object, type Schema } from './json-schema.ts'
import { difference } from './merging.ts'
import { always, json, ofTenant, type Operation, problem, tenantParameter } from './parts.ts'

const text: Schema = { type: 'string', minLength: 1, maxLength: 512 }
const time: Schema = { type: 'string', format: 'date-time' }
const count: Schema = { type: 'integer', minimum: 0 }

const command = object(
  {
    type: text,
    data: { description: 'As its schema takes it.' },
    at: {
      ...time,
      description: 'When it is sent, not before the one before it. Default: when that one was.',
    },
    id: { type: 'string', minLength: 1, maxLength: 200 },
    expectedRevision: count,
  },
  ['data', 'at', 'id', 'expectedRevision'],
)

const look: Schema = {
  anyOf: [
    object({ view: text, key: { ...text, description: 'Default: the first 1,000 documents.' } }, ['key']),
    object({ stream: text }),
    object({ query: text, input: {} }, ['input']),
  ],
}

const outcome = object(
  {
    status: { enum: ['accepted', 'rejected'] },
    commandId: { type: 'string' },
    stream: { type: 'string' },
    revision: count,
    position: { type: ['integer', 'null'], description: 'On the branch on which it was tried.' },
    events: list(
      object({ id: { type: 'string' }, type: { type: 'string' }, revision: count, position: count }),
    ),
    reason: object({ code: { type: 'string' }, message: { type: 'string' }, data: {} }, ['message', 'data']),
  },
  ['reason'],
)

/** `/predict`. */
export const predictionPaths: Record<string, Record<string, Operation>> = {
  '/predict': {
    post: {
      operationId: 'predict',
      tags: ['log'],
      summary: 'What would happen if these commands were sent and time went by. Nothing is left of it.',
      parameters: [tenantParameter],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: object(
              {
                from: { ...text, description: 'The branch on which it begins. Default: main.' },
                at: {
                  description: 'A position, or a time up to which what was recorded counts. Default: now.',
                  anyOf: [count, time],
                },
                commands: { type: 'array', items: command, maxItems: mostSupposed },
                until: { ...time, description: 'The clock is moved on to this time in the end.' },
                look: {
                  type: 'array',
                  items: look,
                  maxItems: mostLooks,
                  description: 'What is read of what has come of it: documents, states, answers to queries.',
                },
              },
              ['from', 'at', 'commands', 'until', 'look'],
            ),
          },
        },
      },
      responses: {
        ...always,
        ...ofTenant,
        '200': json(
          'What the commands came to, what differs, what time it was, and what was looked at, in their order.',
          object({ outcomes: list(outcome), diff: difference, now: time, seen: { type: 'array' } }),
        ),
        '400': problem('It is not understood.', [
          'branch.invalid',
          'command.invalid',
          'predict.invalid',
          'query.invalid',
          'request.malformed',
          'request.unsupported',
          'stream.invalid-name',
          'tenant.invalid-name',
          'tenant.required',
        ]),
        '403': problem('The sender may not do it, or not reach this tenant.', [
          'command.forbidden',
          'query.forbidden',
          'tenant.forbidden',
        ]),
        '404': problem('There is no such branch, command, view or query.', [
          'branch.unknown',
          'command.unknown',
          'query.unknown',
          'view.unknown',
        ]),
        '409': problem('It can’t begin there, or a call to the outside that a command needs is not made.', [
          'external.blocked',
          'time.not-yet',
        ]),
        '412': problem('A stream is at another revision than a command expects.', [
          'command.revision-mismatch',
        ]),
        '413': problem('The body is too large.', ['request.too-large']),
        '415': problem('The body is not JSON in UTF-8.', ['request.unsupported-media-type']),
        '422': problem('It is not there on a branch, or two commands have one id.', [
          'branch.main-only',
          'command.id-reused',
        ]),
      },
    },
  },
}
