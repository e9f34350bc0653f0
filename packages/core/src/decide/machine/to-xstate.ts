import type { Fact } from '../../message/recorded.ts'
import { FactContext, type FoldContext, lookupWritten } from '../rule-book.ts'
import type { Machine } from './machine.ts'
import { type CommandNode, type Guard, nodesOf, type StateNode, type TransitionNode } from './nodes.ts'

/**
 * A machine as XState 5 has it: what `createMachine` takes.
 *
 * @typeParam Action a name, so that it is JSON; or what XState's `assign` gives
 */
export interface XStateConfig<Action = string> extends XStateNode<Action> {
  readonly id: string
  readonly initial: string
  readonly context: object
  readonly states: Readonly<Record<string, XStateNode<Action>>>
}

export interface XStateNode<Action = string> {
  readonly description?: string
  readonly type?: 'final'
  readonly initial?: string
  readonly states?: Readonly<Record<string, XStateNode<Action>>>
  readonly on?: Readonly<Record<string, XStateTransition<Action> | XStateTransition<Action>[]>>
  /** Which commands a state allows, and which events they raise: XState only knows events. */
  readonly meta?: { readonly commands: Readonly<Record<string, XStateCommand>> }
}

export interface XStateCommand {
  readonly raises: readonly string[]
  readonly guard?: string
}

export interface XStateTransition<Action = string> {
  readonly target?: string
  readonly guard?: string | ((scope: XStateScope) => boolean)
  readonly actions?: Action
}

/** What XState hands to guards and assigners. */
export interface XStateScope {
  readonly context: object
  readonly event: object
}

type Assign<Action> = (assigner: (scope: XStateScope) => object) => Action

/** The name of the action that folds an event into the context. */
const evolveAction = 'evolve'

/**
 * A machine for XState 5 and its tools. Its events are the machine's; which commands are allowed is kept in the states'
 * `meta.commands`. Guards and the action that folds an event into the context (`evolve`) are named, so that it is JSON.
 *
 * ```ts
 * createMachine(toXState(pizzaOrder, { assign })) // with XState's assign it runs: send it facts
 * ```
 */
export function toXState(machine: Machine): XStateConfig
export function toXState<Action>(
  machine: Machine,
  run: { readonly assign: Assign<Action> },
): XStateConfig<Action>
export function toXState(
  machine: Machine,
  run?: { readonly assign: Assign<unknown> },
): XStateConfig<unknown> {
  const { name, parts } = machine
  const { initial, states } = nodesOf(name, parts)
  const scribe = new Scribe(name, parts.reducers, [...states.values()], run?.assign)
  return {
    id: name,
    ...(machine.description !== undefined && { description: machine.description }),
    initial,
    context: parts.context as object,
    // Events change the context in every state, also where they lead nowhere.
    ...scribe.fallbacks(),
    states: scribe.statesIn(undefined),
  }
}

class Scribe {
  readonly #name: string
  readonly #reducers: ReadonlyMap<string, Function>
  readonly #nodes: readonly StateNode[]
  readonly #assign: Assign<unknown> | undefined

  constructor(
    name: string,
    reducers: object,
    nodes: readonly StateNode[],
    assign: Assign<unknown> | undefined,
  ) {
    this.#name = name
    this.#reducers = new Map(Object.entries<Function>({ ...reducers }))
    this.#nodes = nodes
    this.#assign = assign
  }

  fallbacks(): Pick<XStateNode<unknown>, 'on'> {
    const on = [...this.#reducers.keys()].map((type) => [type, this.#actions(type)] as const)
    return on.length === 0 ? {} : { on: Object.fromEntries(on) }
  }

  statesIn(parent: StateNode | undefined): Record<string, XStateNode<unknown>> {
    return Object.fromEntries(
      this.#nodes.filter((node) => node.parent === parent).map((node) => [node.name, this.#state(node)]),
    )
  }

  #state(node: StateNode): XStateNode<unknown> {
    const { description, isFinal, initial, commands, transitions } = node
    return {
      ...(description !== undefined && { description }),
      ...(isFinal && { type: 'final' as const }),
      ...(commands.size > 0 && { meta: { commands: mapped(commands, (command) => this.#command(command)) } }),
      ...(transitions.size > 0 && {
        on: mapped(transitions, (those, type) => this.#transitions(those, type)),
      }),
      ...(initial !== undefined && { initial, states: this.statesIn(node) }),
    }
  }

  #command({ raises, guard }: CommandNode): XStateCommand {
    return { raises, ...(guard !== undefined && { guard: guard.name }) }
  }

  #transitions(
    transitions: readonly TransitionNode[],
    type: string,
  ): XStateTransition<unknown> | XStateTransition<unknown>[] {
    const all = transitions.map(({ target, guard }) => ({
      ...(target !== undefined && { target: `#${this.#name}.${target}` }),
      ...(guard !== undefined && { guard: this.#guard(guard) }),
      ...this.#actions(type),
    }))
    return all.length === 1 && all[0] !== undefined ? all[0] : all
  }

  #guard({ name, check }: Guard): string | ((scope: XStateScope) => boolean) {
    if (this.#assign === undefined) return name
    return ({ context, event }) => check(context, event, foldOf(event)) === true
  }

  #actions(type: string): Pick<XStateTransition<unknown>, 'actions'> {
    const reduce = this.#reducers.get(type)
    if (reduce === undefined) return {}
    if (this.#assign === undefined) return { actions: evolveAction }
    return { actions: this.#assign(({ context, event }) => reduce(context, event, foldOf(event)) as object) }
  }
}

/** Outside of an app, dated rules are as they are written. */
function foldOf(event: object): FoldContext {
  return new FactContext(lookupWritten, event as Fact)
}

function mapped<From, To>(
  entries: ReadonlyMap<string, From>,
  to: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries([...entries].map(([key, value]) => [key, to(value, key)]))
}
