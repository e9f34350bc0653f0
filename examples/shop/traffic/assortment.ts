/** What the simulated shop sells, and to whom. */
export interface Product {
  readonly sku: string
  readonly description: string
  /** In pence. */
  readonly unitPrice: number
}

export const products: readonly [Product, ...Product[]] = [
  { sku: 'TEA-010', description: 'Assam second flush, 250 g', unitPrice: 1290 },
  { sku: 'TEA-011', description: 'Darjeeling first flush, 100 g', unitPrice: 1850 },
  { sku: 'TEA-020', description: 'Peppermint, loose, 80 g', unitPrice: 490 },
  { sku: 'POT-001', description: 'Teapot, cast iron, 0.8 l', unitPrice: 5400 },
  { sku: 'POT-002', description: 'Teapot, glass, 1.2 l', unitPrice: 3200 },
  { sku: 'CUP-001', description: 'Cup with saucer, bone china', unitPrice: 1450 },
  { sku: 'CUP-002', description: 'Mug, hand thrown, blue', unitPrice: 1800 },
  { sku: 'KET-001', description: 'Kettle, copper, for gas', unitPrice: 8900 },
  { sku: 'SIE-001', description: 'Strainer, fine, steel', unitPrice: 650 },
  { sku: 'TIN-001', description: 'Tin for 250 g of tea', unitPrice: 780 },
  { sku: 'HON-001', description: 'Heather honey, 340 g', unitPrice: 920 },
  { sku: 'BIS-001', description: 'Shortbread, 12 pieces', unitPrice: 560 },
  { sku: 'CLO-001', description: 'Tea towel, linen', unitPrice: 1100 },
  { sku: 'BOK-001', description: 'The Tea Drinker’s Almanac', unitPrice: 2400 },
]

export interface Place {
  readonly country: string
  readonly cities: readonly [string, ...string[]]
}

/** The shop is at home in the first: a place's share falls with its place in the list. */
export const places: readonly [Place, ...Place[]] = [
  { country: 'United Kingdom', cities: ['Leeds', 'Bristol', 'Glasgow', 'Norwich'] },
  { country: 'Ireland', cities: ['Cork', 'Dublin', 'Galway'] },
  { country: 'Germany', cities: ['Bremen', 'Freiburg', 'Leipzig'] },
  { country: 'France', cities: ['Lille', 'Nantes', 'Lyon'] },
  { country: 'Netherlands', cities: ['Utrecht', 'Groningen'] },
  { country: 'Norway', cities: ['Bergen', 'Trondheim'] },
  { country: 'Portugal', cities: ['Porto', 'Braga'] },
]

export const firstNames: readonly [string, ...string[]] = [
  'Ada',
  'Bram',
  'Chiara',
  'Dara',
  'Edith',
  'Femi',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
]
export const lastNames: readonly [string, ...string[]] = [
  'Abbott',
  'Brandt',
  'Costa',
  'Doyle',
  'Eriksen',
  'Fontaine',
  'Groot',
  'Hughes',
]
export const streets: readonly [string, ...string[]] = [
  'Mill Lane',
  'Station Road',
  'Harbour Street',
  'Church Walk',
  'Orchard Close',
]
export const declineReasons: readonly [string, ...string[]] = [
  'Insufficient funds',
  'Card expired',
  'Card reported lost',
]
export const cancelReasons: readonly [string, ...string[]] = [
  'Ordered twice',
  'Found it cheaper',
  'Changed my mind',
]
