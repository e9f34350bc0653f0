export { createGateway, type Gateway, type ListeningAt } from './gateway.ts'
export type { FailedRequest, GatewayOptions } from './options.ts'
export type { Fault, Problem } from './problems.ts'
export { openApiDocument } from './openapi/document.ts'
