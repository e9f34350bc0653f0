import type { AmendOptions, Amendments, Edit, RawEdit } from '../amend/edit.ts'
import type {
  Reversal,
  ReversalOptions,
  ReversalPlan,
  ReversalScope,
  RevertOptions,
} from '../amend/reversal.ts'
import type { NewEvent } from '../message/event.ts'

/** How a running app corrects its past. */
export interface Amending {
  /**
   * Says what really was so: omits events, replaces them, inserts those that are missing, or restores what was amended, all
   * of it or nothing. Nothing that is recorded is changed: amendments are facts of their own, in the streams of what they are
   * about, and states, decisions and views follow the history that they leave. The last one about an event counts. Effects
   * are not repeated: subscriptions see no amendment.
   *
   * @throws HeadwaterError `amendment.invalid`, `amendment.unfoldable`, `event.not-found`, `event.unknown`,
   *   `command.id-reused`, `log.conflict`, `log.overloaded`, `log.busy`
   */
  amend(edits: readonly Edit[], options: AmendOptions): Promise<Amendments>
  /** The same for edits that come from outside: data is validated. @throws HeadwaterError also `event.invalid` */
  amendRaw(edits: readonly RawEdit[], options: AmendOptions): Promise<Amendments>
  /** Amends one event: it counts no more. */
  ignore(eventId: string, options: AmendOptions): Promise<Amendments>
  /** Amends one event: another one stands in its place. */
  correct(eventId: string, by: NewEvent, options: AmendOptions): Promise<Amendments>
  /** Takes back what amendments have said about an event. */
  restore(eventId: string, options: AmendOptions): Promise<Amendments>

  /**
   * What it would take to go back to an event by further events, where history must stand: of a stream, of all that something
   * caused, or of the whole log. Records nothing.
   *
   * @throws HeadwaterError `revert.too-many`, `event.not-found`, `stream.invalid-name`
   */
  planReversal(scope: ReversalScope, options?: ReversalOptions): Promise<ReversalPlan>
  /**
   * Takes events back as planned: further ones are recorded, in each stream those first that take the latest back. Whole
   * streams are done together, up to 500 events in one transaction; what was done before something went wrong stays. Applied
   * twice, a plan has one effect.
   *
   * @throws HeadwaterError `revert.lacking`, `revert.moved`, and what `append` throws
   */
  revert(plan: ReversalPlan, options: RevertOptions): Promise<Reversal>
}
