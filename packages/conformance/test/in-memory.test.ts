import { inMemoryStore, VirtualClock } from '@headwater/core/spec'
import {
  commandLogConformance,
  documentsConformance,
  leasesConformance,
  logConformance,
  type MakeStore,
  progressConformance,
} from '@headwater/conformance'

/** A virtual clock that shows the time of the test's own. */
class Shown extends VirtualClock {
  readonly #now: () => number

  constructor(now: () => number) {
    super()
    this.#now = now
  }

  override now(): number {
    return this.#now()
  }
}

// What tests run on keeps what the store in memory promises, though each of its calls is watched.
const makeStore: MakeStore = ({ now = Date.now }) => inMemoryStore(new Shown(now))
const name = 'in memory, on virtual time'

for (const conformance of [
  logConformance,
  commandLogConformance,
  documentsConformance,
  progressConformance,
  leasesConformance,
])
  conformance(name, makeStore, { virtualTime: true, branches: true })
