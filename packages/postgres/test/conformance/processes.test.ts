import { conformsInProcesses } from './contract.ts'

conformsInProcesses()
