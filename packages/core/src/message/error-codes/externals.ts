import type { ErrorExplanation } from './explanation.ts'

/** Of calls to the outside. */
export const externalCodes = {
  'external.blocked': {
    what: 'A call to the outside was not made: this is a replay, a branch or a process that may not reach out, and no answer to it is journaled.',
    remedy:
      'Look at what is blocked (headwater external list): code that now asks for something else than it did then finds no answer. To reach out again for old events, reprocess them.',
  },
  'external.call-unknown': {
    what: 'The journal of externals has no call of this number.',
    remedy: 'Check the number and the tenant; calls of externals with keepFor are forgotten in time.',
  },
  'external.failed': {
    what: 'A call to the outside threw, in every attempt.',
    remedy:
      'The message quotes what it threw. Send the command again: the call is repeated with the same idempotency key. What code can foresee, such as a declined card, belongs into the answer.',
  },
  'external.invalid-answer': {
    what: 'What the outside gave does not match the schema of the answer, or would not come back from the journal as it is.',
    remedy:
      'Correct the schema, or let call give what it describes; an answer is plain JSON: no dates, maps or class instances.',
  },
  'external.invalid-request': {
    what: 'The request to an external does not match its schema.',
    remedy: 'Each issue holds the path of what is wrong.',
  },
  'external.out-of-place': {
    what: 'A decision asked for an answer from the outside where nothing can wait for one.',
    remedy:
      'Let a command decide, or repository.aggregate(id, work); with load and save, get the answer first and hand it to the method.',
  },
  'external.timeout': {
    what: 'A call to the outside had no answer within its time limit, in every attempt.',
    remedy: 'Try again later, or raise the timeLimit of the external.',
  },
  'external.too-large': {
    what: 'A request to the outside, or its answer, is longer than what is journaled, and so could not be replayed.',
    remedy:
      'Let the schema of the answer name only what is needed: the rest is not journaled. Or raise longest.',
  },
  'external.unknown': {
    what: 'This app names no external of this name.',
    remedy: 'Add it to the externals of a context or the app: externals: [exchangeRate].',
  },
} as const satisfies Record<string, ErrorExplanation>
