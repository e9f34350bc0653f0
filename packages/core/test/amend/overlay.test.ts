import type { EventRow } from '@headwater/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Amendment, amendedType, type AmendmentEdit, isAmendment } from '../../src/amend/amendment.ts'
import { Overlay, type Standing, Weaver } from '../../src/amend/overlay.ts'

/** What happens in a stream: something is recorded, or an earlier event is amended. */
type Step = 'record' | { readonly edit: AmendmentEdit; readonly target: number }

const steps = fc.array(
  fc.oneof(
    fc.constant('record' as const),
    fc.record({
      edit: fc.constantFrom('omit', 'replace', 'insert', 'restore'),
      target: fc.nat({ max: 30 }),
    }) satisfies fc.Arbitrary<Step>,
  ),
  { minLength: 1, maxLength: 25 },
)

function rowAt(position: number, type = 'Happened', data = `recorded at ${position}`): EventRow {
  return {
    position,
    tenant: '',
    stream: 'a-1',
    revision: position,
    type,
    version: 1,
    commandId: `c${position}`,
    ordinal: 1,
    recordedAt: position,
    occurredAt: position,
    actor: 'ada',
    correlationId: null,
    causationId: null,
    data,
  }
}

interface Recorded {
  readonly rows: readonly EventRow[]
  readonly amendments: readonly Amendment[]
}

/** Records the steps as the log would: whatever a step names, it finds an event that is there. */
function recorded(given: readonly Step[]): Recorded {
  const rows: EventRow[] = []
  const amendments: Amendment[] = []
  for (const step of ['record' as const, ...given]) {
    const position = rows.length + 1
    if (step === 'record') rows.push(rowAt(position))
    else {
      const events = rows.filter((row) => !isAmendment(row) || isInsert(amendments, row.position))
      const isFirst = step.edit === 'insert' && step.target === 0
      const row = events[step.target % events.length] ?? rowAt(1)
      const target = isFirst
        ? { id: null, type: null, revision: 0, position: 0 }
        : { id: `${row.commandId}.1`, type: 'Happened', revision: row.revision, position: row.position }
      const content = {
        type: 'Happened',
        version: 1,
        data: `${step.edit}d at ${position}`,
        occurredAt: row.occurredAt,
      }
      const own = rowAt(position, amendedType)
      rows.push(own)
      const isAbout = step.edit === 'insert' || step.edit === 'replace'
      amendments.push({
        edit: step.edit,
        target,
        why: 'it was so',
        content: isAbout ? content : undefined,
        row: own,
      })
    }
  }
  return { rows, amendments }
}

function isInsert(amendments: readonly Amendment[], position: number): boolean {
  return amendments.some(({ row, edit }) => row.position === position && edit === 'insert')
}

/** The effective history, from all at once. */
function effective({ rows, amendments }: Recorded): readonly string[] {
  return woven(rows, new Overlay(amendments)).map(({ data }) => String(data))
}

function woven(rows: readonly EventRow[], overlay: Overlay): readonly EventRow[] {
  return rowsOf(new Weaver(overlay).weave(rows, rows.length))
}

function rowsOf(woven: readonly Standing[]): readonly EventRow[] {
  return woven.map(({ row }) => row)
}

interface Entry {
  readonly position: number
  /** Those that it stands behind, if it was inserted. */
  readonly behind: readonly number[]
  readonly said: string
  now: string | undefined
}

/** The same, by editing a list from scratch, one step after the other. */
function edited({ rows, amendments }: Recorded): readonly string[] {
  const list: Entry[] = []
  for (const row of rows) {
    const amendment = amendments.find((one) => one.row.position === row.position)
    if (amendment === undefined) {
      const said = String(row.data)
      list.push({ position: row.position, behind: [], said, now: said })
      continue
    }
    const { target, edit, content } = amendment
    const at = list.findIndex(({ position }) => position === target.position)
    const entry = list[at]
    const text = String(content?.data)
    if (edit === 'insert') {
      const behind = [...(entry?.behind ?? []), target.position]
      let place = at + 1
      // Those that were inserted there before, and all that stands behind them, come first.
      while (list[place]?.behind.includes(target.position) === true) place += 1
      list.splice(place, 0, { position: row.position, behind, said: text, now: text })
    } else if (entry !== undefined) {
      entry.now = edit === 'omit' ? undefined : edit === 'replace' ? text : entry.said
    }
  }
  return list.flatMap(({ now }) => now ?? [])
}

