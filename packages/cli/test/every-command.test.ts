import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { open } from '../src/app/open.ts'
import type { Command } from '../src/command/command.ts'
import { allCommands, commandNames } from '../src/command/registry.ts'
import depot, { notes, Ordered } from './support/depot/app.ts'
import { startHeadwater, temporaryFolder, until } from './support/headwater.ts'
import { runHere } from './support/in-process.ts'
import { newSchema, server } from './support/postgres.ts'

vi.setConfig({ testTimeout: 300_000 })

const depotApp = fileURLToPath(new URL('./support/depot/app.ts', import.meta.url))

/** A line and what has to come of it. */
interface Trial {
  readonly line: readonly string[]
  /** On stdout; absent: it has nothing to say there. */
  readonly prints?: RegExp
  /** On stderr. */
  readonly notes?: RegExp
  /** Default 0. */
  readonly code?: number
  readonly input?: string
  /** False: it has nothing to do with the database of the app. */
  readonly isOnLog?: boolean
}

const so = (line: string, prints?: RegExp, more: Omit<Trial, 'line' | 'prints'> = {}): Trial => ({
  line: line.split(' '),
  ...(prints && { prints }),
  ...more,
})
const tea = (pieces: number, to: string): string => JSON.stringify({ item: 'tea', pieces, to })

