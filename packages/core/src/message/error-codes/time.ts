import type { ErrorExplanation } from './explanation.ts'

/** Of the past: reading it, and going through it. */
export const timeCodes = {
  'debug.invalid': {
    what: 'A debugging session was asked for through streams and a correlation at once, or through too many streams.',
    remedy: 'Go through up to 100 streams, or through a correlation, or through the log by types.',
  },
  'debug.too-many': {
    what: 'This server has as many debugging sessions as it keeps.',
    remedy: 'End one (DELETE /debug/{id}), or wait until one that nobody uses is forgotten.',
  },
  'debug.unknown': {
    what: 'There is no debugging session of this id, or it was forgotten as nobody used it.',
    remedy: 'Begin another one; `from` begins it at the same position.',
  },
  'forecast.invalid': {
    what: 'A forecast was asked for in a way that makes none: no such method, period, season or level, or too many periods.',
    remedy: 'The message says which option it is; longer periods, or a later `from`, make fewer of them.',
  },
  'forecast.not-numeric': {
    what: 'The field that is to be forecast is no number in one of the documents.',
    remedy:
      'Name the path of a number that all documents of the view have, such as `revenue` or `stock.pieces`.',
  },
  'forecast.too-large': {
    what: 'The documents at the ends of all periods are more than are held at once.',
    remedy: 'Forecast one document by its key, take longer periods, or a view with fewer documents.',
  },
  'forecast.too-short': {
    what: 'There is too little past to learn from and to measure on how far the method is off.',
    remedy:
      'Take shorter periods, a shorter season, or a method that needs less: the message says how much this one needs.',
  },
  'predict.invalid': {
    what: 'The times of what is supposed to happen do not go forward.',
    remedy: 'Sort the commands by their times, and let `until` be later than all of them.',
  },
  'time.no-past': {
    what: 'Something was asked for as of a moment that is only kept as it is now: a memory image, or tables.',
    remedy: 'Read it from a view, a state or events, which have a past; or leave the moment out.',
  },
  'merge.conflict': {
    what: 'A branch and what it is merged into have both recorded something in the same streams, or decided commands of the same ids, since the branch began.',
    remedy:
      'Look at the plan, which shows both sides, and say for each stream what is to be: mine, theirs, or decided again.',
  },
  'merge.moved': {
    what: 'What a branch is merged into went on moving while it was merged.',
    remedy: 'Nothing was recorded. Merge again.',
  },
  'merge.refused': {
    what: 'The app doesn’t let this be merged by whoever asked for it.',
    remedy: 'The message says why; ask somebody who may.',
  },
  'merge.too-large': {
    what: 'A branch has recorded more than is merged at a time.',
    remedy: 'Name the commands that are to be merged, some at a time, or record it on main by importing it.',
  },
  'merge.unknown-step': {
    what: 'The branch has recorded nothing under an id that was to be merged.',
    remedy: 'The plan lists the ids of what can be merged.',
  },
  'replay.invalid': {
    what: 'A replay was asked for that is none: of neither facts nor decisions, or from no position.',
    remedy: 'Name the mode, `facts` or `decisions`; `from` is a position from 1 on.',
  },
  'replay.moved': {
    what: 'Somebody amended a branch while its decisions were replayed.',
    remedy: 'What was decided again by then stays. Replay again: it goes on from there.',
  },
  'replay.underway': {
    what: 'A branch is being replayed already.',
    remedy: 'Wait until that is done; then replaying again finds what is left, if anything is.',
  },
  'time.not-yet': {
    what: 'The log doesn’t go as far as the position as of which something was asked for.',
    remedy:
      'Ask as of a position that is recorded, or leave the moment out for what is so now: what is answered as of a position never changes.',
  },
  'time.too-large': {
    what: 'All documents of a view as of a moment are more than are held at once to be filtered and sorted.',
    remedy: 'Read them one by one, by their keys: that takes no more memory for more of them.',
  },
} as const satisfies Record<string, ErrorExplanation>
