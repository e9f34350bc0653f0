import type { Transport } from './transport.ts'
import type { RebuildProgress, RebuildRequest, ViewVersion } from './wire.ts'

/** The versions of one view's documents: building, switching, dropping them. */
export interface VersionsClient {
  list(signal?: AbortSignal): Promise<readonly ViewVersion[]>
  /** Begins to fold the whole log into a new version, beside the one that is read; one that is under way is joined. */
  rebuild(options?: RebuildRequest, signal?: AbortSignal): Promise<RebuildProgress>
  /** How far the rebuild is that is under way, or what became of the last one. */
  progress(signal?: AbortSignal): Promise<RebuildProgress>
  cancel(): Promise<RebuildProgress>
  /** Has a version take over, when it has caught up. */
  switchTo(
    version: number,
    options?: Pick<RebuildRequest, 'allTenants' | 'withParked'>,
  ): Promise<RebuildProgress>
  drop(version: number): Promise<readonly ViewVersion[]>
  /** Says that the documents are as the server's code would have made them. */
  accept(): Promise<readonly ViewVersion[]>
}

export function createVersionsClient({ json }: Transport, name: string): VersionsClient {
  const path = `/views/${encodeURIComponent(name)}`
  const versions = async (answer: Promise<{ readonly versions: readonly ViewVersion[] }>) =>
    (await answer).versions
  return {
    list: (signal) => versions(json(`${path}/versions`, { signal })),
    rebuild: (options = {}, signal) => json(`${path}/rebuild`, { method: 'POST', body: options, signal }),
    progress: (signal) => json(`${path}/rebuild`, { signal }),
    cancel: () => json(`${path}/rebuild`, { method: 'DELETE' }),
    switchTo: (version, options = {}) =>
      json(`${path}/versions/${version}/switch`, { method: 'POST', body: options }),
    drop: (version) => versions(json(`${path}/versions/${version}`, { method: 'DELETE' })),
    accept: () => versions(json(`${path}/accept`, { method: 'POST' })),
  }
}
