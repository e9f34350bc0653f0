import { all, some, replace, record, type Mutant, NothingToSpoil } from './spoil.ts'

/** Of views, handlers and leases. */
export const processMutants: readonly Mutant[] = [
  {
    name: 'a handler got another key for the same event',
    kind: 'altered',
    spoil: (history) => replace(history, some(all(history, 'handled')), { idempotencyKey: 'another' }),
  },
  {
    name: 'a view counted an event twice',
    kind: 'wrong-document',
    spoil: (history) => {
      const shown = some(all(history, 'document'), ({ view }) => view === 'totals')
      const { document } = shown
      if (document !== null) replace(history, shown, { document: { ...document, count: document.count + 1 } })
    },
  },
  {
    name: 'a view has no document of a key',
    kind: 'wrong-document',
    spoil: (history) => {
      const shown = some(all(history, 'document'))
      history.entries = history.entries.filter((entry) => entry !== shown)
    },
  },
  {
    name: 'a handler never got an event',
    kind: 'unhandled',
    spoil: (history) => {
      const { subscription, position } = some(all(history, 'handled'))
      history.entries = history.entries.filter(
        (entry) =>
          !(
            (entry.kind === 'handled' || entry.kind === 'handling') &&
            entry.subscription === subscription &&
            entry.position === position
          ),
      )
    },
  },
  {
    name: 'a handler got an event before the one before it was done',
    kind: 'out-of-order',
    spoil: (history) => {
      const done = Map.groupBy(all(history, 'handled'), ({ subscription, tenant, sequence }) =>
        JSON.stringify([subscription, tenant, sequence]),
      )
      const several = some(
        [...done.values()],
        (entries) => new Set(entries.map(({ position }) => position)).size > 2,
      )
      const [first] = several
      const second = several.find(({ position }) => position !== first?.position)
      const begun = all(history, 'handling').find(
        ({ subscription, position }) => subscription === second?.subscription && position === second.position,
      )
      if (first === undefined || begun === undefined) throw new NothingToSpoil('Nothing was handled')
      replace(history, begun, { at: first.at - 1 })
    },
  },
  {
    name: 'what a handler sent had two effects',
    kind: 'repeated-effect',
    spoil: (history) =>
      record(
        history,
        some(history.events, ({ type }) => type === 'Rewarded'),
        { commandId: 'again' },
      ),
  },
  {
    name: 'what a handler sent had no effect',
    kind: 'unhandled',
    spoil: (history) => {
      const effect = some(history.events, ({ type }) => type === 'Rewarded')
      history.events = history.events.filter((event) => event !== effect)
    },
  },
  {
    name: 'a process wrote after another one had got its lease',
    kind: 'late-write',
    spoil: (history) => {
      const { lease: name, token, at } = some(all(history, 'committing'))
      history.entries.push({ kind: 'lease', name, owner: 'another', token: token + 1, at: at - 1 })
    },
  },
  {
    name: 'a lease was given to two under one token',
    kind: 'late-write',
    spoil: (history) => {
      const lease = some(all(history, 'lease'), ({ name }) => !name.includes('?'))
      history.entries.push({ ...lease, owner: 'another', at: lease.at + 1 })
    },
  },
  {
    name: 'a checkpoint went back by itself',
    kind: 'checkpoint-backwards',
    spoil: (history) => {
      const commits = all(history, 'committing').filter(({ position }) => position !== null)
      const [, second] = some(
        [...Map.groupBy(commits, ({ processor, partition }) => `${processor} ${partition}`).values()],
        ({ length }) => length > 2,
      )
      if (second !== undefined) replace(history, second, { position: 0 })
    },
  },
  {
    name: 'what was begun was not brought to its end',
    kind: 'stuck',
    spoil: (history) => {
      history.entries = history.entries.filter(({ kind }) => kind !== 'settled')
    },
  },
  {
    name: 'an error is none of Headwater’s own',
    kind: 'failed',
    spoil: (history) => {
      history.entries.push({ kind: 'failed', where: 'commands', code: null, message: 'TypeError', at: 0 })
    },
  },
]
