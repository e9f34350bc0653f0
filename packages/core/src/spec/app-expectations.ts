import {
  documentCheck,
  documentsCheck,
  failsCheck,
  parkedCheck,
  queryCheck,
  queryFailsCheck,
  recordedCheck,
  rejectedCheck,
  stateCheck,
} from './app-checks.ts'
import type { AppExpectations, AppThens } from './app-thens.ts'
import { nothing } from './difference.ts'
import { Place } from './failure.ts'
import { type Expected, promised } from './promised.ts'
import type { Scene } from './scene.ts'

/** Here, and of which view or subscription it expects that it fails. */
export interface ExpectedOfApp extends Expected<Scene> {
  readonly failing?: string
}

/** The ways to expect something, each of which hands an expectation over. */
export function appThens(expect: (expected: ExpectedOfApp) => AppExpectations): AppThens {
  const all: AppThens = {
    thenRecorded: (...events) => expect({ check: recordedCheck(events), place: new Place(all.thenRecorded) }),
    thenNothing: () => expect({ check: recordedCheck([]), place: new Place(all.thenNothing) }),
    thenRejected: (code, reason = {}) =>
      expect({ check: rejectedCheck(code, reason), place: new Place(all.thenRejected) }),
    thenFails: (code) => expect({ check: failsCheck(code), place: new Place(all.thenFails) }),
    thenState: (aggregate, id, state) =>
      expect({ check: stateCheck(aggregate, id, state), place: new Place(all.thenState) }),
    thenDocument: (view, key, document) =>
      expect({ check: documentCheck(view, key, document), place: new Place(all.thenDocument) }),
    thenNoDocument: (view, key) =>
      expect({ check: documentCheck(view, key, nothing), place: new Place(all.thenNoDocument) }),
    thenDocuments: (view, documents) =>
      expect({ check: documentsCheck(view, documents), place: new Place(all.thenDocuments) }),
    thenQuery: (query, result) =>
      expect({ check: queryCheck(query, result), place: new Place(all.thenQuery) }),
    thenQueryFails: (query, code) =>
      expect({ check: queryFailsCheck(query, code), place: new Place(all.thenQueryFails) }),
    thenParked: (part, ...sequences) =>
      expect({ check: parkedCheck(part, sequences), place: new Place(all.thenParked), failing: part.name }),
    thenThat: (expected) =>
      expect({
        check: (scene, caller) =>
          typeof expected === 'function' ? expected(scene.headwater) : expected.check(scene, caller),
        place: new Place(all.thenThat),
      }),
  }
  return all
}

export function appExpectations(play: () => Promise<Scene>, first: ExpectedOfApp): AppExpectations {
  const meet = async (expected: readonly ExpectedOfApp[]): Promise<void> => {
    const scene = await play()
    const failing = new Set(expected.flatMap((one) => one.failing ?? []))
    try {
      await scene.requireNoFailures(failing, first.place)
      for (const { check, place } of expected) await check(scene, place)
    } finally {
      await scene.end()
    }
  }
  return promised<ExpectedOfApp, AppThens>(first, meet, appThens)
}
