import { HeadwaterError, type Issue } from '../../message/errors.ts'
import type { Chart, ChartState } from './chart.ts'

/** A state as it runs: the chart's names, with the functions behind them. */
export interface StateNode {
  readonly name: string
  /** Its name after those of the states around it. */
  readonly path: string
  readonly parent: StateNode | undefined
  /** The name of the state in it that it begins in; undefined where there are none in it. */
  readonly initial: string | undefined
  readonly isFinal: boolean
  readonly description: string | undefined
  readonly commands: ReadonlyMap<string, CommandNode>
  readonly transitions: ReadonlyMap<string, readonly TransitionNode[]>
}

/** A condition, and what drawings call it. */
export interface Guard {
  readonly name: string
  readonly check: Function
}

export interface CommandNode {
  readonly raises: readonly string[]
  readonly guard: Guard | undefined
  /** Undefined: the event has the command's data. */
  readonly decide: Function | undefined
}

export interface TransitionNode {
  readonly target: string | undefined
  readonly guard: Guard | undefined
}

/** The states of a machine, by path, outer ones first. */
export interface MachineNodes {
  readonly initial: string
  readonly states: ReadonlyMap<string, StateNode>
}

/** A state as it is written; the compiler has checked what users of TypeScript write. */
export interface WrittenState {
  readonly description?: string | undefined
  readonly commands?: Readonly<Record<string, WrittenCommand | undefined>> | undefined
  readonly on?: Readonly<
    Record<string, string | WrittenTransition | readonly WrittenTransition[] | undefined>
  >
  readonly final?: boolean | undefined
  readonly initial?: string | undefined
  readonly states?: WrittenStates | undefined
}

export type WrittenStates = Readonly<Record<string, WrittenState>>

export type WrittenCommand =
  | string
  | {
      readonly raises: string | readonly string[]
      readonly guard?: Function | Guard | undefined
      readonly decide?: Function | undefined
    }

export interface WrittenTransition {
  readonly target?: string | undefined
  readonly guard?: Function | Guard | undefined
}

/** What {@link nodesOf} needs of a machine. */
export interface WrittenMachine {
  readonly initial: string
  readonly states: WrittenStates
  readonly events: readonly { readonly type: string }[]
  readonly commands: readonly { readonly type: string }[]
}

/**
 * Makes the states of a machine of what was written, and checks that they fit together.
 *
 * @throws HeadwaterError `app.invalid`, with an issue per contradiction
 */
export function nodesOf(
  name: string,
  { initial, states: written, events, commands }: WrittenMachine,
): MachineNodes {
  const states = new Map<string, StateNode>()
  addStates(written, undefined, states, guardNames())
  const nodes = { initial, states }
  const issues = [...contradictions(nodes, written, typesOf(events), typesOf(commands))]
  if (issues.length === 0) return nodes
  const list = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  throw new HeadwaterError('app.invalid', `Machine ${name} is invalid: ${list}`, { issues })
}

const typesOf = (types: WrittenMachine['events']): ReadonlySet<string> =>
  new Set(types.map(({ type }) => type))

function addStates(
  written: WrittenStates,
  parent: StateNode | undefined,
  states: Map<string, StateNode>,
  named: Naming,
): void {
  for (const [name, state] of Object.entries(written)) {
    const node: StateNode = {
      name,
      path: parent === undefined ? name : `${parent.path}.${name}`,
      parent,
      initial: state.initial,
      isFinal: state.final === true,
      description: state.description,
      commands: new Map(
        Object.entries(state.commands ?? {}).flatMap(([type, command]) =>
          command === undefined ? [] : [[type, commandNode(command, named)]],
        ),
      ),
      transitions: new Map(
        Object.entries(state.on ?? {}).flatMap(([type, on]) =>
          on === undefined ? [] : [[type, transitionNodes(on, named)]],
        ),
      ),
    }
    states.set(node.path, node)
    addStates(state.states ?? {}, node, states, named)
  }
}

type Naming = (guard: Function | Guard | undefined) => Guard | undefined

/** Names guards after their functions, and tells apart different ones of one name. */
function guardNames(): Naming {
  const checks = new Map<string, Function>()
  return (guard) => {
    if (guard === undefined || typeof guard !== 'function') return guard
    const base = guard.name === '' ? 'guard' : guard.name
    let name = base
    for (let count = 2; checks.has(name) && checks.get(name) !== guard; count += 1) name = `${base} ${count}`
    checks.set(name, guard)
    return { name, check: guard }
  }
}

function commandNode(written: WrittenCommand, named: Naming): CommandNode {
  if (typeof written === 'string') return { raises: [written], guard: undefined, decide: undefined }
  const { raises, guard, decide } = written
  return { raises: typeof raises === 'string' ? [raises] : [...raises], guard: named(guard), decide }
}

function transitionNodes(
  written: string | WrittenTransition | readonly WrittenTransition[],
  named: Naming,
): readonly TransitionNode[] {
  if (typeof written === 'string') return [{ target: written, guard: undefined }]
  return [written].flat().map(({ target, guard }) => ({ target, guard: named(guard) }))
}

function* contradictions(
  { initial, states }: MachineNodes,
  written: WrittenStates,
  events: ReadonlySet<string>,
  commands: ReadonlySet<string>,
): Generator<Issue> {
  const issue = (message: string, ...path: string[]): Issue => ({ path, message })
  if (!Object.hasOwn(written, initial)) yield issue(`there is no state ${initial}`, 'initial')
  const used = new Set<string>()
  for (const node of states.values()) {
    const { name, path, isFinal } = node
    const inner = [...states.values()].filter(({ parent }) => parent === node)
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name))
      yield issue('a state is named by letters, digits, underscores and dashes', path)
    if (inner.length > 0 && !inner.some((state) => state.path === `${path}.${node.initial}`))
      yield issue('names no state in it as its initial one', path)
    if (inner.length === 0 && node.initial !== undefined) yield issue('has no states in it', path, 'initial')
    if (isFinal && inner.length + node.commands.size + node.transitions.size > 0)
      yield issue('is final, so nothing can follow', path)
    for (const [type, { raises, decide }] of node.commands) {
      used.add(type)
      if (!commands.has(type)) yield issue("is not one of this machine's commands", path, type)
      for (const event of raises.filter((event) => !events.has(event)))
        yield issue(`${event} is not one of this machine's events`, path, type)
      if (decide === undefined && raises.length !== 1)
        yield issue('raises several events, and does not decide which', path, type)
    }
    for (const [type, transitions] of node.transitions) {
      if (!events.has(type)) yield issue("is not one of this machine's events", path, type)
      for (const { target } of transitions)
        if (target !== undefined && !states.has(target))
          yield issue(`there is no state ${target}`, path, type)
    }
  }
  for (const type of commands) if (!used.has(type)) yield issue('is allowed in no state', type)
}

/** The chart of a machine's states. */
export function chartOf({ initial, states }: MachineNodes): Chart {
  return { initial, states: [...states.values()].map(chartState) }
}

function chartState(node: StateNode): ChartState {
  return {
    path: node.path,
    parent: node.parent?.path ?? null,
    initial: node.initial === undefined ? null : `${node.path}.${node.initial}`,
    isFinal: node.isFinal,
    description: node.description ?? null,
    commands: [...node.commands].map(([command, { raises, guard }]) => ({
      command,
      raises,
      guard: guard?.name ?? null,
    })),
    transitions: [...node.transitions].flatMap(([event, transitions]) =>
      transitions.map(({ target, guard }) => ({ event, target: target ?? null, guard: guard?.name ?? null })),
    ),
  }
}
