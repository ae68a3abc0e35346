/** The size of an ornament's picture on a page, in CSS pixels. */
const SIZES = { full: { width: 160, height: 120 }, small: { width: 80, height: 60 } } as const;

/** A theme's drawing, as its letter has it. It decorates, so a screen reader passes over it. */
export function OrnamentPicture({
  name,
  size,
}: {
  readonly name: string;
  readonly size: keyof typeof SIZES;
}) {
  return <img class={`ornament ${size}`} src={`/ornaments/${name}.png`} alt="" {...SIZES[size]} />;
}
