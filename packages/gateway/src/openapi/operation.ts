import { errorPage } from '../options.ts'
import { reference } from './json-schema.ts'
import {
  always,
  branchParameter,
  contentTag,
  ifNoneMatch,
  json,
  notModified,
  type Operation,
  problem,
} from './parts.ts'
import { object } from './wire-schemas.ts'

function text(operationId: string, summary: string, type: string): Record<string, Operation> {
  return {
    get: {
      operationId,
      tags: ['operation'],
      summary,
      responses: {
        '200': { description: summary, content: { [type]: { schema: { type: 'string' } } } },
        '500': always['500'],
      },
    },
  }
}

function document(operationId: string, summary: string): Record<string, Operation> {
  return {
    get: {
      operationId,
      tags: ['operation'],
      summary,
      parameters: [ifNoneMatch, branchParameter],
      responses: { ...always, '200': json(summary, { type: 'object' }, contentTag), '304': notModified },
    },
  }
}

const health = object({ status: { type: 'string' } })

/** What operators and tools ask for. */
export const operationPaths: Record<string, Record<string, Operation>> = {
  '/processors': {
    get: {
      operationId: 'listProcessors',
      tags: ['operation'],
      summary: 'Views and subscriptions that run here: how far they are, what is parked, what stopped them.',
      parameters: [branchParameter],
      responses: { ...always, '200': json('The processors.', reference('ProcessorList')) },
    },
  },
  '/catalog': document(
    'readCatalog',
    'The app as its code describes it: contexts, commands, events, views, subscriptions.',
  ),
  '/openapi.json': document('readOpenApi', 'This document.'),
  '/livez': {
    get: {
      operationId: 'isAlive',
      tags: ['operation'],
      summary: 'Whether the process answers.',
      responses: { '200': json('It does.', health) },
    },
  },
  '/readyz': {
    get: {
      operationId: 'isReady',
      tags: ['operation'],
      summary: 'Whether requests should be sent here: the store answers and every processor runs.',
      responses: {
        '200': json('They should.', health),
        '503': problem('They should not; `reasons` (strings) says why.', ['gateway.not-ready']),
      },
    },
  },
  '/metrics': text('readMetrics', 'Metrics in the text format of Prometheus.', 'text/plain'),
  [errorPage]: text(
    'readErrorReference',
    'The page that problems point to: every code, what it means, what to do.',
    'text/html',
  ),
}
