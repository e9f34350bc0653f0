import {
  aggregate,
  app,
  command,
  event,
  external,
  memoryImage,
  query,
  reject,
  subscription,
  table,
  view,
} from 'headwater'
import { z } from 'zod'

export const Noted = event('Noted', z.object({ text: z.string() }), { tags: ({ text }) => [`text:${text}`] })
export const Echoed = event('Echoed', z.object({ id: z.string() }))
export const Note = command('Note', z.object({ noteId: z.string(), text: z.string() }))
export const Echo = command('Echo', z.object({ echoId: z.string() }))

export const spelling = external('spelling', {
  request: z.object({ text: z.string() }),
  answer: z.object({ text: z.string() }),
  call: ({ text }) => ({ text }),
})

export const note = aggregate('note', {
  events: [Noted],
  commands: [Note],
  initial: { texts: [] as readonly string[] },
  evolve: { Noted: (state, { data }) => ({ texts: [...state.texts, data.text] }) },
  decide: {
    Note: (state, { text }, { answer }) =>
      state.texts.includes(text) ? reject('noted-already') : Noted(answer(spelling({ text }))),
  },
  snapshots: { every: 2 },
})

export const echo = aggregate('echo', {
  events: [Echoed],
  commands: [Echo],
  initial: { id: '' },
  evolve: { Echoed: (_state, { data }) => data },
  decide: { Echo: (_state, _data, { id }) => Echoed({ id: `${id()} ${id('natural')}` }) },
})

const notesAs = <Name extends string>(name: Name, lifecycle: 'async' | 'inline' | 'live') =>
  view(name, {
    events: [Noted],
    initial: { texts: [] as readonly string[] },
    on: { Noted: (doc, { data }) => ({ texts: [...doc.texts, data.text] }) },
    search: ['texts'],
    lifecycle,
  })
export const views = [
  notesAs('notes', 'async'),
  notesAs('inline-notes', 'inline'),
  notesAs('live-notes', 'live'),
]

export const latest = memoryImage('latest', {
  events: [Noted],
  tables: { texts: table<string>() },
  on: { Noted: ({ texts }, { stream, data }) => texts.set(stream, data.text) },
})

export const FindNotes = query('FindNotes', {
  input: z.object({ text: z.string() }),
  handle: async ({ text }, { view: viewOf, state, stream, events, image }) => ({
    latest: [...(await image(latest)).texts.entries()],
    found: await Promise.all(views.map((one) => viewOf(one).list({ search: text }))),
    state: await state(note, '1'),
    stream: await Array.fromAsync(stream('note-1')),
    events: await Array.fromAsync(events()),
  }),
})

const echoes = subscription('echoes', {
  events: [Noted],
  handle: async ({ aggregateId }, { execute }) => {
    await execute(Echo({ echoId: aggregateId }))
  },
})
const fails = subscription('fails', {
  events: [Noted],
  retry: { attempts: 1 },
  handle: () => Promise.reject(new Error('Marker of a failure')),
})

/** Notes, each echoed by a subscription, kept in a view of each lifecycle, and found by a query. */
export const notes = app({
  name: 'notes',
  aggregates: [note, echo],
  views,
  images: [latest],
  queries: [FindNotes],
  subscriptions: [echoes, fails],
  externals: [spelling],
})
