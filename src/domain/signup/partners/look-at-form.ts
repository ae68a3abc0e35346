/** So long a partner's page may take, with its body. */
const TIMEOUT_MS = 5000;
/** So much of it is read. */
const BYTES_MAX = 64 * 1024;

/** What was found on a partner's page; never what it says. */
export type FormSeen =
  /** `with`: the current key; another one of this partner's forms; or no key of theirs, where all of the page was read (`whole`) or its beginning. */
  | { readonly kind: "read"; readonly with: "key" | "old_key" | "no_key"; readonly whole: boolean }
  | { readonly kind: "not_https" | "redirects" | "not_a_page" | "silent" }
  | { readonly kind: "answers"; readonly status: number };

/**
 * Looks for a partner's form key on a page of theirs, the way a browser without scripts would see it: over https (over http where
 * `insecure` allows it, for test origins), once, without following redirects, for five seconds and 64 KB at most, with no cookie. Nothing of
 * the answer is kept or passed on.
 */
export async function lookAtForm(
  get: typeof fetch,
  page: {
    readonly url: string;
    readonly key: string;
    readonly oldKeys: readonly string[];
    readonly insecure: boolean;
  },
): Promise<FormSeen> {
  if (!page.url.startsWith("https://") && !page.insecure) return { kind: "not_https" };
  try {
    const answer = await get(page.url, {
      redirect: "manual",
      headers: { accept: "text/html", "user-agent": "Themepost form check" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status >= 300 && answer.status < 400) return await done(answer, { kind: "redirects" });
    if (!answer.ok) return await done(answer, { kind: "answers", status: answer.status });
    if (!/^(text\/html|application\/xhtml\+xml)\b/i.test(answer.headers.get("content-type") ?? ""))
      return await done(answer, { kind: "not_a_page" });
    const { text, whole } = await beginningOf(answer);
    const found = text.includes(page.key)
      ? "key"
      : page.oldKeys.some((key) => text.includes(key))
        ? "old_key"
        : "no_key";
    return { kind: "read", with: found, whole };
  } catch {
    return { kind: "silent" };
  }
}

async function done(answer: Response, seen: FormSeen): Promise<FormSeen> {
  await answer.body?.cancel();
  return seen;
}

/** Keys are ASCII, so any encoding that a page may have will do. */
async function beginningOf(answer: Response): Promise<{ readonly text: string; readonly whole: boolean }> {
  const decoder = new TextDecoder("latin1");
  const reader = answer.body?.getReader();
  let text = "";
  for (let read = 0; reader !== undefined; ) {
    const { done: over, value } = await reader.read();
    if (over) break;
    text += decoder.decode(value.subarray(0, BYTES_MAX - read), { stream: true });
    read += value.length;
    if (read > BYTES_MAX) {
      await reader.cancel();
      return { text, whole: false };
    }
  }
  return { text, whole: true };
}
