import { list, object, reference, type Schema } from './json-schema.ts'
import {
  allTenantsParameter,
  always,
  branchParameter,
  forbidden,
  json,
  limitParameter,
  ofTenant,
  type Operation,
  pathParameter,
  positionSchema,
  problem,
  queryParameter,
  tenantParameter,
} from './parts.ts'

const text: Schema = { type: 'string', minLength: 1 }
const why: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 1_000,
  description: 'Recorded with who did it.',
}
const name = pathParameter('name', 'The processor’s name.')
const sequence = queryParameter('sequence', 'The key by which it waits: a stream, or a view’s key.', text)
const required = { ...sequence, required: true }
const position = pathParameter('position', 'The event’s position.')
const after = queryParameter('after', 'Positions above this one.', positionSchema)

const unknown = problem('There is no such processor.', ['processor.unknown'])
const notParked = problem('There is no such processor, or it has not parked that.', [
  'processor.not-parked',
  'processor.unknown',
])
const summary = json('How it is doing.', reference('ProcessorSummary'))
const detail = json('The parked event.', reference('ParkedEventDetail'))

function body(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): object {
  const isOptional = Object.keys(properties).every((one) => optional.includes(one))
  return { required: !isOptional, content: { 'application/json': { schema: object(properties, optional) } } }
}

function act(
  operationId: string,
  summaryText: string,
  what: Partial<Operation> & Pick<Operation, 'responses'>,
): Operation {
  return {
    operationId,
    tags: ['operation'],
    summary: summaryText,
    parameters: [name, tenantParameter, branchParameter],
    ...what,
    responses: { ...ofTenant, ...what.responses },
  }
}

function divide(what: 'split' | 'merge', summaryText: string): Record<string, Operation> {
  const partition: Schema = { type: 'integer', minimum: 0, maximum: 65_535, description: 'Its first slot.' }
  return {
    post: act(`${what}Processor`, summaryText, {
      requestBody: body({ partition, why }, ['partition', 'why']),
      responses: {
        '200': summary,
        '400': problem('There is nothing to do that to.', [
          'request.malformed',
          'processor.invalid-partitions',
        ]),
        '404': unknown,
        '409': problem('It never ran.', ['processor.never-began']),
      },
    }),
  }
}

const moment: Schema = { anyOf: [positionSchema, { type: 'string', format: 'date-time' }] }
const id = pathParameter('id', 'The job.')
const job = json('The job.', reference('Reprocessing'))
const noJob = problem('There is no such processor, or no such job.', [
  'processor.job-unknown',
  'processor.unknown',
])

/** Jobs that handle old events once more. */
const reprocessingPaths: Record<string, Record<string, Operation>> = {
  '/processors/{name}/reprocessing': {
    get: act('listReprocessing', 'Jobs that handle old events once more, ended ones included.', {
      responses: {
        '200': json('The jobs.', object({ jobs: list(reference('Reprocessing')) })),
        '404': unknown,
      },
    }),
    post: act('reprocess', 'Handle old events once more, with all effects, as a job of its own.', {
      requestBody: body({ from: moment, to: moment, why }, ['to']),
      responses: {
        '202': job,
        '400': problem('There are no such events.', ['request.malformed', 'processor.invalid-range']),
        '404': unknown,
        '409': problem('It is a view, which is rebuilt.', ['processor.is-view']),
      },
    }),
  },
  '/processors/{name}/reprocessing/{id}': {
    get: act('readReprocessing', 'How far a job is.', {
      parameters: [name, id, tenantParameter, branchParameter],
      responses: { '200': job, '404': noJob },
    }),
    delete: act('cancelReprocessing', 'End a job where it is; what was done is done.', {
      parameters: [name, id, tenantParameter, branchParameter],
      responses: { '200': job, '404': noJob },
    }),
  },
}

const retried = json('How many sequences were asked for.', object({ asked: { type: 'integer' } }))
const dropped = json('How many events were dropped.', object({ dropped: { type: 'integer' } }))

