import type { ErrorExplanation } from './explanation.ts'

/** Of an app’s definition, its commands, events, queries and rules. */
export const decidingCodes = {
  'aggregate.unknown': {
    what: 'The app has no aggregate of this name, or not of this class, or it is no state machine.',
    remedy: 'Check the name against the catalog; for a class, add aggregateOf(TheClass) to a context.',
  },
  'app.invalid': {
    what: 'The application definition contradicts itself.',
    remedy: 'Read the issues: each names the duplicate or missing part. Names are unique in an app.',
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
  'event.upcast-failed': {
    what: 'An upcaster threw, or gave nothing: a recorded event can not be brought to the current version.',
    remedy:
      'The details name the event and the step; mend the upcaster, and test it with the event as it was recorded (headwater export --as-recorded).',
  },
  'query.failed': {
    what: 'The handler of the query threw.',
    remedy: 'The cause holds the original error; what a handler can foresee belongs into its answer.',
  },
  'query.forbidden': {
    what: 'The actor may not ask this query.',
    remedy: 'Ask it as an actor that the query’s authorize function accepts.',
  },
  'query.invalid': {
    what: 'The query’s input does not match its schema.',
    remedy: 'Each issue holds the path of what is wrong.',
  },
  'query.invalid-answer': {
    what: 'What the handler of the query gave does not match the schema of its output.',
    remedy: 'Each issue holds the path of what is wrong; correct the handler or the schema.',
  },
  'query.not-found': {
    what: 'The query has no answer: its handler gave undefined.',
    remedy: 'Check what was asked for, or wait for the position of the event that makes it.',
  },
  'query.side-effect': {
    what: 'The handler of a query tried to change something.',
    remedy: 'Queries only read: send a command from where the query is asked.',
  },
  'query.timeout': {
    what: 'The query had no answer within its time limit, or nobody waited for it any more.',
    remedy: 'Ask for less, give the view an index, or raise the time limit of the query.',
  },
  'query.unknown': {
    what: 'No query of this name is defined.',
    remedy: 'Check the spelling against the catalog, or add the query to a context.',
  },
  'rule.not-in-force': {
    what: 'No entry of the dated rule is in force at the time that was asked for.',
    remedy: 'Check the time; if something applied then, add an entry to the rule.',
  },
  'rule.unknown': {
    what: 'A decision or a fold asked for a dated rule that its app does not name.',
    remedy: 'Add it to the rules of its context or app: rules: [salesTax].',
  },
  'schema.asynchronous': {
    what: 'A schema validates asynchronously, or throws.',
    remedy: 'Schemas of messages are synchronous; ask the outside world in a subscription, not in a schema.',
  },
  'tenant.forbidden': {
    what: 'The request is about a tenant that its sender may not reach, or about all of them.',
    remedy:
      'Ask as an identity of that tenant; where the gateway’s identify function names none, tenantHeader has to allow the header.',
  },
  'tenant.invalid-name': {
    what: 'This is no tenant’s name.',
    remedy:
      'Name tenants by letters, digits, dots, underscores, colons, dashes and @, beginning with a letter or digit, in at most 63 characters.',
  },
  'tenant.required': {
    what: 'The sender may reach several tenants, and the request does not say which it is about.',
    remedy: 'Send the header Headwater-Tenant with the name of one of them.',
  },
  'topic.invalid': {
    what: 'The message’s data does not match the schema of its topic.',
    remedy: 'Each issue holds the path of what is wrong.',
  },
  'xstate.unsupported': {
    what: 'The XState config has parts that no machine has here, or names what was not given.',
    remedy: 'Each issue holds the path of such a part and what takes its place.',
  },
} as const satisfies Record<string, ErrorExplanation>
