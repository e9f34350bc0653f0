import type { App } from '../app/definition.ts'
import type { External } from '../message/external.ts'
import { appExpectations, appThens } from './app-expectations.ts'
import type { AppThens } from './app-thens.ts'
import { Place } from './failure.ts'
import type { GivenAnswer } from './given-answers.ts'
import type { InMemoryOptions } from './in-memory.ts'
import { nothingExpected, type NothingExpected } from './promised.ts'
import { type Doing, play, Scene } from './scene.ts'
import { type Duration, firstSetting, millisecondsIn, type Moment, timeOf } from './setting.ts'
import type { VirtualClock } from './virtual-clock.ts'

/**
 * Given facts, when commands, then facts, documents and states: a whole app in memory, on virtual time. After each
 * step everything is done that follows from it, so that there is nothing to wait for. Each step gives a new
 * specification; it is played when something is expected.
 */
export interface AppSpec extends AppThens {
  /** Lets time pass until then. Virtual time begins with 2026; an earlier time is set at once. */
  at(moment: Moment): AppSpec
  /** Lets time pass. */
  after(duration: Duration): AppSpec
  /** What follows is done by this actor; by nobody in particular unless told otherwise. */
  as(actor: string | null): AppSpec
  /** What follows belongs to this tenant, and so does what is looked at. */
  of(tenant: string): AppSpec
  /**
   * What an external answers from here on: an answer, a function of the request, or an error, which is its failure. Nothing
   * reaches the outside.
   */
  answering<Request, Answer>(
    external: External<string, Request, Answer>,
    answer: GivenAnswer<Request, Answer>,
  ): AppSpec
  /**
   * What has happened before: events, and commands, which have to be accepted. What follows from them in the app happens
   * too. A text names the stream of the events that follow it.
   *
   * @example
   * .given('order-17', OrderPlaced({ … }), 'customer-ada', CustomerRegistered({ … }))
   */
  given(...items: readonly Doing[]): AppSpec
  /** What is done: commands, events from elsewhere, requests; one after the other, each with all that follows from it. */
  when(...items: readonly Doing[]): AppSpec
  /** Nothing is expected yet: to await it doesn't compile, and fails the test that returns it. */
  readonly then: NothingExpected
}

type Step = (scene: Scene) => Promise<void>

export function appSpec(app: App, options: InMemoryOptions, steps: readonly Step[] = []): AppSpec {
  const go = (step: Step): AppSpec => appSpec(app, options, [...steps, step])
  const played = async (): Promise<Scene> => {
    const scene = await Scene.open(app, firstSetting, options)
    for (const step of steps) await step(scene)
    return scene
  }
  const spec: AppSpec = {
    ...appThens((first) => appExpectations(played, first)),
    at: (moment) => go(({ headwater }) => passUntil(headwater.clock, timeOf(moment))),
    after: (duration) => go(({ headwater }) => headwater.clock.advance(millisecondsIn(duration))),
    as: (actor) => go(async (scene) => scene.change({ actor })),
    answering: (external, answer) =>
      go(async (scene) => scene.change({ outside: scene.setting.outside.and(external, answer) })),
    of: (tenant) => go(async (scene) => scene.change({ tenant })),
    given: (...items) => {
      const place = new Place(spec.given)
      return go((scene) => play(scene, 'given', items, place))
    },
    when: (...items) => {
      const place = new Place(spec.when)
      return go((scene) => play(scene, 'when', items, place))
    },
    // oxlint-disable-next-line unicorn/no-thenable -- who awaits it has to be told
    then: nothingExpected,
  }
  return spec
}

async function passUntil(clock: VirtualClock, time: number): Promise<void> {
  if (time < clock.now()) clock.set(new Date(time))
  else await clock.advance(time - clock.now())
}