/** What operators do with processors, and with what they had to leave aside. */
export const processorPaths: Record<string, Record<string, Operation>> = {
  '/processors/{name}': {
    get: {
      operationId: 'showProcessor',
      tags: ['operation'],
      summary: 'How a view or a subscription is doing.',
      parameters: [name, branchParameter],
      responses: { ...always, '200': summary, '404': unknown },
    },
  },
  '/processors/{name}/pause': {
    post: act('pauseProcessor', 'Let it finish what it handles, and stand still until it is resumed.', {
      requestBody: body({ why }, ['why']),
      responses: { '200': summary, '404': unknown },
    }),
  },
  '/processors/{name}/resume': {
    post: act('resumeProcessor', 'Let it go on.', {
      requestBody: body({ why }, ['why']),
      responses: { '200': summary, '404': unknown },
    }),
  },
  '/processors/{name}/reset': {
    post: act('resetProcessor', 'Send a subscription to another place in the log.', {
      requestBody: body(
        {
          to: {
            anyOf: [positionSchema, { type: 'string' }],
            description: '`beginning`, `end`, or the position or ISO 8601 time of the first event to handle.',
          },
          repeatEffects: { type: 'boolean', description: 'Events that were handled are handled again.' },
          why,
        },
        ['repeatEffects'],
      ),
      responses: {
        '200': summary,
        '404': unknown,
        '409': problem('It can not be reset so.', [
          'processor.is-view',
          'processor.never-began',
          'processor.repeats-effects',
        ]),
      },
    }),
  },
  '/processors/{name}/split': divide('split', 'Divide a partition in two, while others go on.'),
  '/processors/{name}/merge': divide('merge', 'Join a partition with the one behind it.'),
  ...reprocessingPaths,
  '/processors/{name}/results': {
    get: act('processorResults', 'What became of events, where the checkpoint does not tell.', {
      parameters: [
        name,
        after,
        limitParameter('results'),
        allTenantsParameter,
        tenantParameter,
        branchParameter,
      ],
      responses: {
        '200': json('In the order of positions.', object({ results: list(reference('ProcessingResult')) })),
        '404': unknown,
      },
    }),
  },
  '/processors/{name}/acts': {
    get: act('processorActs', 'What operators did, the last first.', {
      parameters: [
        name,
        queryParameter('before', 'Those before this one.', positionSchema),
        limitParameter('acts'),
        tenantParameter,
        branchParameter,
      ],
      responses: {
        '200': json('The acts.', object({ acts: list(reference('OperatorAct')) })),
        '404': unknown,
      },
    }),
  },
  '/processors/{name}/parked': {
    get: act('listParked', 'Events that could not be processed, and those that wait behind them.', {
      parameters: [
        name,
        sequence,
        after,
        limitParameter('events'),
        allTenantsParameter,
        tenantParameter,
        branchParameter,
      ],
      responses: {
        '200': json('In the order of positions.', object({ events: list(reference('ParkedEvent')) })),
        '404': unknown,
      },
    }),
  },
  '/processors/{name}/parked/sequences': {
    get: act('listParkedSequences', 'The keys that wait, each on its first event.', {
      parameters: [name, limitParameter('sequences'), allTenantsParameter, tenantParameter, branchParameter],
      responses: {
        '200': json('The sequences.', object({ sequences: list(reference('ParkedSequence')) })),
        '404': unknown,
      },
    }),
  },
  '/processors/{name}/parked/{position}': {
    get: act('showParked', 'A parked event: what it says, and why it could not be processed.', {
      parameters: [name, position, required, tenantParameter, branchParameter],
      responses: { '200': detail, '404': notParked },
    }),
    put: act('editParked', 'Give a parked event other data, for this processor only.', {
      parameters: [name, position, required, tenantParameter, branchParameter],
      requestBody: body({ data: {}, why }),
      responses: {
        '200': detail,
        '404': notParked,
        '409': problem('It was changed meanwhile.', ['processor.conflict']),
      },
    }),
  },
  '/processors/{name}/parked/retry': {
    post: act('retryParked', 'Have one sequence, or all, tried again from its first event on.', {
      requestBody: body({ sequence: text, allTenants: { type: 'boolean' }, why }, [
        'sequence',
        'allTenants',
        'why',
      ]),
      responses: { '202': retried, '403': forbidden, '404': unknown },
    }),
  },
  '/processors/{name}/parked/drop': {
    post: act('dropParked', 'Take one parked event away, or all of its sequence that are there now.', {
      requestBody: body({ sequence: text, position: positionSchema, why }, ['position']),
      responses: { '200': dropped, '404': notParked },
    }),
  },
  '/events/{id}/results': {
    get: {
      operationId: 'readEventResults',
      tags: ['log'],
      summary: 'What processing made of an event: by whom, when, with which result, how often tried.',
      parameters: [pathParameter('id', 'The event.'), tenantParameter, branchParameter],
      responses: {
        ...ofTenant,
        '200': json('The results.', object({ results: list(reference('ProcessingResult')) })),
        '404': problem('There is no such event.', ['event.not-found']),
      },
    },
  },
}
