const COMMANDS = `  status                        whether email can go out, what's late, alerts
  runs                          the latest runs
  run ID                        one run: where every letter is
  resume-run ID                 continue a run that stopped by itself
  timeline ADDRESS|ID           everything about one reader's mail, and what comes next
  held | uncertain              letters waiting for your decision
  release ID… | --run ID        send held letters now
  reconcile ID…                 ask the provider which uncertain letters it has
  give-up ID… | --run ID --reason WHY
                                give up on held or uncertain letters
  send-again ID… | --run ID --reason WHY
                                send failed or uncertain letters again (they may come twice)
  stop REASON                   stop all sending
  resume                        start it again, even if the provider asked us to wait
  re-arm                        make a restored database safe, and send again
  dry-run [INSTANT]             what a tick would do; writes and sends nothing
  preview FOLDER [SLUG]         what publishing a folder of letters would mean for readers
  publish FOLDER [SLUG]         publish letters, or a whole newsletter; with --resume, readers who had every letter
                                carry on; with --force, also over what was made at the desk
  pull FOLDER                   write what's published into a folder; with --force, over its files
  new SLUG                      begin a newsletter of your own in a new folder
  broadcasts                    letters in between, the newest first
  broadcast FILE.md [ID]        write one from a file, or change the draft ID; broadcast ID shows one
  schedule ID [--people N]      schedule a draft; above 1,000 people, N is how many they are
  take-back ID                  back to a draft before it leaves: nobody got it
  stop-broadcast ID             stop one that's leaving; nobody else gets it
  send-to-rest ID               send a stopped one on, as it's written now; nobody gets it twice
  send-to-joined ID             send one to those who joined since
  go-on ID                      send one that's held after all
  count ID                      count everyone who'd get it, with many readers
  segments                      saved segments
  sequences                     published sequences
  archive SLUG | unarchive SLUG close a sequence to new readers; reopen it
  alerts | clear NAME           what needs a look; clear one
  acts [OBJECT]                 what was done, when and by whom; OBJECT such as partner:garden
  desk [ADDRESS]                a link into the desk, for the owner or for ADDRESS; it works once
  at-desk                       who is at the desk
  add-to-desk ADDRESS ROLE      owner, editor, helper or viewer; also changes a role
  remove-from-desk ID           take someone's place at the desk
  partners | partner SLUG       the sites with your form; one of them with its keys, wording, links and changes
  set-partner SLUG FILE.json    add or change one (docs/operations/partners.md)
  rotate-key SLUG [DAYS]        a new form key; the old one works for DAYS more (30)
  snippets SLUG [LANG]          the HTML the partner pastes, and its policy lines
  partner-link SLUG             a link to the partner's own page
  revoke-link SLUG ID           make that link stop working
  report SLUG                   a partner's results, by week
  refusals [DAYS]               refused sign-ups, and why
  consents ADDRESS|ID           what someone agreed to, as proof; --html for a page to print
  reasons [DAYS]                why people left, if they said
  erase ADDRESS --yes           erase everything about someone, for good
  suppress ADDRESS NOTE         never email an address again
  lift ADDRESS NOTE             take it off the list`;

/** Everything that the command line can do. */
export function usage(env: NodeJS.ProcessEnv): string {
  return `npm run themepost -- COMMAND

${COMMANDS}

Talks to THEMEPOST_URL (${env.THEMEPOST_URL ?? "http://localhost:8787"}) with ADMIN_TOKEN (or the one in .dev.vars). --json prints the raw answer,
--help says what a command does. Put words that begin with a dash after --.`;
}

/** What one command does, and how to see all; null where there is no such command. */
export function usageOf(command: string): string | null {
  const line = COMMANDS.split("\n").find((each) => namesIn(each).includes(command));
  return line === undefined
    ? null
    : `${line}\n\n--json prints the raw answer. All commands: npm run themepost -- help`;
}

/** "alerts | clear NAME   what to look at …" is the line of both. */
function namesIn(line: string): readonly string[] {
  const head = line.slice(2, 32);
  return head.split(" | ").map((part) => part.trim().split(" ")[0] ?? "");
}
