import 'react'

declare module 'react' {
  interface CSSProperties {
    /** Custom properties, such as the hue that an element's colours are made of. */
    [property: `--${string}`]: string | number | undefined
  }
}
