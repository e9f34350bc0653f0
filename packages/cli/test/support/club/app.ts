import { aggregate, app, command, event, external, query, reject, view } from '@headwater/core'
import { z } from 'zod'

const Joined = event('Joined', z.object({ name: z.string() }))
const Join = command('Join', z.object({ memberId: z.string(), name: z.string() }))

const Welcome = command('Welcome', z.object({ memberId: z.string(), name: z.string() }))

const register = external('register', {
  description: 'The register of persons',
  request: z.object({ name: z.string() }),
  answer: z.object({ name: z.string() }),
  call: ({ name }) => ({ name }),
})

const member = aggregate('member', {
  events: [Joined],
  commands: [Join, Welcome],
  snapshots: { every: 1 },
  initial: { name: '' },
  evolve: { Joined: (_state, { data }) => data },
  decide: {
    Join: (state, { name }, { answer }) =>
      state.name === '' ? Joined(answer(register({ name }))) : reject('joined-already'),
    Welcome: (_state, { name }) => Joined({ name }),
  },
})

const members = view('members', {
  events: [Joined],
  initial: { name: '' },
  on: { Joined: (_doc, { data }) => data },
  search: ['name'],
})

const FindMembers = query('FindMembers', {
  description: 'Members by their names.',
  input: z.object({
    startOfName: z.string(),
    limit: z.int().default(10),
    tag: z.array(z.string()).optional(),
    loud: z.boolean().optional(),
  }),
  handle: async ({ startOfName, limit, tag, loud }, { view: viewOf, actor }) => {
    const { items } = await viewOf(members).list({ search: startOfName, limit })
    return { names: items.map(({ doc }) => doc.name), tag, loud, actor }
  },
})
const Nothing = query('Nothing', { handle: () => undefined })

/** Members who join by the names that the register knows them by, and guests who are welcomed by any. */
export default app({
  name: 'club',
  aggregates: [member],
  views: [members],
  queries: [FindMembers, Nothing],
  externals: [register],
})
