// Stands in the Worker bundle for prettier, which React Email only uses to print HTML for reading (wrangler.toml, [alias]).

/** Never called: letters are rendered without `pretty`. */
export function format(): never {
  throw new Error("HTML is never formatted in the Worker");
}

export { format as html };
