import type { ErrorExplanation } from './explanation.ts'

/** Of what is kept and worked on: the log, streams, views, processors, stores. */
export const keepingCodes = {
  'branch.has-branches': {
    what: 'Other branches begin on this one, and would lose their past.',
    remedy: 'Drop those first.',
  },
  'branch.invalid': {
    what: 'The name of the branch is none, or the place or time that it was given.',
    remedy:
      'Letters, digits, dots, dashes and underscores make a name; a place is a position or an ISO time.',
  },
  'branch.main-only': {
    what: 'What was asked for is not there on a branch: tables of users, memory images, versions of views.',
    remedy: 'Ask main for it, or keep in documents what is to be read on branches.',
  },
  'branch.taken': {
    what: 'There is a branch of this name already.',
    remedy: 'Choose another name, or drop that one first.',
  },
  'branch.unknown': {
    what: 'There is no branch of this name, or it was dropped meanwhile.',
    remedy: 'Look at the branches that there are: headwater branch list.',
  },
  'branch.unsupported': {
    what: 'The store keeps no branches.',
    remedy: 'Open the app on a store that does.',
  },
  'codec.failed': {
    what: 'A payload could not be encoded or decoded.',
    remedy:
      'Payloads are JSON unless a codec is configured: no functions, cycles or BigInt. Open the log with the codec it was written with.',
  },
  'image.failed': {
    what: 'A memory image met an event that it can’t fold, and stands before it.',
    remedy: 'Its message names the position; mend the fold, or what it calls, and start again.',
  },
  'image.loading': {
    what: 'The memory image is not there yet: it is being rebuilt from its snapshot and the log.',
    remedy: 'Wait for it: await headwater.image(…).ready().',
  },
  'image.unknown': {
    what: 'There is no memory image of this name.',
    remedy: 'Add it to the images of a context or app.',
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
  'log.duplicate': {
    what: 'An append of this id is recorded: its transaction is not committed a second time.',
    remedy: 'What it was to do is done. For a new intent, use a new id.',
  },
  'log.format': {
    what: 'The database was made by another version of Headwater, or is not a Headwater log.',
    remedy: 'Open it with the version that made it, or name another file.',
  },
  'log.inline-view': {
    what: 'An inline view folds events that were appended in a transaction of a user’s own, where nobody folds them.',
    remedy: 'Append them with the app, or let a processor feed the view.',
  },
  'log.invalid-text': {
    what: 'A tag, an id, a type, an actor or a condition holds a character U+0000 or half a surrogate pair, which not every database can hold.',
    remedy: 'Leave it out, or write it in another way. Data may be any text.',
  },
  'log.isolation-level': {
    what: 'Events can be appended within READ COMMITTED transactions only: others see nothing of what was committed since they began.',
    remedy:
      'Begin it with BEGIN ISOLATION LEVEL READ COMMITTED; lock the rows that must not change meanwhile.',
  },
  'log.outcome-unknown': {
    what: 'The connection was lost while the append was being committed; it may or may not be recorded.',
    remedy: 'Send the command again with the same id: it has one effect either way.',
  },
  'log.overloaded': {
    what: 'More appends are waiting than the queue holds.',
    remedy: 'Slow down and send again later; nothing was recorded.',
  },
  'log.statement-conflict': {
    what: 'A statement changed other rows than it was expected to, or met a key that is taken: somebody was faster.',
    remedy: 'Read the rows again and write again; Headwater does so by itself for command handlers.',
  },
  'log.unavailable': {
    what: 'The database could not be opened, read or written.',
    remedy:
      'See what the message says. Of a file: does its folder exist, has the disk room, may this process write there? Of a server: is it there, and may this user connect?',
  },
  'archive.invalid': {
    what: 'A file is no archive of a log, or not as it was written: a part is missing or was changed.',
    remedy:
      'Copy the file again, or export the log again. What was read before the fault is sound, and can stay.',
  },
  'archive.mismatch': {
    what: 'A log holds something else than the archive that it should be made of, or be compared with.',
    remedy:
      'Import into a new database, or into the one that an interrupted import of the same archive has left.',
  },
  'migration.failed': {
    what: 'An event of the old log could not be brought into the new one; nothing of its transaction was.',
    remedy:
      'The details name the event; mend its rule, and run the migration again: it goes on where it stopped.',
  },
  'migration.mismatch': {
    what: 'The new log, or the map, is not what this migration of the old log makes.',
    remedy: 'Begin with an empty new log and a new map, or run the rules that the copy was begun with.',
  },
  'processor.busy': {
    what: 'Those who run the processor did not let go of it in time.',
    remedy: 'Try again: a handler took its time, or another operator was at work.',
  },
  'processor.conflict': {
    what: 'A parked event was edited, retried or dropped by somebody else meanwhile.',
    remedy: 'Look at it again, and repeat what you wanted if it still makes sense.',
  },
  'processor.failed': {
    what: 'A processor was stopped by an error that is none of Headwater’s own; it tries again every second.',
    remedy:
      'Its message says which; look for the cause where the processor’s view or subscription is defined.',
  },
  'processor.fenced': {
    what: 'This process lost its lease, and another one works in its place.',
    remedy: 'Nothing needs to be done; the write was refused and the other process has the work.',
  },
  'processor.invalid-partitions': {
    what: 'The partitions asked for do not hold every key once, or are too many.',
    remedy: 'Give from 1 to 1,024 partitions; split what has more than one slot, and merge neighbours.',
  },
  'processor.invalid-range': {
    what: 'There are no events in the range that was to be reprocessed.',
    remedy: 'Give positions from 1 up to the end of the log, the first one first.',
  },
  'processor.is-view': {
    what: 'A view has no effects that could be repeated, and is not reset.',
    remedy: 'Rebuild it beside the version that is read: headwater view rebuild <name>.',
  },
  'processor.job-unknown': {
    what: 'The processor has no reprocessing job of this id.',
    remedy: 'headwater processor jobs <name> lists them.',
  },
  'processor.never-began': {
    what: 'The processor never ran, so there is nothing to be moved or divided.',
    remedy: 'Run it once: headwater serve. Where it begins is in its definition.',
  },
  'processor.not-parked': {
    what: 'There is no such parked event: it was handled or dropped, or never parked.',
    remedy: 'headwater parked list <name> lists what is parked; check the tenant, too.',
  },
  'processor.repeats-effects': {
    what: 'The reset would have events handled once more whose effects have happened.',
    remedy: 'If that is meant, say so: repeatEffects: true, or --repeat-effects.',
  },
  'processor.too-many-parked': {
    what: 'So many keys of a processor are parked that it takes no further events.',
    remedy:
      'Something is wrong with more than single events. Mend it, and retry: headwater parked retry <name> --all.',
  },
  'processor.unknown': {
    what: 'There is no asynchronous view or subscription of this name.',
    remedy: 'Check the name against the catalog; inline and live views have no processor.',
  },
  'segment.changed': {
    what: 'A segment of the log is not in the state from which it can be detached or attached.',
    remedy:
      'headwater segment shows in which it is; wait for whoever is at work on it, or run what was interrupted again.',
  },
  'segment.detached': {
    what: 'Events that are to be read are in a segment that was detached from the log.',
    remedy:
      'The message names the segment and its file: headwater segment attach <number> <file>. Or read what comes after it.',
  },
  'segment.invalid-file': {
    what: 'A file is missing, or does not hold a segment as it was sealed; nothing was removed or put back.',
    remedy:
      'Name the file that detach wrote, or a copy of it. To detach into a file that is not there yet, name another.',
  },
  'segment.needed': {
    what: 'A segment can not be detached: something could still need its events.',
    remedy:
      'The message says what: let the processor catch up, merge or drop the branch, take snapshots. Streams that nobody uses any more: --without-snapshots.',
  },
  'segment.unknown': {
    what: 'There is no sealed segment of this number.',
    remedy: 'headwater segment lists them; headwater segment seal makes them.',
  },
  'segment.unsupported': {
    what: 'The store can seal segments, but not detach them.',
    remedy: 'Only PostgreSQL can. Bring the log there: headwater export, headwater import.',
  },
  'segment.invalid-size': {
    what: 'A segment of the log can not have so many events.',
    remedy: 'Give a whole number from 1 on; 1,000,000 is usual.',
  },
  'snapshot.none-kept': {
    what: 'No snapshots are kept of this aggregate.',
    remedy: 'Give it a policy: aggregate(…, { snapshots: { every: 100 } }).',
  },
  'snapshot.unfaithful': {
    what: 'A state would come back from its snapshot as something else.',
    remedy: 'Keep to JSON in states, or give the policy write and read, which make JSON of a state and back.',
  },
  'sql.failed': {
    what: 'The database refused a statement for the user’s own tables.',
    remedy: 'Read its message; the tables, their columns and constraints are those that the steps made.',
  },
  'sql.refused': {
    what: 'A statement for the user’s own tables does what such a statement may not.',
    remedy:
      'One statement at a time, on the tables of its owner, with its values as parameters, and no BEGIN, COMMIT, PRAGMA or ATTACH.',
  },
  'sql.step-changed': {
    what: 'A step that was taken with the user’s tables reads otherwise in the code now.',
    remedy: 'Restore the step as it was, and add another one that makes the change.',
  },
  'sql.too-many-rows': {
    what: 'A query gave more rows than fit into one result.',
    remedy: 'Ask for a page: ORDER BY a key, WHERE it is greater than the last one read, and LIMIT.',
  },
  'store.no-sql': {
    what: 'The store has no SQL: it keeps no tables for users.',
    remedy: 'Open the app on a store that has, such as a SQLite file; the store in memory has none.',
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
  'view.amended': {
    what: 'The tables of a SQL view hold events that were amended: what SQL has written can’t be taken out again.',
    remedy:
      'Rebuild it beside the version that is read: headwater view rebuild <name>. The rebuilt tables hold what counts.',
  },
  'view.changed': {
    what: 'The code of a view would make other documents than those that are stored.',
    remedy:
      'Rebuild it: headwater view rebuild <name>, or headwater.rebuild(view). If its documents would be the same: headwater view accept <name>.',
  },
  'view.in-tables': {
    what: 'The view is kept in tables, and has no documents.',
    remedy: 'Read it by headwater.sql(view), or give it a query of its own: query(name, { … }).',
  },
  'view.invalid-query': {
    what: 'The query on the view is not understood.',
    remedy:
      'Filter and sort by paths of letters, digits, dots and underscores; use a cursor only with the query that gave it.',
  },
  'view.let-go': {
    what: 'An inline view that is in the database is not in the app, which records its events.',
    remedy:
      'If it was removed on purpose nothing has to be done. Else give it back to the app, which builds it anew, or make it asynchronous.',
  },
  'view.no-rebuild': {
    what: 'The view was never rebuilt.',
    remedy: 'Begin a rebuild: headwater view rebuild <name>, or POST /views/<name>/rebuild.',
  },
  'view.not-found': {
    what: 'The view has no document of this key.',
    remedy: 'Check the key, or wait for the position of the event that makes it.',
  },
  'view.not-here': {
    what: 'An inline view of another app folds the event with its append, so this app can not record it.',
    remedy: 'Give the view to this app as well, or make it asynchronous.',
  },
  'view.not-stored': {
    what: 'The view is live: it has no stored documents, and so no versions.',
    remedy: 'Nothing has to be done: a live view is folded by the code that reads it.',
  },
  'view.other-tenants': {
    what: 'The log holds events of other tenants, and it was not said that they are meant.',
    remedy: 'A rebuild concerns all tenants: say allTenants: true, or --all-tenants.',
  },
  'view.rebuild-blocked': {
    what: 'The new version of the view could not fold all events, so it does not take over.',
    remedy:
      'Correct the fold and rebuild again, or take it as it is: headwater view switch <name> <version> --with-parked.',
  },
  'view.rebuild-failed': {
    what: 'The new version of the view was given up; the one before is still read.',
    remedy: 'The message says why; rebuild again.',
  },
  'view.rebuild-running': {
    what: 'The view is being rebuilt already, by other code or to another version.',
    remedy: 'Wait for it, or cancel it: headwater view cancel <name>, or DELETE /views/<name>/rebuild.',
  },
  'view.superseded': {
    what: 'Other code has replaced the version of the view that the code of this process makes.',
    remedy:
      'Start this process with the new code, or go back to the version of this code: headwater view switch <name> <version>.',
  },
  'view.store-refused': {
    what: 'The database that holds a view did not take what was to be written.',
    remedy:
      'Its message says why: a key or a document that is too long for it, or a right that the user lacks.',
  },
  'view.store-unavailable': {
    what: 'The database that holds a view can not be reached.',
    remedy:
      'Nothing is lost: the view goes on where it stands when the database is back. The cause holds the database’s own words.',
  },
  'view.too-wide': {
    what: 'The query would have to look at more documents than it may, one by one.',
    remedy: 'Give the view an index for the path that it filters or sorts by.',
  },
  'view.unknown': {
    what: 'No view of this name is defined.',
    remedy: 'Check the spelling against the catalog.',
  },
  'view.version-current': {
    what: 'The version is the one that is read, so it can not be dropped.',
    remedy: 'Switch to another version first.',
  },
  'view.version-unknown': {
    what: 'The view has no such version, or its documents are gone.',
    remedy: 'headwater view versions <name> lists them.',
  },
  'view.wait-timeout': {
    what: 'The view did not reach the position within the time limit.',
    remedy: 'Ask again; if its lag does not shrink, look at the processors’ page.',
  },
} as const satisfies Record<string, ErrorExplanation>
