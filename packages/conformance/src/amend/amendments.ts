import assert from 'node:assert/strict'
import { type Headwater, isHeadwaterError, openStore, type Store } from '@headwater/core'
import fc from 'fast-check'
import { law } from '../law.ts'
import { forAny } from '../property.ts'
import type { Trial } from '../trial.ts'
import { EditedList } from './model.ts'
import { book, CountNotes, Note, notebooks, Noted } from './notes.ts'

const edits = ['note', 'count', 'omit', 'replace', 'insert', 'first', 'restore', 'reopen'] as const

interface Step {
  readonly does: (typeof edits)[number]
  /** Which of the events that are there. */
  readonly target: number
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ does: fc.constantFrom(...edits), target: fc.nat({ max: 50 }) }),
  { minLength: 1, maxLength: 20 },
)

/** Opens the app on a store that stays open when the app is closed. */
async function openOn(store: Store): Promise<Headwater> {
  return openStore(notebooks, { ...store, close: async () => undefined }, { processors: false })
}

async function openApp(trial: Trial): Promise<Headwater> {
  const headwater = await openOn(await trial.open())
  trial.onEnd(() => headwater.close())
  return headwater
}

async function note(headwater: Headwater, bookId: string, ...texts: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  for (const text of texts) {
    const { events } = await headwater.execute(Note({ bookId, text }))
    ids.push(...events.map(({ id }) => id))
  }
  return ids
}

const why = 'it was so'

/** Takes a step in the app and in the model; gives the app to go on with. */
async function take(
  { does, target }: Step,
  number: number,
  headwater: Headwater,
  store: Store,
  list: EditedList,
): Promise<Headwater> {
  const bookId = 'a'
  const text = `${does} ${number}`
  const id = list.ids[target % list.ids.length]
  if (does === 'reopen') {
    await headwater.close()
    return openOn(store)
  }
  if (does === 'count' || does === 'note' || id === undefined) {
    const counted = `there are ${list.texts.length}`
    const outcome = await headwater.execute(
      does === 'count' ? CountNotes({ bookId }) : Note({ bookId, text }),
    )
    const events = outcome.events.map((event) => ({ ...event, stream: outcome.stream }))
    list.record(does === 'count' ? counted : text, { events })
  } else if (does === 'omit') {
    await headwater.ignore(id, { why })
    list.omit(id)
  } else if (does === 'replace') {
    await headwater.correct(id, Noted({ text }), { why })
    list.replace(id, text)
  } else if (does === 'restore') {
    await headwater.restore(id, { why })
    list.restore(id)
  } else {
    const insert = Noted({ text })
    const isFirst = does === 'first'
    const edit = isFirst ? { insert, first: 'book-a' } : { insert, after: id }
    list.insert(isFirst ? null : id, text, await headwater.amend([edit], { why }))
  }
  return headwater
}

