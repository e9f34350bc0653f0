import { createClient } from '@headwater/client'
import { chosenBranch } from './branch.ts'

/** Studio is served by the gateway that it looks at. */
export const client = createClient({ url: window.location.origin, retries: 1, branch: chosenBranch() })
