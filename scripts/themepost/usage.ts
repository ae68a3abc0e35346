const COMMANDS = `  status                        whether mail may leave, what is late, alerts
  runs                          the last runs
  run ID                        one run: where every letter stands
  resume-run ID                 let a run go on that stopped by itself
  timeline ADDRESS|ID           everything about one reader's mail, and what comes next
  held | uncertain              letters that wait for you
  release ID… | --run ID        send held letters now
  reconcile ID…                 ask the provider which uncertain letters it has
  give-up ID… | --run ID --reason WHY
                                end held or uncertain letters
  send-again ID… | --run ID --reason WHY
                                send failed or uncertain letters once more (they may come twice)
  stop REASON                   the kill switch
  resume                        lift it, and what the provider asked to wait for
  re-arm                        send again after the database was restored
  dry-run [INSTANT]             what a tick would do; writes and sends nothing
  preview FOLDER [SLUG]         what publishing a folder of letters would mean for the readers
  publish FOLDER [SLUG]         publish it; with --resume, readers who had everything go on
  sequences                     what is published
  archive SLUG | unarchive SLUG take no new readers into a sequence; take them again
  alerts | clear NAME           what to look at; clear one
  acts [OBJECT]                 what was done, when and by whom; OBJECT such as partner:garden
  partners | partner SLUG       the sites that carry your form; one of them with keys, wordings, links, changes
  set-partner SLUG FILE.json    make or change one (docs/operations/partners.md)
  rotate-key SLUG [DAYS]        a new form key; the old one works for so many days more (30)
  snippets SLUG [LANG]          what the partner pastes, and its policy lines
  partner-link SLUG             a link to the partner's own page
  revoke-link SLUG ID           make it stop working
  report SLUG                   what came of a partner's forms, by week
  refusals [DAYS]               sign-ups that were refused, and why
  consents ADDRESS|ID           what a person agreed to, as proof; --html for a page to print
  reasons [DAYS]                why people left, as far as they said
  erase ADDRESS --yes           erase everything about a person, for good
  suppress ADDRESS NOTE         never mail an address again
  lift ADDRESS NOTE             take it off the list`;

/** Everything that the command line can do. */
export function usage(env: NodeJS.ProcessEnv): string {
  return `npm run themepost -- COMMAND

${COMMANDS}

Talks to THEMEPOST_URL (${env.THEMEPOST_URL ?? "http://localhost:8787"}) with ADMIN_TOKEN (else that of .dev.vars). --json shows the answer as it is,
--help what a command does. Words that begin with a dash go behind --.`;
}

/** What one command does, and how to see all; null where there is no such command. */
export function usageOf(command: string): string | null {
  const line = COMMANDS.split("\n").find((each) => namesIn(each).includes(command));
  return line === undefined
    ? null
    : `${line}\n\n--json shows the answer as it is. All commands: npm run themepost -- help`;
}

/** "alerts | clear NAME   what to look at …" is the line of both. */
function namesIn(line: string): readonly string[] {
  const head = line.slice(2, 32);
  return head.split(" | ").map((part) => part.trim().split(" ")[0] ?? "");
}
