import type { Child } from "hono/jsx";

/** What is wrong. `alert` tells it at once to screen readers; a field's fault is told with the field, by its `id`. */
export function Fault({
  id,
  alert,
  children,
}: {
  readonly id?: string;
  readonly alert?: boolean;
  readonly children?: Child;
}) {
  return (
    <p class="error" id={id} role={alert === true ? "alert" : undefined}>
      {children}
    </p>
  );
}

/** What the last press came to, or what a visitor must know first. Told at once to screen readers: politely, or as an alert. */
export function Notice({ alert, children }: { readonly alert?: boolean; readonly children?: Child }) {
  return (
    <div class="said" role={alert === true ? "alert" : "status"}>
      {children}
    </div>
  );
}
