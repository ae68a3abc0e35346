/** A message as a mailbox gets it. */
export type Message = {
  readonly from: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly tags: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * A message without what differs from person to person: who it's for, which delivery of which kind it is, where its own links lead, and when a
 * welcome says that the next one comes. */
export function common({ from, subject, html, text, tags, headers }: Message) {
  const plain = (value: unknown) =>
    JSON.stringify(value)
      .replaceAll(/\/(test|preferences|unsubscribe)\/[\w-]{58}/g, "/LINK")
      .replaceAll(/\w{3} \d+ \w{3} at \d{1,2}:\d\d/g, "DATE")
      .replaceAll(/:(test|theme|welcome|broadcast):themepost/g, ":KIND:themepost");
  return [
    subject.replace(/^\[Test\] /, ""),
    tags.map(({ name }) => name),
    plain(headers),
    plain({ from, html, text }),
  ];
}
