import { linkIn, type MailboxMessage, reader, skipWeeks } from "../reader-by-program.ts";

/** A message under the name that the gallery gives it. */
export type NamedMail = MailboxMessage & { readonly name: string };

/**
 * Every letter and every system mail of a trial at `url`, as readers really get them, each with a name: confirmation, welcome, the
 * steps by their slugs, welcome back, access, erase. Takes the mailbox's clock ahead by two weeks more than there are `steps`.
 */
export async function everyMail(url: string, steps: number): Promise<NamedMail[]> {
  const ada = reader(url, "ada@letters.themepost.dev", { first_name: "Ada", time_zone: "Europe/London" });
  const bea = reader(url, "bea@readers.themepost.dev", { first_name: "Bea", time_zone: "Europe/London" });
  const [welcome, first] = await Promise.all([ada.join(), bea.join()]);
  const [confirmation] = await ada.mail();
  if (confirmation === undefined) throw new Error("no confirmation came");
  // Before her first theme, so that one is left to come back for however short the sequence is.
  await bea.press(linkIn(first, "unsubscribe"));
  await skipWeeks(url, 1);
  const welcomeBack = await bea.join();
  await skipWeeks(url, steps + 1);
  const themes = (await ada.mail()).slice(2);
  const access = await ada.caused(() => ada.press(`${linkIn(welcome, "preferences")}/link`));
  const erase = await ada.caused(() => ada.press(`${linkIn(access, "data")}/erase`));
  return [
    { name: "confirmation", ...confirmation },
    { name: "welcome", ...welcome },
    ...themes.map((theme) => ({ name: stepOf(theme), ...theme })),
    { name: "welcome-back", ...welcomeBack },
    { name: "access", ...access },
    { name: "erase", ...erase },
  ];
}

/** The slug of a theme, from the Feedback-ID (step:sequence:kind:sender). */
function stepOf({ headers }: MailboxMessage): string {
  return headers["Feedback-ID"]?.split(":")[0] ?? "";
}