describe('what amendments leave of a history', () => {
  test('is the list that is edited step by step from scratch', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const history = recorded(given)
        expect(effective(history)).toEqual(edited(history))
      }),
      { numRuns: 500 },
    )
  })

  test('is the same in whatever order the amendments are heard of', () => {
    fc.assert(
      fc.property(steps, fc.infiniteStream(fc.nat()), (given, dice) => {
        const { rows, amendments } = recorded(given)
        const shuffled = amendments
          .map((amendment) => ({ amendment, die: dice.next().value }))
          .sort((one, other) => one.die - other.die)
          .map(({ amendment }) => amendment)
        expect(effective({ rows, amendments: shuffled })).toEqual(effective({ rows, amendments }))
      }),
    )
  })

  test('is as if nothing had been said where an event is omitted and restored', () => {
    fc.assert(
      fc.property(steps, fc.nat({ max: 30 }), (given, target) => {
        const before = recorded(given)
        // What is said last about an event counts, so it has to be one of which nothing was said before.
        const untouched = before.rows.filter(
          ({ position }) => !before.amendments.some((one) => one.target.position === position),
        )
        const chosen = untouched[target % untouched.length]
        fc.pre(chosen !== undefined && (!isAmendment(chosen) || isInsert(before.amendments, chosen.position)))
        const index = before.rows
          .filter((row) => !isAmendment(row) || isInsert(before.amendments, row.position))
          .findIndex(({ position }) => position === chosen.position)
        const after = recorded([
          ...given,
          { edit: 'omit', target: index },
          { edit: 'restore', target: index },
        ])
        expect(effective(after)).toEqual(effective(before))
      }),
    )
  })

  test('is not changed by what is said later: what was known at a position stays', () => {
    fc.assert(
      fc.property(steps, steps, (given, later) => {
        const then = recorded(given)
        const now = recorded([...given, ...later])
        const known = now.amendments.filter(({ row }) => row.position <= then.rows.length)
        const rows = now.rows.slice(0, then.rows.length)
        expect(effective({ rows, amendments: known })).toEqual(effective(then))
      }),
    )
  })

  test('is the same page by page, however the pages are cut', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat({ max: 25 })), (given, cuts) => {
        const { rows, amendments } = recorded(given)
        const overlay = new Overlay(amendments)
        const ends = [...new Set([...cuts.filter((cut) => cut < rows.length), rows.length])].sort(
          (a, b) => a - b,
        )
        const weaver = new Weaver(overlay)
        const pages = ends.map((end, index) =>
          weaver.weave(
            rows.filter(({ position }) => position > (ends[index - 1] ?? 0) && position <= end),
            end,
          ),
        )
        expect(rowsOf(pages.flat())).toEqual(woven(rows, overlay))
      }),
    )
  })

  test('can be read on from any position', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 25 }), (given, after) => {
        const { rows, amendments } = recorded(given)
        const overlay = new Overlay(amendments)
        const rest = rows.filter(({ position }) => position > after)
        const before = new Weaver(overlay).weave(
          rows.filter(({ position }) => position <= after),
          after,
        )
        const behind = new Weaver(overlay, after).weave(rest, rows.length)
        expect(rowsOf([...before, ...behind])).toEqual(woven(rows, overlay))
      }),
    )
  })
})

describe('an amended event', () => {
  const happened = rowAt(1)
  const said = (edit: AmendmentEdit, position = 2): Amendment => ({
    edit,
    target: { id: 'c1.1', type: 'Happened', revision: 1, position: 1 },
    why: 'it was so',
    content: { type: 'Happened', version: 1, data: 'the right one', occurredAt: 7 },
    row: rowAt(position, amendedType),
  })

  test('keeps its id and its place, and tells who amended it and why', () => {
    const [row] = woven([happened, rowAt(2, amendedType)], new Overlay([said('replace')]))
    expect(row).toMatchObject({ commandId: 'c1', position: 1, data: 'the right one', occurredAt: 7 })
    expect(row?.amendment).toMatchObject({ edit: 'replace', why: 'it was so', original: happened })
  })

  test('that is omitted is shown to those who ask for it', () => {
    const rows = [happened, rowAt(2, amendedType)]
    const overlay = new Overlay([said('omit')])
    expect(new Weaver(overlay).weave(rows, 2)).toEqual([])
    const [shown] = rowsOf(new Weaver(overlay, 0, 'all').weave(rows, 2))
    expect(shown).toMatchObject({ ...happened, amendment: { edit: 'omit', why: 'it was so' } })
  })

  test('that is inserted has its amendment’s id, and can be amended itself', () => {
    const inserted = said('insert')
    const omitted: Amendment = {
      ...said('omit', 3),
      target: { id: 'c2.1', type: 'Happened', revision: 2, position: 2 },
    }
    const rows = [happened, inserted.row, omitted.row]
    expect(woven(rows, new Overlay([inserted]))[1]).toMatchObject({ commandId: 'c2', data: 'the right one' })
    expect(woven(rows, new Overlay([inserted, omitted]))).toEqual([happened])
  })

  test('is not amended by a fact of another stream', () => {
    const elsewhere = { ...said('omit'), row: { ...rowAt(2, amendedType), stream: 'a-2' } }
    expect(woven([happened], new Overlay([elsewhere]))).toEqual([happened])
  })
})
