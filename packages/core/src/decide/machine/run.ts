import type { CommandMessage } from '../../message/command.ts'
import type { AnyEventType, NewEvent } from '../../message/event.ts'
import type { Fact } from '../../message/recorded.ts'
import type { Decision } from '../aggregate.ts'
import type { DecisionContext } from '../context.ts'
import { eventsOf, isRejection } from '../decision.ts'
import { reject } from '../reject.ts'
import type { FoldContext } from '../rule-book.ts'
import type { CommandNode, MachineNodes, StateNode } from './nodes.ts'

/** Where a machine is, and what it remembers. */
export interface MachineState<Value extends string = string, Context = unknown> {
  /** The state's path: `placed`, `preparing.baking`. */
  readonly value: Value
  readonly context: Context
}

/** What a command is rejected with that the state does not allow, or whose guard does not. */
export type MachineRejection = 'not-allowed-in-state' | 'guard-refused'

/** A state, the one that it is in, and so on outward. */
function* outward(node: StateNode | undefined): Generator<StateNode> {
  for (let state = node; state !== undefined; state = state.parent) yield state
}

/** Where one is after entering a state: in the innermost of the states that it begins in. */
export function entered({ states }: MachineNodes, path: string): string {
  let leaf = path
  for (let node = states.get(path); node?.initial !== undefined; node = states.get(leaf)) {
    leaf = `${leaf}.${node.initial}`
  }
  return leaf
}

/** Where an event leads: by the innermost state that has a transition for it whose guard lets it. */
export function valueAfter(
  nodes: MachineNodes,
  { value, context }: MachineState,
  fact: Fact,
  fold: FoldContext,
): string {
  for (const { transitions } of outward(nodes.states.get(value))) {
    const taken = transitions
      .get(fact.type)
      ?.find(({ guard }) => guard === undefined || guard.check(context, fact, fold) === true)
    if (taken !== undefined) return taken.target === undefined ? value : entered(nodes, taken.target)
  }
  return value
}

/** Whether a machine has come to its end: nothing changes it any more. */
export function isOver({ states }: MachineNodes, value: string): boolean {
  const node = states.get(value)
  return node !== undefined && node.isFinal && node.parent === undefined
}

/** The types of the commands that a state allows, its own first. */
export function allowedIn({ states }: MachineNodes, value: string): readonly string[] {
  return [...new Set([...outward(states.get(value))].flatMap(({ commands }) => [...commands.keys()]))]
}

/** Decides a command as the state says. */
export function decideIn(
  nodes: MachineNodes,
  events: ReadonlyMap<string, AnyEventType>,
  { value, context }: MachineState,
  { type, data }: CommandMessage,
  decision: DecisionContext,
): Decision {
  const command = commandIn(nodes, value, type)
  if (command === undefined) return notAllowed(nodes, type, value)
  const permission: unknown = command.guard === undefined || command.guard.check(context, data, decision)
  if (isRejection(permission)) return permission
  if (permission !== true) return guardRefused(type, value, command)
  if (command.decide === undefined) return asItIs(events, command, data)
  return declared(command, command.decide(context, data, decision) as Decision, `${type} in ${value}`)
}

/** By the innermost state that knows the command. */
function commandIn({ states }: MachineNodes, value: string, type: string): CommandNode | undefined {
  for (const { commands } of outward(states.get(value))) {
    const found = commands.get(type)
    if (found !== undefined) return found
  }
  return undefined
}

function notAllowed(nodes: MachineNodes, command: string, state: string): Decision {
  const allowed = allowedIn(nodes, state)
  const instead = allowed.length === 0 ? 'nothing is' : `allowed: ${allowed.join(', ')}`
  return reject('not-allowed-in-state', {
    message: `${command} is not allowed in ${state}; ${instead}`,
    data: { command, state, allowed },
  })
}

function guardRefused(command: string, state: string, { guard }: CommandNode): Decision {
  const name = guard?.name ?? ''
  return reject('guard-refused', {
    message: `${command} in ${state} is refused by ${name}`,
    data: { command, state, guard: name },
  })
}

function asItIs(
  events: ReadonlyMap<string, AnyEventType>,
  { raises }: CommandNode,
  data: unknown,
): NewEvent | undefined {
  // The compiler has seen that the event takes what the command has; users of JavaScript get event.invalid.
  return raises[0] === undefined ? undefined : events.get(raises[0])?.(data as never)
}

/** The decision, if it raises nothing but what is in the chart. */
function declared({ raises }: CommandNode, decision: Decision, what: string): Decision {
  const foreign = eventsOf(decision).find(({ type }) => !raises.includes(type))
  if (foreign === undefined) return decision
  throw new TypeError(`${what} raises ${foreign.type}, but its chart says ${raises.join(', ')}`)
}
