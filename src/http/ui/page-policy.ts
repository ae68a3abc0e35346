/** What a page needs beyond our own origin. */
export type PolicyExtras = {
  readonly formAction?: readonly string[];
  readonly script?: readonly string[];
  readonly frame?: readonly string[];
  /** For a page that shows a letter, whose pictures may stand at any https address. */
  readonly pictures?: boolean;
  /** For a page that's shown in a frame of our own: nothing of it runs or is sent there. */
  readonly framed?: boolean;
};

/** The Content-Security-Policy of our pages: our own origin only, no inline script or style, in nobody's frame. */
export function pagePolicy({
  formAction = [],
  script = [],
  frame = [],
  pictures = false,
  framed = false,
}: PolicyExtras = {}): string {
  const directives: ReadonlyArray<readonly [string, ...string[]]> = [
    ["default-src", "'none'"],
    ["style-src", "'self'"],
    ["script-src", "'self'", ...script],
    ["img-src", "'self'", ...(pictures ? ["https:"] : [])],
    ["connect-src", "'self'"],
    ["frame-src", "'self'", ...frame],
    ["form-action", "'self'", ...formAction],
    ["base-uri", "'none'"],
    ["frame-ancestors", framed ? "'self'" : "'none'"],
    ...(framed ? [["sandbox", "allow-same-origin"] as const] : []),
  ];
  return directives.map((words) => words.join(" ")).join("; ");
}
