import type { Config } from 'headwater'

// What the command line would otherwise be told: `headwater --help`.
const config: Config = { app: './app.ts' }
export default config
