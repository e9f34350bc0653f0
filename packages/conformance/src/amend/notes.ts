import {
  aggregate,
  app,
  command,
  event,
  historyView,
  type Schema,
  view,
  type ViewLifecycle,
} from '@headwater/core'

/** Takes what it is given: these laws are not about schemas. */
function anything<Data>(): Schema<Data, Data> {
  return { '~standard': { version: 1, vendor: 'headwater', validate: (value) => ({ value: value as Data }) } }
}

export const Noted = event('Noted', anything<{ readonly text: string }>())
export const Note = command('Note', anything<{ readonly bookId: string; readonly text: string }>())
export const CountNotes = command('CountNotes', anything<{ readonly bookId: string }>())

/** A list of all that was noted, in order: whatever was amended shows in it. */
export const book = aggregate('book', {
  events: [Noted],
  commands: [Note, CountNotes],
  initial: [] as readonly string[],
  evolve: {
    Noted: (notes, { data }) => {
      if (data.text === 'unreadable') throw new Error('Nobody can read this')
      return [...notes, data.text]
    },
  },
  decide: {
    Note: (_notes, { text }) => Noted({ text }),
    CountNotes: (notes) => Noted({ text: `there are ${notes.length}` }),
  },
  snapshots: { every: 3 },
})

/** The first letter of a note; nothing is kept of those that begin with x. */
export function letterOf(text: string): string | undefined {
  return text.startsWith('x') ? undefined : text.slice(0, 1)
}

/** All notes of all books by their first letter, in order: an amended note may come under another one. */
function byLetter<const Name extends string>(name: Name, lifecycle: ViewLifecycle) {
  return view(name, {
    events: [Noted],
    key: ({ data }) => letterOf(data.text),
    initial: { notes: [] as readonly string[] },
    on: { Noted: ({ notes }, { data }) => ({ notes: [...notes, data.text] }) },
    lifecycle,
  })
}

export const letters = byLetter('letters', 'async')
export const lettersNow = byLetter('letters-now', 'live')
export const lettersAtOnce = byLetter('letters-at-once', 'inline')

/** How much was noted under each letter: it knows how an event is taken out again. */
function lengthsOf<const Name extends string>(name: Name, lifecycle: ViewLifecycle, partitions = 1) {
  return view(name, {
    events: [Noted],
    key: ({ data }) => letterOf(data.text),
    initial: { count: 0, length: 0 },
    on: {
      Noted: ({ count, length }, { data }) => ({ count: count + 1, length: length + data.text.length }),
    },
    undo: {
      // Nothing is left of the last one.
      Noted: ({ count, length }, { data }) =>
        count === 1 ? null : { count: count - 1, length: length - data.text.length },
    },
    lifecycle,
    partitions,
  })
}

export const lengths = lengthsOf('lengths', 'async', 2)
export const lengthsAtOnce = lengthsOf('lengths-at-once', 'inline')

/** Pages of three, so that a few notes fill some of them. */
export const past = historyView('past', book, { pageSize: 3 })
export const pastAtOnce = historyView('past-at-once', book, { pageSize: 3, lifecycle: 'inline' })

export const notebooks = app({
  name: 'notebooks',
  aggregates: [book],
  views: [letters, lettersNow, lettersAtOnce, lengths, lengthsAtOnce, past, pastAtOnce],
})