/** In the order in which they make sense. `FOLDER` is one of its own, `OTHER` and `COPY` are other schemas. */
const trials: readonly Trial[] = [
  so('segment seal --size 2', /1 +1 +2/),
  so('segment list', /[0-9a-f]{64}/),
  so('segment verify', undefined, { notes: /as sealed/ }),
  so('segment detach 1 FOLDER/one.gz --without-snapshots', /Segment 1, positions 1 to 2/),
  so('segment attach 1 FOLDER/one.gz', /in the log again/),

  so('send Order {"orderId":"5","item":"tea","pieces":4,"to":"eve"} --id order-5', /Ordered/),
  so('send Order {"orderId":"6","item":"tea","pieces":1,"to":"eve"}', undefined, {
    code: 3,
    notes: /too-few/,
  }),
  so(`append order-7 Ordered ${tea(2, 'fay')}`, /#\d+/),
  so('read --limit 2', /Ordered/),
  so('read order-5 --json', /"type":"Ordered"/),
  so('search eve', /order-5/),
  so('trace order-5', /Ordered/),
  so('tail --after 0 --limit 1', /Ordered/),
  so('state order-5', /tea/),
  so('debug order-5', /pieces: 0 → 4/, { input: 'n\nq\n' }),
  so('rule', /smallest-order/),
  so('query FindDemand --item tea', /pieces/),
  so('forecast demand --field pieces --every day --for 2 --to 2026-01-31 --method trend', /2026-02-01/),
  so('predict Cancel {"orderId":"2"} --view demand/tea', /accepted Cancel[^]*demand tea\n +pieces/),
  so('external list', /supplier/),
  so('external calls supplier', /#1/),
  so('external show supplier 1', /perBox/),

  so('view list', /demand/),
  so('view show demand --search tea', /tea/),
  so('view get demand tea', /pieces/),
  so('view rebuild demand', /2/),
  so('view versions demand', /current/),
  so('view switch demand 1', /1/),
  so('view accept demand', /1 +current/),
  so('view cancel demand', undefined, { code: 3, notes: /version-current/ }),
  so('view drop demand 2', /2/),

  so('processor list', /notes/),
  so('processor show notes', /notes/),
  so('processor pause notes', /paused/),
  so('processor resume notes', /notes/),
  so('processor split notes', /notes/),
  so('processor merge notes', /notes/),
  so('processor results notes', /sent/),
  so('processor acts notes', /pause/),
  so('processor reprocess notes --from 1 --to 1 --why again', /notes|1/),
  so('processor jobs notes', /again|1/),
  so('processor cancel notes 99', undefined, { code: 5, notes: /99/ }),
  so('parked list', /order-4/),
  so('parked show notes order-4', /nobody/),
  so(`parked edit notes order-4 --data ${tea(9, 'dan')} --why typo`, /order-4|edited|next/),
  so('parked retry notes order-4', /tried again/),
  so('parked drop notes order-4 --why gone', /drop/),
  so('processor reset notes --to end', /notes/),

  so('snapshot list', /order-5/),
  so('snapshot take', /snapshots taken/),
  so('snapshot verify', undefined, { notes: /./ }),
  so('snapshot drop', /./),

  so('migrate OLD OTHER --app APP --map FOLDER/map.jsonl', /./, { isOnLog: false }),
  so('migrate verify OLD OTHER --app APP --map FOLDER/map.jsonl', /./, { isOnLog: false }),

  so('branch create what-if --at 4', /what-if/),
  so('send Cancel {"orderId":"1"} --branch what-if', /Cancelled/),
  so('branch list', /what-if/),
  so('branch show what-if', /what-if/),
  so('branch move what-if --to 2027-01-01', /what-if/),
  so('branch diff what-if', /Cancelled/),
  so('branch replay what-if', /./),
  so('branch merge what-if --why so', /./),
  so('branch drop what-if', /what-if/),

  so('amend ignore order-5.1 --why typo', /order-5/),
  so('amend restore order-5.1 --why right', /order-5/),
  so(`amend correct order-5.1 ${tea(6, 'eve')} --why typo`, /order-5/),
  so(`amend insert order-5.1 ${tea(3, 'eve')} --type Ordered --why forgotten`, /order-5/),
  so('amend apply - --why typo', /order-5/, { input: '{"omit":"order-5.1"}\n' }),
  so('revert order-7 --to 0 --why mistake', /Cancelled|1/),

  so('catalog', /Ordered/),
  so('catalog check', /./),
  so('draw --app APP', /Ordered/, { isOnLog: false }),
  so('doctor', /PostgreSQL|postgres/),
  so('export FOLDER/depot.archive', undefined, { notes: /up to position/ }),
  so('import FOLDER/depot.archive --verify', /are the same/),
  so('import FOLDER/depot.archive --app APP --db COPY', /and 1 call to the outside/, { isOnLog: false }),

  so('bench --dir FOLDER --seconds 1', /commands|replay/, { isOnLog: false }),
  so('completion bash', /./, { isOnLog: false }),
  so('new FOLDER/made --no-install', undefined, { isOnLog: false }),
]

/** They run until they are ended. */
const servers = ['serve', 'dev']

/** What a command can do, where its definition lists it. */
function actionsOf({ name, arguments: { action } }: Command): readonly string[] {
  const words = /^[a-z]+(?:(?:, | or )[a-z]+)+$/.exec(action?.description ?? '')?.[0] ?? ''
  return words
    .split(/, | or /)
    .filter((word) => word !== '')
    .map((word) => `${name} ${word}`)
}

it('no command is left out, and no action of one', async () => {
  expect(new Set([...servers, ...trials.map(({ line: [name] }) => name)])).toEqual(new Set(commandNames))
  const commands = (await allCommands()).flatMap((group) => group.commands)
  const tried = new Set(trials.map(({ line: [name, action] }) => `${name} ${action}`))
  expect(commands.flatMap(actionsOf).filter((action) => !tried.has(action))).toEqual([])
})

/** Orders of thirty days, one a day, of which the fourth one goes to nobody. */
async function filled(db: string): Promise<void> {
  const headwater = await open(depot, { db, onError: () => undefined })
  for (let day = 0; day < 30; day += 1) {
    const data = { item: 'tea', pieces: 2 + day, to: day === 3 ? 'nobody' : 'ada' }
    const occurredAt = new Date(Date.UTC(2026, 0, 1 + day, 12))
    await headwater.append(`order-${day < 4 ? day + 1 : `old${day}`}`, [Ordered(data, { occurredAt })])
  }
  const { position } = await headwater.head()
  await headwater.processor(notes).waitFor(position, { timeLimit: 60_000 })
  await headwater.view('demand').get('tea', { waitFor: position, timeLimit: 60_000 })
  await headwater.close()
}

describe.skipIf(server === undefined)('every command of the command line', () => {
  it('does its work on a log in PostgreSQL', async () => {
    const [db, other, copy] = [newSchema(), newSchema(), newSchema()]
    const folder = await temporaryFolder()
    await filled(db)
    const places = { FOLDER: folder, OLD: db, OTHER: other, COPY: copy, APP: depotApp }
    const placed = (word: string): string =>
      word.replace(/^(?:FOLDER|OLD|OTHER|COPY|APP)\b/, (name) => places[name as keyof typeof places])
    const faults: unknown[] = []
    for (const { line, prints, notes: said, code = 0, input = '', isOnLog = true } of trials) {
      const words = line.map(placed)
      const needsApp = line[0] !== 'segment'
      const on = isOnLog ? ['--db', db, ...(needsApp ? ['--app', depotApp] : [])] : []
      const ended = await runHere([...words, ...on], { input })
      const isRight =
        ended.code === code && (prints?.test(ended.stdout) ?? true) && (said?.test(ended.stderr) ?? true)
      if (!isRight) faults.push({ line: line.join(' '), ...ended })
    }
    expect(faults).toEqual([])
  })

  it.each(servers)('runs: %s', async (command) => {
    const db = newSchema()
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'headwater.config.mjs'), 'export default {}\n')
    const running = startHeadwater([command, depotApp, '--db', db, '--port', '0'], folder)
    const url = await until(
      running,
      () => /http:\/\/[\w.]+:\d+/.exec(running.messages() + running.output())?.[0],
    )
    const answer = await until(running, async () => {
      const response = await fetch(`${url}/readyz`)
      return response.status === 200 ? response : undefined
    })
    expect(await answer.text()).toContain('ready')
    running.child.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
  })
})
