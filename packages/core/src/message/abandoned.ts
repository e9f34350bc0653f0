/**
 * Whether something is a promise, where none can be waited for: whoever asks refuses it. That it fails later, too, must
 * not end the process, as failures do that nobody handles.
 */
export function isAbandonedPromise(value: unknown): value is Promise<unknown> {
  if (!(value instanceof Promise)) return false
  void Promise.allSettled([value])
  return true
}
