import type { ErrorExplanation } from './explanation.ts'

/** Of what stands around an app: the command line, HTTP, imports, the runtime. */
export const accessCodes = {
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
  'cli.install-failed': {
    what: 'What the new app needs could not be installed.',
    remedy: 'npm’s own messages say why; the files are there: run npm install in the folder again.',
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
  'request.failed': {
    what: 'The server failed to handle the request.',
    remedy:
      'The server’s log holds the error under the request’s id; commands may be sent again with the same id.',
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
} as const satisfies Record<string, ErrorExplanation>
