/**
 * In which order a state is folded from its events.
 * - `recorded`: as they were recorded. What came last counts last, whenever it was.
 * - `occurred`: as they occurred, and of one time as they were recorded. An event that is recorded late is folded where it
 *   belongs, as if it had been recorded in time. (Martin Fowler's Retroactive Event: the out of order event.)
 */
export type FoldOrder = 'recorded' | 'occurred'
