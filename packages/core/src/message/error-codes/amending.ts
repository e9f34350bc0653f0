import type { ErrorExplanation } from './explanation.ts'

/** Of amendments. */
export const amendingCodes = {
  'amendment.invalid': {
    what: 'What was to be amended can’t be: an amendment itself, an event of another tenant, a stream without events.',
    remedy:
      'Name the event by its id. To take back an amendment, restore the event that it is about; to take back an inserted event, omit that one.',
  },
  'amendment.unfoldable': {
    what: 'The aggregate could not fold the history that the amendment would leave; nothing was recorded.',
    remedy:
      'The cause says at which event; amend that one too, in the same call, or mend the aggregate’s evolve.',
  },
  'revert.lacking': {
    what: 'Events that would have to be taken back don’t say how; nothing was recorded.',
    remedy:
      'The details list their types: add them to `reverse` of their aggregates, or amend the events instead.',
  },
  'revert.moved': {
    what: 'A stream went on since the reversal was planned; what was not taken back yet stays as it is.',
    remedy: 'Plan again, and look at what has come.',
  },
  'revert.too-many': {
    what: 'More events would have to be taken back than at once.',
    remedy: 'Revert to a later event first, and go on from there.',
  },
} as const satisfies Record<string, ErrorExplanation>
