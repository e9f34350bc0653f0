import assert from 'node:assert/strict'
import {
  aggregateIdOf,
  type AggregateHistory,
  type Headwater,
  type HistoryEntry,
  openStore,
  type OpenOptions,
  type Store,
  type View,
} from '@headwater/core'
import fc from 'fast-check'
import { law } from '../law.ts'
import { forAny } from '../property.ts'
import type { Trial } from '../trial.ts'
import {
  lengths,
  lengthsAtOnce,
  letterOf,
  letters,
  lettersAtOnce,
  lettersNow,
  notebooks,
  Noted,
  past,
  pastAtOnce,
} from './notes.ts'

const why = 'it was so'

interface Writing {
  readonly kind: 'write'
  readonly does: 'note' | 'replace' | 'insert' | 'first' | 'omit' | 'restore'
  /** Which of the events that are there, or which book. */
  readonly at: number
  readonly text: string
}

interface Running {
  readonly kind: 'run'
  readonly does: 'reopen' | 'rebuild' | 'wait'
}

type Step = Writing | Running

const at = fc.nat({ max: 60 })
const text = fc.constantFrom('apple', 'avocado', 'banana', 'berry', 'cherry', 'xylophone')
const writing: fc.Arbitrary<Writing> = fc.record({
  kind: fc.constant('write'),
  does: fc.constantFrom('note', 'note', 'replace', 'insert', 'first', 'omit', 'restore'),
  at,
  text,
})
const running: fc.Arbitrary<Running> = fc.record({
  kind: fc.constant('run'),
  does: fc.constantFrom('reopen', 'rebuild', 'wait'),
})
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof({ weight: 7, arbitrary: writing }, { weight: 1, arbitrary: running }),
  { minLength: 1, maxLength: 25 },
)

/** A rebuild meets the first event of a page of history together with amendments that fill the page before. */
const pageAfterInserts: readonly Step[] = [
  ...(['note', 'first', 'replace', 'first', 'replace', 'first', 'note'] as const).map(
    (does): Writing => ({ kind: 'write', does, at: 0, text: 'avocado' }),
  ),
  { kind: 'run', does: 'rebuild' },
]

function openOn(store: Store, options: OpenOptions = {}): Promise<Headwater> {
  return openStore(notebooks, { ...store, close: async () => undefined }, options)
}

/** Notes and amendments in three books; the log says what they come to. */
class Books {
  readonly #ids: string[] = []
  #headwater: Headwater
  readonly #store: Store

  constructor(headwater: Headwater, store: Store) {
    this.#headwater = headwater
    this.#store = store
  }

