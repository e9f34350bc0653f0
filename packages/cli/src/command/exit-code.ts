/** What the process tells the shell. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  conflict: 4,
  notFound: 5,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** For the help: code and meaning. */
export const exitCodeMeanings: readonly (readonly [number, string])[] = [
  [exitCodes.ok, 'done'],
  [exitCodes.failed, 'failed: the reason is on stderr'],
  [exitCodes.usage, 'the command line is wrong; nothing was done'],
  [exitCodes.refused, 'the app refused it: a rejected command, invalid data, refused lines of an import'],
  [exitCodes.conflict, 'the stream is not at the expected revision, or a branch conflicts with main'],
  [exitCodes.notFound, 'there is no such stream, view, document or file'],
  [exitCodes.interrupted, 'interrupted'],
]
