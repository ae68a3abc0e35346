import type { Child } from "hono/jsx";

type FormProps = {
  /** Where it posts to. */
  readonly action: string;
  /** What it carries along. With a revision, a form that shows an older state changes nothing. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly revision?: number;
  /** Belongs to what stands above it: no line between them. */
  readonly joined?: boolean;
  readonly card?: boolean;
  /** Whether it is shown again because of a fault: then the browser's own check would hide ours. */
  readonly faulty?: boolean;
  /** The name by which a script finds it, as a data attribute. */
  readonly script?: string;
  /** Whether it carries files. */
  readonly files?: boolean;
  readonly children?: Child;
};

/** A form that changes something: always a POST. */
export function Form({
  action,
  hidden = {},
  revision,
  joined,
  card,
  faulty,
  script,
  files,
  children,
}: FormProps) {
  const carried = revision === undefined ? hidden : { seen: String(revision), ...hidden };
  const style = [joined === true ? "joined" : "", card === true ? "card" : ""].filter(Boolean).join(" ");
  return (
    <form
      method="post"
      action={action}
      class={style === "" ? undefined : style}
      enctype={files === true ? "multipart/form-data" : undefined}
      novalidate={faulty === true}
      {...(script === undefined ? {} : { [`data-${script}`]: "" })}
    >
      {Object.entries(carried).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
}

/** A form that chooses what is shown: a GET, its fields beside each other. */
export function SearchForm({ action, children }: Pick<FormProps, "action" | "children">) {
  return (
    <form method="get" action={action} class="row">
      {children}
    </form>
  );
}

/** A form's button. Its name and value say what was pressed; a quiet one is not what most people want, a plain one looks like a link. */
export function Button({
  name,
  value,
  quiet,
  plain,
  shows,
  children,
}: {
  readonly name?: string;
  readonly value?: string;
  readonly quiet?: boolean;
  readonly plain?: boolean;
  /** Sends the form elsewhere, and shows the answer in a frame of the page. */
  readonly shows?: { readonly action: string; readonly frame: string };
  readonly children?: Child;
}) {
  return (
    <button
      class={plain === true ? "plain" : quiet === true ? "quiet" : undefined}
      type="submit"
      name={name}
      value={value}
      formaction={shows?.action}
      formtarget={shows?.frame}
    >
      {children}
    </button>
  );
}

/** Buttons beside each other. */
export function Buttons({ children }: { readonly children?: Child }) {
  return <p class="choice">{children}</p>;
}
