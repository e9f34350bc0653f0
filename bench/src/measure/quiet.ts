/** Runs something with `console.log` off: Emmett prints each failed transaction to stdout, where our figures go. */
export async function quietly<Result>(work: () => Promise<Result>): Promise<Result> {
  const log = console.log
  console.log = () => undefined
  try {
    return await work()
  } finally {
    console.log = log
  }
}
