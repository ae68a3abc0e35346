let name = "";

/** The Guard of the present test file's services that want none of their own. */
export function guardOfFile(): string {
  return name;
}

/** Gives the next file a Guard that nothing has happened to. */
export function takeNewGuard(): void {
  name = crypto.randomUUID();
}
