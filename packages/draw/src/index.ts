export { type DrawOptions, type FlowOptions, flowToMermaid, flowToSvg, toMermaid, toSvg } from './draw.ts'
