import { errorPage } from '../options.ts'
import { object, reference } from './json-schema.ts'
import {
  always,
  branchParameter,
  contentTag,
  ifNoneMatch,
  json,
  notModified,
  ofTenant,
  type Operation,
  pathParameter,
  problem,
  queryParameter,
  tenantParameter,
} from './parts.ts'

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
const readiness = object({ status: { type: 'string' }, roles: { type: 'array', items: { type: 'string' } } })

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
  '/rules': {
    get: {
      operationId: 'listRules',
      tags: ['operation'],
      summary: 'Dated rules: their entries, and which of them is in force.',
      parameters: [
        queryParameter('at', 'In force at this time, ISO 8601; default: now.', { type: 'string' }),
        branchParameter,
      ],
      responses: { ...always, '200': json('The rules.', reference('RuleList')) },
    },
  },
  '/snapshots': {
    get: {
      operationId: 'listSnapshots',
      tags: ['operation'],
      summary: 'Aggregates that keep snapshots: what became of them since this process began.',
      parameters: [branchParameter],
      responses: { ...always, '200': json('The aggregates.', reference('SnapshotList')) },
    },
  },
  '/images': {
    get: {
      operationId: 'listImages',
      tags: ['operation'],
      summary: 'Memory images of this process: how far they are, what they began with, what stopped them.',
      parameters: [branchParameter],
      responses: { ...always, '200': json('The images.', reference('ImageList')) },
    },
  },
  '/catalog': document(
    'readCatalog',
    'The app as its code describes it: contexts, commands, events, views, subscriptions, rules.',
  ),
  '/catalog/machines/{name}': {
    get: {
      operationId: 'drawMachine',
      tags: ['operation'],
      summary: 'A state machine as a drawing, with the state highlighted that something is in.',
      parameters: [
        pathParameter('name', 'The name of an aggregate that is a state machine.'),
        queryParameter('format', 'SVG, a Mermaid state diagram, or the config of an XState 5 machine.', {
          enum: ['svg', 'mermaid', 'xstate'],
          default: 'svg',
        }),
        queryParameter('state', 'The path of a state to highlight.', { type: 'string' }),
        queryParameter('id', 'Highlight the state that the aggregate of this id is in.', { type: 'string' }),
        ifNoneMatch,
        tenantParameter,
        branchParameter,
      ],
      responses: {
        ...ofTenant,
        '200': {
          description: 'The drawing.',
          headers: contentTag,
          content: {
            'image/svg+xml': { schema: { type: 'string' } },
            'text/plain': { schema: { type: 'string' } },
            'application/json': { schema: { type: 'object' } },
          },
        },
        '304': notModified,
        '404': problem('There is no such machine.', ['aggregate.unknown']),
      },
    },
  },
  '/catalog/flow': {
    get: {
      operationId: 'drawFlow',
      tags: ['operation'],
      summary: 'The flow from commands over aggregates and events to what reacts, as a Mermaid flowchart.',
      parameters: [
        queryParameter('aggregate', 'Only what concerns this one.', { type: 'string' }),
        ifNoneMatch,
        branchParameter,
      ],
      responses: {
        ...always,
        '200': {
          description: 'The flowchart.',
          headers: contentTag,
          content: { 'text/plain': { schema: { type: 'string' } } },
        },
        '304': notModified,
        '404': problem('There is no such aggregate.', ['aggregate.unknown']),
      },
    },
  },
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
        '200': json('They should; `roles` says what this process does.', readiness),
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
