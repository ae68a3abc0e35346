/**
 * An RFC 9457 problem answer. `detail` says what is wrong and what to do; `faults` lists single faults where there are
 * several; `code` is a stable name for programs, where they need one.
 */
export function problem(
  status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503,
  title: string,
  detail: string,
  faults?: readonly unknown[],
  code?: string,
): Response {
  return new Response(
    JSON.stringify({
      title,
      status,
      detail,
      ...(code === undefined ? {} : { code }),
      ...(faults === undefined ? {} : { faults }),
    }),
    {
      status,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
    },
  );
}
