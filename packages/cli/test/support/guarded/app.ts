import { aggregate, app, command, event } from '@headwater/core'
import { z } from 'zod'

const Noted = event('Noted', z.object({ text: z.string() }))
const Note = command('Note', z.object({ pageId: z.string(), text: z.string() }))

const page = aggregate('page', {
  events: [Noted],
  commands: [Note],
  initial: { texts: [] as readonly string[] },
  evolve: { Noted: ({ texts }, { data }) => ({ texts: [...texts, data.text] }) },
  decide: { Note: (_state, { text }) => Noted({ text }) },
})

/** Notes that anybody may merge, and corrections that only the editor may. */
export default app({
  name: 'guarded',
  aggregates: [page],
  mayMerge: ({ steps }, { actor }) =>
    steps.every(({ kind }) => kind === 'append') || actor === 'editor' || `${actor} is not the editor`,
})
