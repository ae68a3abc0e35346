/**
 * What may be logged of a thrown error: its name and, for a failed query, what the database said. Never the message of a
 * failed query itself: it quotes the parameters, and so addresses.
 */
export function faultName(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.cause instanceof Error) return `${error.name}: ${error.cause.message}`;
  return error.message.startsWith("Failed query") ? error.name : `${error.name}: ${error.message}`;
}