  get headwater(): Headwater {
    return this.#headwater
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'write') await this.#write(step)
    else if (step.does === 'reopen') {
      await this.#headwater.close()
      this.#headwater = await openOn(this.#store)
    } else if (step.does === 'wait') await documentsOf(this.#headwater, letters)
    else
      for (const view of [letters, lettersAtOnce, lengths, past, pastAtOnce])
        await (await this.#headwater.rebuild(view)).done()
  }

  async #write(step: Writing): Promise<void> {
    const id = this.#ids[step.at % Math.max(1, this.#ids.length)]
    if (step.does === 'note' || id === undefined) {
      const noted = Noted({ text: step.text })
      const { events } = await this.#headwater.append(`book-${step.at % 3}`, [noted])
      this.#ids.push(...events.map((event) => event.id))
    } else if (step.does === 'omit') await this.#headwater.ignore(id, { why })
    else if (step.does === 'restore') await this.#headwater.restore(id, { why })
    else if (step.does === 'replace') await this.#headwater.correct(id, Noted({ text: step.text }), { why })
    else {
      const insert = Noted({ text: step.text })
      const stream = (await this.#headwater.event(id))?.stream ?? ''
      const edit = step.does === 'first' ? { insert, first: stream } : { insert, after: id }
      const { amendments } = await this.#headwater.amend([edit], { why })
      this.#ids.push(...amendments.map((amendment) => amendment.id))
    }
  }

  /** What counts of each book, in order, by what the law of states says of it. */
  async notes(): Promise<readonly { readonly text: string; readonly id: string }[]> {
    const notes: { text: string; id: string }[] = []
    for (const { stream } of await this.#headwater.streams({ prefix: 'book-' })) {
      const { items } = await this.#headwater.history(stream, { limit: 1_000 })
      for (const { event } of items) {
        const { text } = event.data as { text: string }
        if (event.amended?.edit !== 'omit') notes.push({ text, id: event.id })
      }
    }
    return notes
  }
}

/** All documents of a view that shows everything that is recorded. */
async function documentsOf<Document>(
  headwater: Headwater,
  view: View<string, Document>,
): Promise<Readonly<Record<string, Document>>> {
  const documents: Record<string, Document> = {}
  const waitFor = await headwater.lastPosition()
  for await (const { key, doc } of headwater.view(view).all({ waitFor, timeLimit: 60_000 }))
    documents[key] = doc
  return documents
}

/** All entries of a history, from page to page. */
function entriesOf(
  pages: Readonly<Record<string, AggregateHistory>>,
  aggregateId: string,
): readonly HistoryEntry[] {
  const entries: HistoryEntry[] = []
  for (let page = pages[aggregateId]; page !== undefined; page = pages[page.next ?? ''])
    entries.push(...page.entries)
  return entries
}

function sorted(list: readonly string[]): readonly string[] {
  return [...list].sort()
}

export const amendedViewLaws = [
  law('views show what amendments have left, whatever they had folded before', async (trial) => {
    const likeTheNotes = async (part: Trial, given: readonly Step[]): Promise<void> => {
      const store = await part.open()
      const books = new Books(await openOn(store), store)
      try {
        for (const step of given) await books.take(step)
        const shown = await documentsOf(books.headwater, letters)
        assert.deepEqual(await documentsOf(books.headwater, lettersNow), shown)
        assert.deepEqual(await documentsOf(books.headwater, lettersAtOnce), shown)
        const notes = await books.notes()
        const counted = await documentsOf(books.headwater, lengths)
        assert.deepEqual(await documentsOf(books.headwater, lengthsAtOnce), counted)
        for (const letter of ['a', 'b', 'c']) {
          const texts = notes.map((note) => note.text).filter((note) => letterOf(note) === letter)
          assert.deepEqual(sorted(shown[letter]?.notes ?? []), sorted(texts), letter)
          const { count = 0, length = 0 } = counted[letter] ?? {}
          assert.deepEqual({ count, length }, { count: texts.length, length: texts.join('').length })
        }
        assert.equal(shown['x'], undefined)
        const pages = await documentsOf(books.headwater, past)
        assert.deepEqual(await documentsOf(books.headwater, pastAtOnce), pages)
        for (const { stream } of await books.headwater.streams({ prefix: 'book-' })) {
          const { items } = await books.headwater.history(stream, { limit: 1_000 })
          const entries = entriesOf(pages, aggregateIdOf(stream)).filter(({ type }) => type !== '$amended')
          assert.deepEqual(
            entries.map((entry) => [entry.eventId, entry.data, entry.amended?.edit]),
            items.map(({ event }) => [event.id, event.data, event.amended?.edit]),
          )
        }
        // Folded from the first event on, by somebody who knew from the beginning what counts.
        await (await books.headwater.rebuild(letters)).done()
        assert.deepEqual(await documentsOf(books.headwater, letters), shown)
      } finally {
        await books.headwater.close()
      }
    }
    await forAny(trial, [steps], likeTheNotes, { runs: 12, examples: [[pageAfterInserts]] })
  }),

  law('inline views lose nothing where amendments and appends race for their documents', async (trial) => {
    const store = await trial.open()
    const [one, other] = [await openOn(store), await openOn(store, { processors: false })]
    trial.onEnd(() => Promise.all([one.close(), other.close()]))
    const ids: string[] = []
    for (let index = 0; index < 10; index += 1) {
      const { events } = await one.append(`book-${index}`, [Noted({ text: `apple ${index}` })])
      ids.push(...events.map(({ id }) => id))
    }
    await Promise.all([
      ...ids.slice(0, 5).map((id) => one.ignore(id, { why })),
      ...ids.slice(5).map((id) => other.correct(id, Noted({ text: 'banana' }), { why })),
      ...ids.flatMap((_, index) =>
        [one, other].map((app) => app.append(`book-${index + 5}`, [Noted({ text: 'avocado' })])),
      ),
    ])
    const shown = await documentsOf(one, letters)
    assert.deepEqual(
      Object.entries(shown).map(([letter, { notes }]) => [letter, notes.length]),
      [
        ['a', 20],
        ['b', 5],
      ],
    )
    assert.deepEqual(await documentsOf(one, lettersAtOnce), shown)
    assert.deepEqual(await documentsOf(one, lengthsAtOnce), await documentsOf(one, lengths))
  }),
]
