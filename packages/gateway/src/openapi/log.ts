import { reference } from './json-schema.ts'
import {
  allTenantsParameter,
  asParameter,
  atParameter,
  noBranch,
  onBranchParameter,
  headerParameter,
  ifNoneMatch,
  json,
  knownParameter,
  limitParameter,
  notModified,
  notYet,
  ofTenant,
  type Operation,
  pathParameter,
  positionSchema,
  problem,
  queryParameter,
  revisionTag,
  tenantParameter,
} from './parts.ts'

const afterRevision = queryParameter('after', 'Revisions above this one.', { ...positionSchema, default: 0 })
const streamName = pathParameter('stream', 'The stream’s name, <aggregate>-<id>, percent-encoded.')
const eventId = pathParameter('id', 'Percent-encoded.')

const followDescription = `With \`Accept: text/event-stream\` the answer is the log as it goes on, as server-sent events: of each event its \
position (\`id\`), its type (\`event\`) and its envelope (\`data\`), beginning after \`Last-Event-ID\`, else after \`after\`. To go on \
after a cut, send the last id that arrived as \`Last-Event-ID\`: nothing is lost or repeated. \`limit\` does not apply. Comments \
come every 15 s; a client that takes nothing for long is dropped.`

/** Streams, the log, events and what belongs together. */
export const logPaths: Record<string, Record<string, Operation>> = {
  '/events': {
    get: {
      operationId: 'readEvents',
      tags: ['log'],
      summary: 'A page of the log, or the log as it goes on.',
      description: followDescription,
      parameters: [
        queryParameter('after', 'Positions above this one.', { ...positionSchema, default: 0 }),
        limitParameter('events'),
        {
          ...queryParameter('types', 'Only events of these types, separated by commas.', {
            type: 'array',
            items: { type: 'string' },
          }),
          style: 'form',
          explode: false,
        },
        allTenantsParameter,
        headerParameter(
          'Last-Event-ID',
          'The last position that arrived; beats `after`. Only for the event stream.',
          positionSchema,
        ),
        asParameter,
        tenantParameter,
        onBranchParameter,
      ],
      responses: {
        ...ofTenant,
        '200': {
          description: 'A page, go on after `scannedTo`; or the event stream.',
          content: {
            'application/json': { schema: reference('LogPage') },
            'text/event-stream': { schema: { type: 'string' } },
          },
        },
        '409': problem('The log ends before the position to go on after: it is another history.', [
          'log.diverged',
        ]),
        '404': noBranch,
      },
    },
  },
  '/events/{id}': {
    get: {
      operationId: 'readEvent',
      tags: ['log'],
      summary: 'An event by its id.',
      parameters: [eventId, asParameter, tenantParameter, onBranchParameter],
      responses: {
        ...ofTenant,
        '200': json('The event.', reference('AnyEvent')),
        '404': problem('There is no such event.', ['branch.unknown', 'event.not-found']),
      },
    },
  },
  '/trace/{id}': {
    get: {
      operationId: 'trace',
      tags: ['log'],
      summary:
        'All events and commands of one correlation, by the id of an event, a command or the correlation.',
      description:
        'An event’s `causationId` is the id of the command that made it; that of a command which a subscription sent is the event’s.',
      parameters: [eventId, tenantParameter, onBranchParameter],
      responses: {
        ...ofTenant,
        '200': json('What belongs together.', reference('Trace')),
        '404': problem('Nothing has this id.', ['branch.unknown', 'event.not-found']),
      },
    },
  },
  '/streams': {
    get: {
      operationId: 'listStreams',
      tags: ['log'],
      summary: 'Streams by the start of their name.',
      parameters: [
        queryParameter('prefix', 'What names begin with.', { type: 'string' }),
        queryParameter('cursor', 'From the page before.', { type: 'string' }),
        limitParameter('streams'),
        tenantParameter,
        onBranchParameter,
      ],
      responses: {
        ...ofTenant,
        '200': json('A page; `cursor` is null on the last one.', reference('StreamList')),
        '404': noBranch,
      },
    },
  },
  '/streams/{stream}': {
    get: {
      operationId: 'readStream',
      tags: ['log'],
      summary: 'A page of a stream’s events.',
      parameters: [
        streamName,
        afterRevision,
        limitParameter('events'),
        atParameter,
        knownParameter,
        asParameter,
        ifNoneMatch,
        tenantParameter,
        onBranchParameter,
      ],
      responses: {
        ...ofTenant,
        '200': json(
          'Its events; fewer than `limit`: there are no more.',
          reference('StreamPage'),
          revisionTag,
        ),
        '304': notModified,
        '404': problem('The stream has no events.', ['branch.unknown', 'stream.not-found']),
        '409': notYet,
      },
    },
  },
  '/streams/{stream}/history': {
    get: {
      operationId: 'readHistory',
      tags: ['log'],
      summary: 'A stream’s events with the state after each, and what each changed in it.',
      parameters: [
        streamName,
        afterRevision,
        limitParameter('events'),
        atParameter,
        knownParameter,
        tenantParameter,
        onBranchParameter,
      ],
      responses: {
        ...ofTenant,
        '200': json('Its events and states.', reference('History'), revisionTag),
        '404': problem('The stream has no events.', ['branch.unknown', 'stream.not-found']),
        '409': notYet,
      },
    },
  },
  '/streams/{stream}/state': {
    get: {
      operationId: 'readState',
      tags: ['log'],
      summary: 'An aggregate’s state, now or as of a moment: the fold of its stream.',
      parameters: [streamName, atParameter, knownParameter, ifNoneMatch, tenantParameter, onBranchParameter],
      responses: {
        ...ofTenant,
        '200': json('The state and the revision that it is of.', reference('State'), revisionTag),
        '304': notModified,
        '404': problem('The stream has no events.', ['branch.unknown', 'stream.not-found']),
        '409': notYet,
      },
    },
  },
}
