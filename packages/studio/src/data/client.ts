import { createClient } from '@headwater/client'

/** Studio is served by the gateway that it looks at. */
export const client = createClient({ url: window.location.origin, retries: 1 })
