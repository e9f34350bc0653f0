import type { Issue } from '../../message/errors.ts'
import type { Guard, WrittenCommand, WrittenState, WrittenStates, WrittenTransition } from './nodes.ts'

interface ReaderInput {
  readonly root: object
  readonly issues: Issue[]
  readonly guards: Readonly<Record<string, Function>>
  readonly rename: Readonly<Record<string, string>>
  readonly events: ReadonlySet<string>
  readonly raise: Readonly<Record<string, WrittenCommand>>
}

type Path = readonly (string | number)[]

const forRoot = new Set(['id', 'context', 'version', 'types'])
const forState = new Set(['id', 'description', 'type', 'initial', 'states', 'on', 'meta'])
const forTransition = new Set(['target', 'guard', 'actions', 'reenter', 'description', 'meta'])
const types = new Set<unknown>(['atomic', 'compound', 'final'])

/** Why a part of a config has no equal here. */
const instead: Readonly<Record<string, string>> = {
  after: 'delays are timers: let time pass by a command or an event of its own',
  always: 'a state is left by an event: give the decision that raises it',
  invoke: 'invoked actors are effects: call them from a subscription, and send a command with the answer',
  entry: 'effects are what subscriptions do; the context is folded by evolve',
  exit: 'effects are what subscriptions do; the context is folded by evolve',
  onDone: 'a state is left by an event: give the decision that raises it',
  history: 'history states are not supported',
  output: 'a final state gives nothing',
  tags: 'tags are not kept',
}

/** Reads a config, and gathers what it can't take over. */
export class XStateReader {
  readonly #input: ReaderInput
  readonly #root: Record<string, unknown>
  /** The states' own paths by the ids that targets may use. */
  readonly #ids = new Map<string, string>()
  #saysCommands = false

  constructor(input: ReaderInput) {
    this.#input = input
    this.#root = { ...input.root }
  }

  get description(): string | undefined {
    return typeof this.#root['description'] === 'string' ? this.#root['description'] : undefined
  }

  read(): { initial: string; states: WrittenStates; context: object } {
    const { initial, states, context = {}, id } = this.#root
    const rootId = typeof id === 'string' ? id : '(machine)'
    this.#ids.set(rootId, '')
    this.#findIds(states, [rootId])
    this.#saysCommands = saysCommands(states)
    this.#refuseOthers(this.#root, new Set([...forState, ...forRoot]), [])
    if (!isRecord(context)) this.#refuse(['context'], 'is not an object: give one as context')
    this.#refuseRootTransitions()
    if (typeof initial !== 'string') this.#refuse(['initial'], 'names no state')
    return {
      initial: String(initial),
      states: this.#states(states, '', ['states']),
      context: isRecord(context) ? context : {},
    }
  }

