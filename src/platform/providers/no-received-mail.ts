// Stands in the Worker bundle for postal-mime, with which Resend's SDK reads received mail. We only send (wrangler.toml, [alias]).

/** Never called. */
export default function parse(): never {
  throw new Error("no mail is received");
}
