/** Tells the parent where a server listens; then answers its questions about CPU time until told to stop. */
export function serving(address: string, close: () => Promise<unknown>): void {
  process.on('message', (message) => {
    if (message === 'cpu') {
      const { user, system } = process.cpuUsage()
      process.send?.({ cpu: user + system })
    } else if (message === 'stop') {
      close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error)
          process.exit(1)
        },
      )
    }
  })
  process.send?.({ address })
}
