/** Three rills that become one river. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg
      className="logo"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path
        d="M3.5 2.5c.4 5 3.2 7.2 8.2 9.6M12 2.5c-.9 3.200.9 5.4 0 9.6M20.5 2.5c-.4 4.6-2.8 7-7.6 9.2"
        strokeWidth="1.7"
        opacity="0.72"
      />
      <path d="M12 11.5c3.4 2.2 3.4 3.7 0 5.2s-2.6 3.4 0 4.8" strokeWidth="2.9" />
    </svg>
  )
}
