import { createServer } from "node:http";

// developers.cloudflare.com/turnstile/troubleshooting/testing
const PASSES = "1x0000000000000000000000000000000AA";
const FAILS = "2x0000000000000000000000000000000AA";
const SPENT = "3x0000000000000000000000000000000AA";

/**
 * Cloudflare's siteverify as it is documented: its test secrets, and a real secret ("real-secret"), whose tokens are
 * "host action nonce" and are taken once. The token "silence" is never answered with JSON.
 */
export function startTurnstileEmulator(): Promise<{ readonly url: string; readonly close: () => void }> {
  const spent = new Set<string>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const [secret, token = ""] = [form.get("secret"), form.get("response") ?? ""];
    if (token === "silence") return void response.writeHead(502).end("<html>Bad gateway</html>");
    const answer = (fields: object) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(fields));
    const failure = (code: string) => answer({ success: false, "error-codes": [code] });
    if (secret === PASSES)
      return answer({ success: true, "error-codes": [], hostname: "example.com", action: "" });
    if (secret === FAILS) return failure("invalid-input-response");
    if (secret === SPENT || spent.has(token)) return failure("timeout-or-duplicate");
    if (secret !== "real-secret") return failure("invalid-input-secret");
    spent.add(token);
    const [hostname, action] = token.split(" ");
    return answer({ success: true, "error-codes": [], hostname, action });
  });
  server.keepAliveTimeout = 0;
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({ url: `http://127.0.0.1:${port}`, close: () => server.close().closeAllConnections() });
    });
  });
}
