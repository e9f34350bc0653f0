const toppings: ReadonlySet<string> = new Set(
  'tomato mozzarella gorgonzola parmesan ricotta ham mushrooms olives basil'.split(' '),
)

const base = { small: 700, large: 1_000 } as const
const perTopping = 100

/** The toppings that there are not. */
export function missingToppings(wanted: readonly string[]): readonly string[] {
  return wanted.filter((topping) => !toppings.has(topping))
}

/** What a pizza costs, in cents. */
export function priceOf(size: keyof typeof base, wanted: readonly string[]): number {
  return base[size] + perTopping * wanted.length
}
