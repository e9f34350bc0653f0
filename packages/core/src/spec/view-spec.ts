import type { AnyEventType, NewEvent } from '../message/event.ts'
import type { View } from '../view/view.ts'
import { nothing } from './difference.ts'
import { type Caller, requireSame } from './failure.ts'
import { documentsAfter } from './fold.ts'
import type { Likeness } from './like.ts'
import { lineOf, placed, type PlacedEvent, recorded } from './placed.ts'
import { tell } from './print.ts'
import { firstSetting, type Moment, type Setting, timeOf } from './setting.ts'
import type { OwnEventsInStreams } from './types.ts'

/** A document, or what `like({ … })` names of it. */
export type ExpectedDocument<Document> = Document | Likeness<Document>

/** Documents by their keys. */
export type ExpectedDocuments<Document> = Readonly<Record<string, ExpectedDocument<Document>>>

/** What is expected of a view's documents; expectations can be put one after the other. */
export class ViewExpectations<Document, Events extends AnyEventType> {
  protected readonly view: View<string, Document, Events>
  protected readonly before: readonly PlacedEvent[]
  protected readonly setting: Setting

  constructor(view: View<string, Document, Events>, before: readonly PlacedEvent[], setting: Setting) {
    this.view = view
    this.before = before
    this.setting = setting
  }

  /** These documents are there, and others may be. */
  thenSome(documents: ExpectedDocuments<Document>): ViewExpectations<Document, Events> {
    const all = this.documents(this.thenSome)
    const some = Object.keys(documents).filter((key) => all.has(key))
    const actual = Object.fromEntries(some.map((key) => [key, all.get(key)]))
    return this.same(documents, actual, 'the documents are', this.thenSome)
  }

  /** There are no documents. */
  thenNone(): ViewExpectations<Document, Events> {
    return this.same(
      {},
      Object.fromEntries(this.documents(this.thenNone)),
      'the documents are',
      this.thenNone,
    )
  }

  /** The document of a key. */
  thenDocument(key: string, document: ExpectedDocument<Document>): ViewExpectations<Document, Events> {
    const actual = this.documents(this.thenDocument).get(key) ?? nothing
    return this.same(document, actual, `document ${key} is`, this.thenDocument)
  }

  /** There is no document of this key. */
  thenNoDocument(key: string): ViewExpectations<Document, Events> {
    const actual = this.documents(this.thenNoDocument).get(key) ?? nothing
    return this.same(nothing, actual, `document ${key} is`, this.thenNoDocument)
  }

  protected documents(caller: Caller): ReadonlyMap<string, unknown> {
    const { view, setting } = this
    return documentsAfter(recorded(this.before), {
      view,
      tenant: setting.tenant,
      story: this.#told(),
      caller,
    })
  }

  protected same(
    expected: unknown,
    actual: unknown,
    what: string,
    caller: Caller,
  ): ViewExpectations<Document, Events> {
    requireSame(expected, actual, `${this.view.name}: ${what} not as expected`, this.#told(), caller)
    return new ViewExpectations(this.view, this.before, this.setting)
  }

  #told(): readonly string[] {
    const story = this.before.map((event) => lineOf('given', event))
    return tell(story, [])
  }
}

/**
 * Given facts, then documents: the folds of a view, in memory, without waiting. It holds for all lifecycles, as a fold
 * can't tell them apart. Each step gives a new specification.
 */
export class ViewSpec<Document, Events extends AnyEventType> extends ViewExpectations<Document, Events> {
  constructor(
    view: View<string, Document, Events>,
    before: readonly PlacedEvent[] = [],
    setting: Setting = firstSetting,
  ) {
    super(view, before, setting)
  }

  /** What follows happens at this time. Virtual time begins with 2026, and stands still. */
  at(moment: Moment): ViewSpec<Document, Events> {
    return this.#in({ now: timeOf(moment) })
  }

  /** What follows is done by this actor; by nobody in particular unless told otherwise. */
  as(actor: string | null): ViewSpec<Document, Events> {
    return this.#in({ actor })
  }

  /** What follows belongs to this tenant, and so do the documents that are looked at. */
  of(tenant: string): ViewSpec<Document, Events> {
    return this.#in({ tenant })
  }

  /**
   * What has happened. A text names the stream of the events that follow it, for views that look at streams or ids of
   * aggregates.
   *
   * @example
   * .given('order-17', OrderPlaced({ … }), OrderPaid({ … }), 'order-18', OrderPlaced({ … }))
   */
  given<const Items extends readonly (string | NewEvent)[]>(
    ...items: OwnEventsInStreams<Items, Events, 'view'>
  ): ViewSpec<Document, Events> {
    return new ViewSpec(this.view, [...this.before, ...placed(items, this.setting)], this.setting)
  }

  /** These are all of the documents, by their keys. */
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the trade; see below for who awaits it
  then(documents: ExpectedDocuments<Document>): ViewExpectations<Document, Events> {
    // A test that returns it without an expectation has it awaited by its runner, which passes functions.
    if (typeof documents === 'function')
      throw new TypeError('Nothing is expected yet: then(…) needs documents, thenNone() expects none')
    return this.same(documents, Object.fromEntries(this.documents(this.then)), 'the documents are', this.then)
  }

  #in(change: Partial<Setting>): ViewSpec<Document, Events> {
    return new ViewSpec(this.view, this.before, { ...this.setting, ...change })
  }
}