  #refuse(path: Path, message: string): void {
    this.#input.issues.push({ path, message })
  }

  #refuseOthers(given: Record<string, unknown>, known: ReadonlySet<string>, path: Path): void {
    for (const [key, value] of Object.entries(given)) {
      if (known.has(key) || value === undefined || (Array.isArray(value) && value.length === 0)) continue
      this.#refuse([...path, key], instead[key] ?? 'is not supported')
    }
  }

  /** Of the root only what folds events into the context, which happens in every state anyway. */
  #refuseRootTransitions(): void {
    if (this.#root['type'] === 'parallel') this.#refuse(['type'], 'parallel states are not supported')
    for (const [event, value] of entriesOf(this.#root['on'])) {
      for (const transition of [value].flat()) {
        if (isRecord(transition) && transition['target'] === undefined)
          this.#transition(transition, '', ['on', event])
        else this.#refuse(['on', event], 'leads somewhere from every state: put a state around them')
      }
    }
  }

  #findIds(states: unknown, path: readonly string[]): void {
    for (const [name, state] of entriesOf(states)) {
      const here = [...path, name]
      this.#ids.set(here.join('.'), here.slice(1).join('.'))
      if (!isRecord(state)) continue
      if (typeof state['id'] === 'string') this.#ids.set(state['id'], here.slice(1).join('.'))
      this.#findIds(state['states'], here)
    }
  }

  #states(states: unknown, parent: string, path: Path): WrittenStates {
    return Object.fromEntries(
      entriesOf(states).map(([name, state]) => [
        name,
        this.#state(state, join(parent, name), [...path, name]),
      ]),
    )
  }

  #state(state: unknown, own: string, path: Path): WrittenState {
    if (!isRecord(state)) {
      this.#refuse(path, 'is no state')
      return {}
    }
    this.#refuseOthers(state, forState, path)
    const { type, description, initial } = state
    if (type !== undefined && !types.has(type))
      this.#refuse([...path, 'type'], `${JSON.stringify(type)} states are not supported`)
    const on = this.#on(state['on'], own, [...path, 'on'])
    const states = this.#states(state['states'], own, [...path, 'states'])
    const commands = this.#saysCommands
      ? this.#said(state['meta'], [...path, 'meta', 'commands'])
      : this.#derived(Object.keys(on))
    return {
      ...(typeof description === 'string' && { description }),
      ...(type === 'final' && { final: true }),
      ...(Object.keys(commands).length > 0 && { commands }),
      ...(Object.keys(on).length > 0 && { on }),
      ...(typeof initial === 'string' && { initial }),
      ...(Object.keys(states).length > 0 && { states }),
    }
  }

  /** The commands that the config says the state allows. */
  #said(meta: unknown, path: Path): Record<string, WrittenCommand> {
    const commands = entriesOf(isRecord(meta) ? meta['commands'] : undefined)
    return Object.fromEntries(
      commands.map(([type, said]) => [type, this.#command(type, said, [...path, type])]),
    )
  }

  #command(type: string, said: unknown, path: Path): WrittenCommand {
    const given = this.#input.raise[type]
    const { guard, decide } = typeof given === 'object' ? given : {}
    const { raises, guard: name } = isRecord(said) ? said : {}
    if (!Array.isArray(raises) || given === undefined) {
      this.#refuse(path, given === undefined ? 'nothing is given for it in raise' : 'says not what it raises')
      return { raises: [] }
    }
    if (name !== undefined && guard === undefined)
      this.#refuse([...path, 'guard'], 'no guard is given in raise')
    return {
      raises: raises.map(String),
      decide,
      ...(typeof name === 'string' && guard !== undefined && { guard: named(name, guard) }),
    }
  }

  /** Where a config says nothing of commands: those that raise what leads somewhere. */
  #derived(events: readonly string[]): Record<string, WrittenCommand> {
    return Object.fromEntries(
      Object.entries(this.#input.raise).filter(([, command]) => {
        const raises = typeof command === 'string' ? command : command.raises
        return [raises].flat().some((event) => events.includes(event))
      }),
    )
  }

  #on(on: unknown, own: string, path: Path): Record<string, readonly WrittenTransition[]> {
    const known = entriesOf(on).filter(([event]) => {
      const isKnown = this.#input.events.has(this.#input.rename[event] ?? event)
      if (!isKnown)
        this.#refuse([...path, event], 'is not one of the given events: rename it, or give its type')
      return isKnown
    })
    return Object.fromEntries(
      known.map(([event, value]) => [
        this.#input.rename[event] ?? event,
        [value].flat().map((transition) => this.#transition(transition, own, [...path, event])),
      ]),
    )
  }

  #transition(written: unknown, own: string, path: Path): WrittenTransition {
    if (typeof written === 'string') return { target: this.#target(written, own, path) }
    if (!isRecord(written)) {
      this.#refuse(path, 'is no transition')
      return {}
    }
    this.#refuseOthers(written, forTransition, path)
    const { target, guard, actions, reenter } = written
    if (reenter === true)
      this.#refuse([...path, 'reenter'], 'nothing happens on entry, so nothing can happen again')
    if ([actions ?? []].flat().some((action) => !isEvolve(action)))
      this.#refuse([...path, 'actions'], 'effects are what subscriptions do; the context is folded by evolve')
    const targets: unknown[] = [target ?? []].flat()
    const [only] = targets
    if (targets.length > 1)
      this.#refuse([...path, 'target'], 'there is one target, as states are not parallel')
    return {
      ...(typeof only === 'string' && { target: this.#target(only, own, path) }),
      ...(guard !== undefined && { guard: this.#guard(guard, path) }),
    }
  }

  #guard(guard: unknown, path: Path): Guard | Function | undefined {
    if (typeof guard === 'function') {
      this.#refuse([...path, 'guard'], 'is a function of XState: name it, and give it in guards')
      return undefined
    }
    const name = isRecord(guard) && guard['params'] === undefined ? guard['type'] : guard
    const check = typeof name === 'string' ? this.#input.guards[name] : undefined
    if (typeof name === 'string' && check !== undefined) return named(name, check)
    this.#refuse([...path, 'guard'], typeof name === 'string' ? `guards has no ${name}` : 'is not a name')
    return undefined
  }

  /** A target as XState resolves it: `#id`, `#id.inner`, `.inner`, or a sibling's path. */
  #target(target: string, own: string, path: Path): string {
    if (target.startsWith('#')) return this.#byId(target.slice(1), path)
    if (target.startsWith('.')) return join(own, target.slice(1))
    return join(own.includes('.') ? own.slice(0, own.lastIndexOf('.')) : '', target)
  }

  #byId(id: string, path: Path): string {
    for (let known = id; known !== ''; known = known.slice(0, Math.max(0, known.lastIndexOf('.')))) {
      const found = this.#ids.get(known)
      if (found !== undefined) return join(found, id.slice(known.length + 1))
    }
    this.#refuse([...path, 'target'], `there is no state #${id}`)
    return id
  }
}

function named(name: string, guard: Function | Guard): Guard {
  return { name, check: typeof guard === 'function' ? guard : guard.check }
}

function isEvolve(action: unknown): boolean {
  return action === 'evolve' || (isRecord(action) && action['type'] === 'evolve')
}

function saysCommands(states: unknown): boolean {
  return entriesOf(states).some(([, state]) => {
    if (!isRecord(state)) return false
    const { meta } = state
    return (isRecord(meta) && meta['commands'] !== undefined) || saysCommands(state['states'])
  })
}

function join(outer: string, inner: string): string {
  return outer === '' ? inner : inner === '' ? outer : `${outer}.${inner}`
}

function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value).filter(([, entry]) => entry !== undefined) : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
