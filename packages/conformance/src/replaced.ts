/** The same object with some of its methods replaced. */
export function replaced<Target extends object>(target: Target, changes: Partial<Target>): Target {
  return new Proxy(target, {
    get(own, name) {
      const value: unknown = Reflect.get(changes, name) ?? Reflect.get(own, name)
      return typeof value === 'function' ? value.bind(own) : value
    },
  })
}
