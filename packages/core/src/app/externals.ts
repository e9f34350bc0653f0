import type { BlockedCall, ExternalCounts } from '../external/tally.ts'
import type { Externals } from '../external/externals.ts'
import type { ExternalMode } from '../external/mode.ts'
import type { CallStatus, Caller, ListedCall } from '../log/external-journal.ts'
import { mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import { HeadwaterError, type Issue } from '../message/errors.ts'
import type { AnyExternal } from '../message/external.ts'
import { scopeNamed, type TenantScope } from '../message/tenant.ts'
import { idempotencyKeyOf } from '../external/caller.ts'
import type { App } from './definition.ts'

/** An external, and what this process made of its calls. */
export interface ExternalSummary {
  readonly name: string
  readonly description: string | null
  readonly mode: ExternalMode
  /** Milliseconds. */
  readonly timeLimit: number
  readonly retries: number
  /** Milliseconds; null: for good. */
  readonly keepFor: number | null
  readonly counts: ExternalCounts
}

/** A call, as it stands in the journal. */
export interface ExternalCallSummary {
  readonly sequence: number
  readonly tenant: string
  readonly external: string
  readonly caller: Caller
  /** The n-th call of its caller with this request. */
  readonly number: number
  readonly hash: string
  /** What was sent along. */
  readonly idempotencyKey: string
  readonly status: CallStatus
  /** As it was journaled; undefined: left out of a list, as it is long. */
  readonly request: unknown
  readonly answer: unknown
  /** Characters or bytes of what is journaled. */
  readonly requestSize: number
  readonly answerSize: number
  readonly error: { readonly code: string; readonly message: string } | null
  readonly attempts: number
  readonly intendedAt: Date
  readonly settledAt: Date | null
}

export interface CallsOptions extends TenantScope {
  readonly external?: string
  readonly status?: CallStatus
  /** Of a command, an event, or one asking of a query. */
  readonly callerId?: string
  /** Only those before this place in the journal. */
  readonly before?: number
  /** Up to 1,000; default 100. */
  readonly limit?: number
}

/** The journal of calls to the outside. */
export interface ExternalsHandle {
  list(): readonly ExternalSummary[]
  /** The last first; what is longer than 4,096 is left out. @throws HeadwaterError `external.unknown` */
  calls(options?: CallsOptions): Promise<readonly ExternalCallSummary[]>
  /**
   * One call, with all that is journaled.
   *
   * @throws HeadwaterError `external.call-unknown`, `external.unknown`
   */
  call(sequence: number, options?: TenantScope & { readonly external?: string }): Promise<ExternalCallSummary>
  /** Those that this process did not make, the last first: up to 100. */
  blocked(): readonly BlockedCall[]
}

/** Which externals an app names; one may be named in several contexts. */
export function collectExternals(app: App, issues: Issue[]): ReadonlyMap<string, AnyExternal> {
  const found = new Map<string, AnyExternal>()
  for (const { name, externals } of [app, ...app.contexts]) {
    for (const external of externals) {
      const known = found.get(external.type)
      if (known !== undefined && known !== external)
        issues.push({ path: [name, external.type], message: 'there are two externals of this name' })
      found.set(external.type, external)
    }
  }
  return found
}

/** What lists show of a request or an answer. */
const longestListed = 4_096
const mostListed = 1_000

export class ExternalsAdmin implements ExternalsHandle {
  readonly #store: Store
  readonly #externals: Externals
  readonly #definitions: ReadonlyMap<string, AnyExternal>

  constructor(store: Store, externals: Externals, definitions: ReadonlyMap<string, AnyExternal>) {
    this.#store = store
    this.#externals = externals
    this.#definitions = definitions
  }

  list(): readonly ExternalSummary[] {
    return [...this.#definitions.values()].map(({ type, description, timeLimit, retries, keepFor }) => ({
      name: type,
      description: description ?? null,
      mode: this.#externals.modeOf(type),
      timeLimit,
      retries,
      keepFor: keepFor ?? null,
      counts: this.#externals.tally.countsOf(type),
    }))
  }

  async calls({ limit = 100, ...options }: CallsOptions = {}): Promise<readonly ExternalCallSummary[]> {
    const { external, status, callerId, before } = options
    if (external !== undefined) this.#externals.named(external)
    const rows = await this.#store.externals.list({
      branch: mainBranch,
      tenant: scopeNamed(options),
      ...(external !== undefined && { external }),
      ...(status !== undefined && { status }),
      ...(callerId !== undefined && { callerId }),
      ...(before !== undefined && { before }),
      limit: Math.max(0, Math.min(limit, mostListed)),
      longest: longestListed,
    })
    return rows.map((row) => this.#summary(row))
  }

  async call(
    sequence: number,
    { external, ...scope }: Parameters<ExternalsHandle['call']>[1] = {},
  ): Promise<ExternalCallSummary> {
    const tenant = scopeNamed(scope)
    if (external !== undefined) this.#externals.named(external)
    const longest = Number.MAX_SAFE_INTEGER
    const [row] = await this.#store.externals.list({
      branch: mainBranch,
      tenant,
      sequence,
      limit: 1,
      longest,
      ...(external !== undefined && { external }),
    })
    if (row !== undefined) return this.#summary(row)
    throw new HeadwaterError('external.call-unknown', `The journal has no call ${sequence}`, {
      details: { sequence },
    })
  }

  blocked(): readonly BlockedCall[] {
    return this.#externals.tally.blocked
  }

  #summary({ branch: _branch, request, answer, error, intendedAt, settledAt, ...row }: ListedCall) {
    const { records } = this.#externals
    const { external } = row
    return {
      ...row,
      idempotencyKey: idempotencyKeyOf({ ...row, branch: mainBranch }),
      request: request === null ? undefined : records.readRequest(external, request),
      answer: answer === null ? undefined : records.readAnswer(external, answer),
      error: error === null ? null : (JSON.parse(error) as { code: string; message: string }),
      intendedAt: new Date(intendedAt),
      settledAt: settledAt === null ? null : new Date(settledAt),
    }
  }
}
