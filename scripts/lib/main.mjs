/**
 * Runs a script's work and ends the process with its exit code. An error of ours is told in one line: what
 * failed has printed its own story above it.
 *
 * @param {() => Promise<number>} work
 */
export async function main(work) {
  try {
    process.exitCode = await work()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
