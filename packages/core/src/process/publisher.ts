import { scopeNamed, tenantNamed, type TenantScope } from '../message/tenant.ts'
import type { ErrorHook } from './mediator.ts'
import type { Topic, TopicMessage } from './topic.ts'

export interface PublishOptions {
  /** Whose listeners get it. Default: those of the tenant without a name. */
  readonly tenant?: string
  /** Only listeners of these names (multicast). Default: all who listen to the topic. */
  readonly to?: readonly string[]
}

export interface ListenOptions extends TenantScope {
  /** By which a message can be addressed to it; several may share one. */
  readonly name?: string
}

export type Listen<Data> = (data: Data, context: { readonly tenant: string }) => void | Promise<void>

interface Listener {
  readonly tenant: string | undefined
  readonly name: string | undefined
  readonly listen: Listen<unknown>
}

/**
 * Publish and subscribe within a process: a message goes to those who listen at that moment, side by side. Nothing is
 * queued: who publishes can wait until all have heard.
 */
export class Publisher {
  readonly #listeners = new Map<Topic, Set<Listener>>()
  readonly #onError: ErrorHook
  readonly #permit: (what: string) => void

  /** @param permit throws where nothing may be published now, because a query asks */
  constructor(onError: ErrorHook, permit: (what: string) => void) {
    this.#onError = onError
    this.#permit = permit
  }

  // Arrows, as the running app gives them out as its own.

  /** Gives what ends it. */
  readonly listen = <Data>(
    topic: Topic<string, Data>,
    listen: Listen<Data>,
    { name, ...scope }: ListenOptions = {},
  ): (() => void) => {
    const listener = { listen: listen as Listen<unknown>, name, tenant: scopeNamed(scope) }
    const known = this.#listeners.get(topic)
    if (known === undefined) this.#listeners.set(topic, new Set([listener]))
    else known.add(listener)
    return () => {
      const listeners = this.#listeners.get(topic)
      listeners?.delete(listener)
      if (listeners?.size === 0) this.#listeners.delete(topic)
    }
  }

  /** Gives how many were told, once they are done. One that fails stops no other: its failure goes to the error hook. */
  readonly publish = async (
    { topic, data }: TopicMessage,
    { tenant: named, to }: PublishOptions = {},
  ): Promise<number> => {
    this.#permit(`published ${topic.type}`)
    const tenant = tenantNamed(named)
    const told = [...(this.#listeners.get(topic) ?? [])].filter(
      (listener) =>
        (listener.tenant ?? tenant) === tenant &&
        (to === undefined || (listener.name !== undefined && to.includes(listener.name))),
    )
    await Promise.all(
      told.map(async ({ listen, name }) => {
        try {
          await listen(data, { tenant })
        } catch (error) {
          this.#onError(error, { subscription: name ?? topic.type })
        }
      }),
    )
    return told.length
  }
}
