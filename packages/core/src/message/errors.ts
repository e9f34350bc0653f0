/**
 * Every error that Headwater raises on purpose, by its stable code: what happened, and what to do about it.
 * Codes are part of the public contract: they are never renamed, and each has a section in `docs/reference/errors.md`
 * (a test holds this list, those pages and the type together).
 */
export const errorCodes = {
  'app.invalid': {
    what: 'The application definition contradicts itself.',
    remedy: 'Read the issues: each names the duplicate or missing part. Names are unique in an app.',
  },
  'cli.app-not-found': {
    what: 'There is no app at this path.',
    remedy: 'Name a folder with an app.ts, or a file whose default export is an app.',
  },
  'cli.database-not-found': {
    what: 'There is no database at this path.',
    remedy: 'Name one with --db, or make it: headwater dev, headwater import.',
  },
  'cli.file-not-found': {
    what: 'A file that the command needs is not there or can not be read.',
    remedy: 'Check the path.',
  },
  'cli.port-in-use': {
    what: 'Another program listens on this port.',
    remedy: 'Stop it, or choose another port with --port.',
  },
  'cli.server-unreachable': {
    what: 'No server answers at this URL.',
    remedy: 'Start it (headwater dev, headwater serve), or check --url.',
  },
  'cli.usage': {
    what: 'The command line is wrong; nothing was done.',
    remedy: 'Ask the command for its help: headwater <command> --help.',
  },
  'codec.failed': {
    what: 'A payload could not be encoded or decoded.',
    remedy:
      'Payloads are JSON unless a codec is configured: no functions, cycles or BigInt. Open the log with the codec it was written with.',
  },
  'command.conflict': {
    what: 'The stream kept moving while the command was decided; every retry met a newer revision.',
    remedy: "Send the command again, or choose concurrency 'queue' or 'lock' for this aggregate.",
  },
  'command.failed': {
    what: 'The decision function threw.',
    remedy: 'Decisions reject with reject(code) and do not throw; the cause holds the original error.',
  },
  'command.forbidden': {
    what: 'The actor may not send this command.',
    remedy: 'Send it as an actor that the command’s authorize function accepts.',
  },
  'command.id-reused': {
    what: 'A command with this id was handled before, with another payload or actor.',
    remedy:
      'Use a new command id (Idempotency-Key) for a new intent; repeat the very same payload to get the stored answer.',
  },
  'command.invalid': {
    what: 'The command’s data does not match its schema.',
    remedy: 'Each issue holds the path of what is wrong.',
  },
  'command.revision-mismatch': {
    what: 'The stream is not at the revision that the sender expected.',
    remedy:
      'Read the stream again, decide whether the command still makes sense, and send it with the new revision.',
  },
  'command.unknown': {
    what: 'No aggregate of this app handles a command of this type.',
    remedy: 'Check the spelling against the catalog, or add the command to an aggregate.',
  },
  'event.invalid': {
    what: 'The event’s data does not match its schema.',
    remedy: 'Each issue holds the path of what is wrong.',
  },
  'event.newer-version': {
    what: 'The log holds an event of a newer schema version than this code knows.',
    remedy: 'Deploy the newer code here too; an older process leaves such events to it.',
  },
  'event.not-found': {
    what: 'There is no event with this id.',
    remedy: 'Check the id; events are never deleted, so it was never recorded in this log.',
  },
  'event.unknown': {
    what: 'No event type of this name is defined in this app.',
    remedy: 'Define it with event(name, schema) and add it to an aggregate, a view or the app’s events.',
  },
  'gateway.not-ready': {
    what: 'The server is up but can’t serve yet, or not any more.',
    remedy: 'The reasons name what is missing; send requests to another process meanwhile.',
  },
  'gateway.overloaded': {
    what: 'The server holds as many open event streams as it is allowed to.',
    remedy: 'Connect again later or to another process, or raise the limit where the gateway is started.',
  },
  'gateway.stopping': {
    what: 'The server is shutting down and takes no new requests.',
    remedy: 'Send the request again, to another process or after the restart; nothing was done.',
  },
  'gateway.unprotected': {
    what: 'In production the gateway does not listen beyond this machine without authentication.',
    remedy:
      'Listen on 127.0.0.1 behind a proxy that authenticates, give the gateway an actor function, or state allowAnonymous.',
  },
  'import.failed': {
    what: 'The import could not read its file or its map.',
    remedy: 'Check the file, and that the map’s default export is an importMap({ … }).',
  },
  'lock.timeout': {
    what: 'The lock on a stream was not free within its time limit.',
    remedy: 'Send the command again, raise the time limit, or look for the holder.',
  },
  'log.busy': {
    what: 'Another process held the database’s write lock for longer than the time limit.',
    remedy: 'Try again; if it persists, find the process that keeps a write transaction open.',
  },
  'log.closed': {
    what: 'The log was closed.',
    remedy: 'Open it again; close it only after the last use.',
  },
  'log.condition-failed': {
    what: 'Events that the append’s condition excludes have been recorded since the caller read.',
    remedy: 'Read again, decide again, and append with the new position.',
  },
  'log.conflict': {
    what: 'A stream is not at the expected revision.',
    remedy: 'Read the stream again and append with its current revision.',
  },
  'log.diverged': {
    what: 'This reader has gone further than the log, or along another history: the log was restored or failed over.',
    remedy: 'Reset the reader to a position both histories share, or rebuild it from the beginning.',
  },
  'log.document-conflict': {
    what: 'A document that the append wanted to write was changed by somebody else since it was read.',
    remedy: 'Read it again and append again; Headwater does so by itself for inline views.',
  },
  'log.format': {
    what: 'The database was made by another version of Headwater, or is not a Headwater log.',
    remedy: 'Open it with the version that made it, or name another file.',
  },
  'log.outcome-unknown': {
    what: 'The connection was lost while the append was being committed; it may or may not be recorded.',
    remedy: 'Send the command again with the same id: it has one effect either way.',
  },
  'log.overloaded': {
    what: 'More appends are waiting than the queue holds.',
    remedy: 'Slow down and send again later; nothing was recorded.',
  },
  'log.unavailable': {
    what: 'The database could not be opened, read or written.',
    remedy:
      'Check that its folder exists, that the disk has room and that this process may write there; the cause holds the database’s own words.',
  },
  'processor.fenced': {
    what: 'This process lost its lease, and another one works in its place.',
    remedy: 'Nothing needs to be done; the write was refused and the other process has the work.',
  },
  'request.failed': {
    what: 'The server failed to handle the request.',
    remedy:
      'The server’s log holds the error under the request’s id; commands may be sent again with the same id.',
  },
  'processor.failed': {
    what: 'A processor was stopped by an error that is none of Headwater’s own; it tries again every second.',
    remedy:
      'Its message says which; look for the cause where the processor’s view or subscription is defined.',
  },
  'processor.unknown': {
    what: 'There is no asynchronous view or subscription of this name.',
    remedy: 'Check the name against the catalog; inline and live views have no processor.',
  },
  'request.malformed': {
    what: 'The request is not well-formed.',
    remedy: 'Read the detail; /openapi.json describes every route.',
  },
  'request.method-not-allowed': {
    what: 'This address does not answer to this method.',
    remedy: 'The Allow header lists the methods that it answers to.',
  },
  'request.not-found': {
    what: 'There is nothing at this address.',
    remedy: '/openapi.json lists every route.',
  },
  'request.too-deep': {
    what: 'The request’s body is nested deeper than allowed.',
    remedy: 'Send flatter data, or raise the limit where the gateway is started.',
  },
  'request.too-large': {
    what: 'The request’s body is larger than allowed.',
    remedy: 'Send less, or raise the limit where the gateway is started.',
  },
  'request.unsupported': {
    what: 'The request asks for something that this version of Headwater does not do.',
    remedy: 'Leave the parameter out; /openapi.json describes what each route understands.',
  },
  'request.unsupported-media-type': {
    what: 'The body is not in a format that the route reads.',
    remedy: 'Send JSON in UTF-8, uncompressed, with Content-Type: application/json.',
  },
  'request.wrong-host': {
    what: 'The request names a host that this server does not answer for.',
    remedy: 'Use the address that the server printed, or list the name in the gateway’s allowedHosts.',
  },
  'runtime.unsupported': {
    what: 'This Node.js is too old for the embedded database.',
    remedy: 'Use Node.js 22.14 or newer.',
  },
  'schema.asynchronous': {
    what: 'A schema validates asynchronously.',
    remedy: 'Schemas of messages are synchronous; ask the outside world in a subscription, not in a schema.',
  },
  'store.unknown': {
    what: 'There is no store for a database of this kind.',
    remedy: "Give 'memory:' or the path of a SQLite file.",
  },
  'stream.invalid-name': {
    what: 'A stream’s name is empty, too long or holds control characters.',
    remedy: 'Name streams <aggregate>-<id>, of at most 512 characters.',
  },
  'stream.not-found': {
    what: 'The stream has no events.',
    remedy: 'Check its name: <aggregate>-<id>.',
  },
  'subscription.vetoed': {
    what: 'A subscription in the append’s transaction threw, so nothing was recorded.',
    remedy: 'The cause holds the subscription’s error.',
  },
  'view.invalid-query': {
    what: 'The query on the view is not understood.',
    remedy:
      'Filter and sort by paths of letters, digits, dots and underscores; use a cursor only with the query that gave it.',
  },
  'view.not-found': {
    what: 'The view has no document of this key.',
    remedy: 'Check the key, or wait for the position of the event that makes it.',
  },
  'view.unknown': {
    what: 'No view of this name is defined.',
    remedy: 'Check the spelling against the catalog.',
  },
  'view.wait-timeout': {
    what: 'The view did not reach the position within the time limit.',
    remedy: 'Ask again; if its lag does not shrink, look at the processors’ page.',
  },
} as const satisfies Record<string, { readonly what: string; readonly remedy: string }>

/** The stable code of an error. */
export type ErrorCode = keyof typeof errorCodes

/** What is wrong with one part of an input: `path` leads to it. */
export interface Issue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

export interface HeadwaterErrorOptions {
  readonly issues?: readonly Issue[]
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** An error with a stable `code`; `issues` name the faulty parts of an input, `details` what was compared. */
export class HeadwaterError extends Error {
  override readonly name = 'HeadwaterError'
  readonly code: ErrorCode
  readonly issues: readonly Issue[] | undefined
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, message: string, options: HeadwaterErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.issues = options.issues
    this.details = options.details
  }

  /** What to do about it, as the reference says. */
  get remedy(): string {
    return errorCodes[this.code].remedy
  }
}

/** Whether `error` is a HeadwaterError, of the given code if one is given. */
export function isHeadwaterError(error: unknown, code?: ErrorCode): error is HeadwaterError {
  return error instanceof HeadwaterError && (code === undefined || error.code === code)
}
