import type { Aggregate } from '../decide/aggregate.ts'
import type { StandIn } from '../external/mode.ts'
import type { Outcome } from '../handle/outcome.ts'
import { isHeadwaterError } from '../message/errors.ts'
import type { CommandMessage } from '../message/command.ts'
import type { NewEvent } from '../message/event.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import type { App } from '../app/definition.ts'
import { describeReason } from './aggregate-story.ts'
import { type Caller, failure } from './failure.ts'
import { inMemory, type InMemory, type InMemoryOptions } from './in-memory.ts'
import { type ResultLine, type StoryLine, tell } from './print.ts'
import type { Setting } from './setting.ts'

/** Something that is done beside sending a command and recording an event: a request, say. */
export interface Action {
  readonly kind: 'action'
  /** For the story that a failure tells: `POST /orders`. */
  readonly name: string
  readonly data: unknown
  /** What it gives can be looked at by expectations of its own kind. */
  run(scene: Scene): Promise<unknown>
}

/** An expectation of another kind than those that a specification has itself. */
export interface Expectation {
  readonly kind: 'expectation'
  /** @throws what is to fail the test */
  check(scene: Scene, caller: Caller): void | Promise<void>
}

/** What a specification of an app is given or does; a text names the stream of the events that follow it. */
export type Doing = string | NewEvent | CommandMessage | Action

/** What became of what was done last. */
export type Done =
  | { readonly what: 'command'; readonly name: string; readonly outcome: Outcome }
  | { readonly what: 'failure'; readonly name: string; readonly error: unknown }
  | { readonly what: 'other'; readonly name: string; readonly result: unknown }

/** An app in memory while a specification is played. */
export class Scene {
  readonly headwater: InMemory
  readonly lines: StoryLine[] = []
  done: Done | undefined
  readonly #atEnd: (() => Promise<void>)[] = []
  #setting: Setting
  /** The position of the last event that was given, or followed from what was. */
  #given = 0

  constructor(headwater: InMemory, setting: Setting) {
    this.headwater = headwater
    this.#setting = setting
  }

  static async open(app: App, setting: Setting, options: InMemoryOptions): Promise<Scene> {
    const named = [app, ...app.contexts].flatMap(({ externals }) => externals.map(({ type }) => type))
    const standIns = named.map((name): [string, StandIn] => {
      return [name, (request) => scene.setting.outside.given(name, request)]
    })
    const externals = options.externals ?? Object.fromEntries(standIns)
    const scene = new Scene(await inMemory(app, { ...options, externals }), setting)
    return scene
  }

  get name(): string {
    return this.headwater.app.name
  }

  get setting(): Setting {
    return this.#setting
  }

  change(change: Partial<Setting>): void {
    this.#setting = { ...this.#setting, ...change }
  }

  /** Is done when all that is expected was looked at, and before the app is closed. */
  atEnd(work: () => Promise<void>): void {
    this.#atEnd.push(work)
  }

  async end(): Promise<void> {
    for (const work of this.#atEnd) await work()
    await this.headwater.close()
  }

  /** What is recorded from here on is looked at. */
  async begin(): Promise<void> {
    this.#given = (await this.headwater.head()).position
  }

  /** What was recorded since, in the tenant. */
  async recorded(): Promise<readonly RecordedEvent[]> {
    const { tenant } = this.#setting
    const events: RecordedEvent[] = []
    for await (const event of this.headwater.events({ after: this.#given, tenant })) events.push(event)
    return events
  }

  async state<State>(aggregate: Aggregate<string, State>, id: string): Promise<State> {
    const { tenant } = this.#setting
    return (await this.headwater.state(aggregate, id, { tenant })).state
  }

  /** How it came about, and what was recorded. */
  async told(): Promise<readonly string[]> {
    const lines = (await this.recorded()).map(({ type, data, stream }): ResultLine => {
      return { sign: ' ', where: stream, type, data }
    })
    return tell(this.lines, lines)
  }

  /** Fails where something went wrong that nobody expected. */
  async requireNoFailures(expected: ReadonlySet<string>, caller: Caller): Promise<void> {
    const failed = this.headwater.failures.find(({ source }) => !expected.has(nameOf(source)))
    if (failed === undefined) return
    const { error: cause, source } = failed
    const { tenant } = this.#setting
    const event =
      source.eventId === undefined ? undefined : await this.headwater.event(source.eventId, { tenant })
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    const on = event === undefined ? '' : ` on ${event.type}`
    const headline = `${this.name}: ${nameOf(source)} failed${on}: ${why}`
    throw failure({ headline, story: await this.told(), expected: 'no failure', actual: why, cause }, caller)
  }
}

/** Does one thing after the other, each with all that follows from it. */
export async function play(
  scene: Scene,
  word: StoryLine['word'],
  items: readonly Doing[],
  place: Caller,
): Promise<void> {
  let stream: string | undefined
  for (const item of items) {
    if (typeof item === 'string') {
      stream = item
      continue
    }
    scene.done = await perform(scene, word, item, stream)
    await scene.headwater.quiet()
    if (word === 'given') await requireDone(scene, scene.done, place)
  }
  if (word === 'given') await scene.begin()
}

async function perform(
  scene: Scene,
  word: StoryLine['word'],
  item: Exclude<Doing, string>,
  stream: string | undefined,
): Promise<Done> {
  const { headwater } = scene
  const { actor, tenant } = scene.setting
  const isEvent = !('kind' in item)
  const name = 'name' in item ? item.name : item.type
  const where = isEvent && stream !== undefined && { where: stream }
  scene.lines.push({ word, ...where, type: name, data: item.data })
  try {
    if (isEvent) {
      if (stream === undefined)
        throw new TypeError(`Say in which stream: ${word}('order-17', ${name}({ … }))`)
      return { what: 'other', name, result: await headwater.append(stream, [item], { actor, tenant }) }
    }
    if (item.kind === 'action') return { what: 'other', name, result: await item.run(scene) }
    return { what: 'command', name, outcome: await headwater.execute(item, { actor, tenant }) }
  } catch (error) {
    if (isHeadwaterError(error)) return { what: 'failure', name, error }
    throw error
  }
}

async function requireDone(scene: Scene, done: Done, place: Caller): Promise<void> {
  const isRefused = done.what === 'command' && done.outcome.status === 'rejected'
  if (done.what !== 'failure' && !isRefused) return
  const cause = done.what === 'failure' ? done.error : undefined
  const why =
    done.what === 'command' && done.outcome.status === 'rejected'
      ? describeReason(done.outcome.reason)
      : String(cause)
  throw failure(
    {
      headline: `${scene.name}: ${done.name} can't be given, as it was refused`,
      details: [`  ${why}`],
      story: tell(scene.lines, []),
      expected: 'accepted',
      actual: why,
      cause,
    },
    place,
  )
}

function nameOf(source: { readonly processor?: string; readonly subscription?: string }): string {
  return source.processor ?? source.subscription ?? 'the app'
}
