import type { Child } from "hono/jsx";

/** A table that scrolls by itself where it is wider than the page. The first cell of a row names the row. */
export function Table({
  name,
  head,
  rows,
}: {
  /** What it shows, for screen readers. */
  readonly name: string;
  readonly head: readonly Child[];
  readonly rows: ReadonlyArray<readonly [Child, ...Child[]]>;
}) {
  return (
    <section class="scroll" tabindex={0} aria-label={name}>
      <table>
        <thead>
          <tr>
            {head.map((title) => (
              <th scope="col">{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...cells]) => (
            <tr>
              <th scope="row">{first}</th>
              {cells.map((cell) => (
                <td>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Terms, each with what is said of it. Null leaves one out. */
export function Facts({ of }: { readonly of: ReadonlyArray<readonly [Child, Child] | null> }) {
  return (
    <dl>
      {of.map((fact) =>
        fact === null ? null : (
          <>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </>
        ),
      )}
    </dl>
  );
}

/** The way to the next page of a list; nothing at its end (null). */
export function Pager({ next, children }: { readonly next: string | null; readonly children?: Child }) {
  return next === null ? null : (
    <p>
      <a href={next} rel="next">
        {children}
      </a>
    </p>
  );
}
