/** What a query gives; only types ask for it. */
declare const result: unique symbol

/** A query's name and valid input, not yet asked. */
export interface QueryMessage<Name extends string = string, Input = unknown, Result = unknown> {
  readonly kind: 'query'
  readonly type: Name
  readonly input: Input
  readonly [result]?: Result
}