export const amendmentLaws = [
  law(
    'an amended stream is the list that is edited from scratch, now and as it was known at any position',
    async (trial) => {
      const likeTheList = async (part: Trial, given: readonly Step[]): Promise<void> => {
        const store = await part.open()
        const list = new EditedList()
        const believed: (readonly [position: number, texts: readonly string[]])[] = []
        let headwater = await openOn(store)
        try {
          for (const [number, step] of given.entries()) {
            headwater = await take(step, number, headwater, store, list)
            believed.push([(await headwater.head()).position, [...list.texts]])
            // Not looked at each time: then what is folded on has been folded some steps before.
            if (step.target % 2 === 0)
              assert.deepEqual((await headwater.state(book, 'a')).state, list.texts, JSON.stringify(given))
          }
          assert.deepEqual((await headwater.state(book, 'a')).state, list.texts)
          // What was known then is not changed by what was said later.
          for (const [known, texts] of believed)
            assert.deepEqual((await headwater.state(book, 'a', { known })).state, texts, `known at ${known}`)
          for await (const { difference } of headwater.snapshots.verify()) assert.equal(difference, null)
        } finally {
          await headwater.close()
        }
      }
      await forAny(trial, [steps], likeTheList, { runs: 15 })
    },
  ),

  law('a process that has a state in memory hears of amendments that another one makes', async (trial) => {
    const store = await trial.open()
    const [one, other] = [await openOn(store), await openOn(store)]
    trial.onEnd(() => Promise.all([one.close(), other.close()]))
    const [first = ''] = await note(one, 'a', 'wrong', 'right')
    assert.deepEqual((await other.state(book, 'a')).state, ['wrong', 'right'])
    await one.ignore(first, { why })
    await other.execute(CountNotes({ bookId: 'a' }))
    assert.deepEqual((await other.state(book, 'a')).state, ['right', 'there are 1'])
    assert.deepEqual((await one.state(book, 'a')).state, ['right', 'there are 1'])
  }),

  law('several events of several streams are amended together, or none of them', async (trial) => {
    const headwater = await openApp(trial)
    const [one = ''] = await note(headwater, 'a', 'one')
    const [two = ''] = await note(headwater, 'b', 'two')
    const before = await headwater.lastPosition()
    const unreadable = { replace: two, by: Noted({ text: 'unreadable' }) }
    await assert.rejects(headwater.amend([{ omit: one }, unreadable], { why }), (error) =>
      isHeadwaterError(error, 'amendment.unfoldable'),
    )
    assert.equal(await headwater.lastPosition(), before)
    const { amendments } = await headwater.amend([{ omit: one }, { omit: two }], { why })
    assert.deepEqual(
      amendments.map(({ stream, edit, target }) => [stream, edit, target]),
      [
        ['book-a', 'omit', one],
        ['book-b', 'omit', two],
      ],
    )
    assert.deepEqual((await headwater.state(book, 'a')).state, [])
    assert.deepEqual((await headwater.state(book, 'b')).state, [])
  }),

  law('an amendment with an id is recorded once, and answered twice', async (trial) => {
    const headwater = await openApp(trial)
    const [id = ''] = await note(headwater, 'a', 'one')
    const options = { why, id: 'amend-1', actor: 'ada' }
    const answer = await headwater.ignore(id, options)
    assert.deepEqual(await headwater.ignore(id, options), answer)
    assert.equal(await headwater.lastPosition(), answer.position)
    await assert.rejects(headwater.ignore(id, { ...options, why: 'another reason' }), (error) =>
      isHeadwaterError(error, 'command.id-reused'),
    )
  }),

  law('amendments that race with commands lose no update', async (trial) => {
    const headwater = await openApp(trial)
    const ids = await note(headwater, 'a', ...Array.from({ length: 10 }, (_, index) => `note ${index}`))
    await Promise.all([
      ...ids.map((id) => headwater.ignore(id, { why })),
      ...ids.map((_, index) => headwater.execute(Note({ bookId: 'a', text: `new ${index}` }))),
    ])
    const { state } = await headwater.state(book, 'a')
    assert.deepEqual(
      [...state].sort(),
      ids.map((_, index) => `new ${index}`),
    )
  }),

  law('an event of one tenant is not amended by another one', async (trial) => {
    const headwater = await openApp(trial)
    const outcome = await headwater.execute(Note({ bookId: 'a', text: 'mine' }), {
      tenant: 'north',
      id: 'same',
    })
    await headwater.execute(Note({ bookId: 'a', text: 'yours' }), { tenant: 'south', id: 'same' })
    const [event] = outcome.events
    assert.ok(event)
    await headwater.ignore(event.id, { why, tenant: 'south' })
    assert.deepEqual((await headwater.state(book, 'a', { tenant: 'north' })).state, ['mine'])
    assert.deepEqual((await headwater.state(book, 'a', { tenant: 'south' })).state, [])
    await assert.rejects(headwater.ignore(event.id, { why }), (error) =>
      isHeadwaterError(error, 'event.not-found'),
    )
  }),
]
