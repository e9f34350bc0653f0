import { app, event, type View, view, type ViewLifecycle } from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { running } from '../support/running.ts'

const Registered = event('Registered', z.object({ name: z.string(), cities: z.array(z.string()) }))

const peopleAs = (name: string, lifecycle: ViewLifecycle): View<string, { name: string; cities: string[] }> =>
  view(name, {
    events: [Registered],
    initial: { name: '', cities: [] as string[] },
    on: { Registered: (_document, { data }) => data },
    search: ['name', 'cities'],
    lifecycle,
  })

const async = peopleAs('people', 'async')
const unsearched = view('unsearched', {
  events: [Registered],
  initial: {},
  on: { Registered: (_document, { data }) => data },
})
const views = [async, peopleAs('inline-people', 'inline'), peopleAs('live-people', 'live')]
const definition = app({ name: 'people', views: [...views, unsearched] })

async function withPeople() {
  const headwater = await running(definition)
  await headwater.append('person-1', [Registered({ name: 'Ada Lovelace', cities: ['London', 'Zürich'] })])
  await headwater.append('person-2', [Registered({ name: 'Alan Turing', cities: ['London'] })])
  const { position } = await headwater.append('person-3', [Registered({ name: 'Ådam', cities: [] })])
  return { headwater, waitFor: position }
}

describe.each(views)('a search of the view $name', (searched) => {
  it.each([
    ['ada', ['1', '3']],
    ['ADA love', ['1']],
    ['london', ['1', '2']],
    ['zurich', ['1']],
    ['London, turing!', ['2']],
    ['paris', []],
    ['…', ['1', '2', '3']],
  ])('for %j', async (search, keys) => {
    const { headwater, waitFor } = await withPeople()
    const { items } = await headwater.view(searched).list({ search, waitFor })
    expect(items.map(({ key }) => key)).toEqual(keys)
  })

  it('goes with filters, sorts and cursors', async () => {
    const { headwater, waitFor } = await withPeople()
    const reader = headwater.view(searched)
    const query = { search: 'a', sort: '-name', limit: 1, filter: { name: { ne: 'Alan Turing' } } }
    const first = await reader.list({ ...query, waitFor })
    const second = await reader.list({ ...query, cursor: first.cursor ?? '' })
    expect([...first.items, ...second.items].map(({ key }) => key)).toEqual(['3', '1'])
    expect(second.cursor).toBeNull()
  })
})

describe('a search', () => {
  it('of a view that does not say by what it is searched is refused', async () => {
    const { headwater } = await withPeople()
    const refusal = headwater.view(unsearched).list({ search: 'ada' })
    await expect(refusal).rejects.toMatchObject({ code: 'view.invalid-query' })
    await expect(refusal).rejects.toThrow(
      "the view unsearched is not searchable: say by what, as in search: ['name']",
    )
  })

  it.each([['a '.repeat(21)], ['a'.repeat(1_001)]])('that is too long is refused', async (search) => {
    const { headwater } = await withPeople()
    await expect(headwater.view(async).list({ search })).rejects.toMatchObject({ code: 'view.invalid-query' })
  })

  it('is by paths', () => {
    expect(() =>
      view('v', { events: [Registered], initial: {}, on: { Registered: (d) => d }, search: ['a b'] }),
    ).toThrow(expect.objectContaining({ code: 'view.invalid-query' }))
  })
})
