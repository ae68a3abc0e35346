import type { Draft, DraftedLetter, DraftLetter } from "../../../domain/letters/draft.ts";
import type { LetterFault } from "../../../domain/letters/letter-rules.ts";
import { ORNAMENTS } from "../../../domain/letters/ornament.ts";
import { directionOf } from "../../../platform/texts/languages.ts";
import { ASSETS } from "../../ui/assets.ts";
import { AreaField, Field, SelectField } from "../../ui/field.tsx";
import { Button, Buttons } from "../../ui/form.tsx";
import { LetterViews } from "../../ui/letter-frame.tsx";
import { Fault } from "../../ui/notice.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { AddPicture, type RefusedPicture } from "./letter-picture.tsx";
import { DeskForm, DeskPage, type Room } from "./shell.tsx";

/** What acts of this page came to. */
export const LETTER_SAID = {
  saved: "desk.letter.said.saved",
  restored: "desk.letter.said.restored",
  picture: "desk.letter.said.picture",
  not_restored: "desk.letter.said.not_restored",
  sent: "desk.letter.said.sent",
  too_many: "desk.letter.said.too_many",
  faulty: "desk.letter.said.faulty",
} as const satisfies Readonly<Record<string, WordKey>>;

/** The buttons that the script puts above the letter. */
const MARKS = ["part", "bold", "italic", "list", "steps", "quote", "link", "keep"] as const;

/** A letter as it's written, beside how it looks. `unsaved` is what was typed and couldn't be kept. */
export function EditorPage({
  draft,
  letter,
  path,
  home,
  room,
  open,
  unsaved,
  refused,
  faults,
  text,
  said,
}: {
  readonly draft: Draft;
  readonly letter: DraftLetter;
  readonly path: string;
  /** Without a title it's its broadcast. */
  readonly home: { readonly path: string; readonly title: string | null };
  readonly room: Room;
  /** Whether it can be written now. */
  readonly open: boolean;
  readonly unsaved: { readonly typed: DraftedLetter; readonly why: "stale" | "too_long" } | null;
  /** A picture that wasn't added, and why. */
  readonly refused: RefusedPicture | null;
  readonly faults: readonly LetterFault[];
  /** The text part; null where the letter can't be shown. */
  readonly text: string | null;
  readonly said: WordKey | null;
}) {
  const shown = unsaved?.typed ?? letter;
  const written = { lang: draft.language, dir: directionOf(draft.language) };
  return (
    <DeskPage
      title={letter.subject === "" ? letter.slug : letter.subject}
      room={room}
      said={said === null ? null : say(said)}
      script={unsaved === null && open ? ASSETS["editor.js"] : null}
    >
      <p>
        <a href={home.path}>{home.title ?? say("desk.broadcast.back")}</a>
      </p>
      <p class="lead">
        {room === "broadcasts"
          ? say("desk.broadcast.letterLead", { open: open ? "yes" : "no" })
          : say("desk.letter.lead", { change: letter.change, isNew: draft.seen === null ? "yes" : "no" })}
      </p>
      <div class="writing">
        <DeskForm
          action={path}
          hidden={{ revision: String(letter.revision) }}
          script="editor"
          faulty={unsaved !== null}
        >
          {unsaved === null ? null : <Fault alert>{say(`desk.letter.fault.${unsaved.why}`)}</Fault>}
          <Field
            id="subject"
            name="subject"
            label={say("desk.letter.subject")}
            hint={say("desk.letter.subjectHint")}
            value={shown.subject}
            attributes={{ type: "text", maxlength: "200", autocomplete: "off", ...written }}
          />
          <Field
            id="preheader"
            name="preheader"
            label={say("desk.letter.preheader")}
            hint={say("desk.letter.preheaderHint")}
            value={shown.preheader}
            attributes={{ type: "text", maxlength: "300", autocomplete: "off", ...written }}
          />
          <AreaField
            id="markdown"
            name="markdown"
            label={say("desk.letter.markdown")}
            hint={say("desk.letter.markdownHint")}
            value={shown.markdown}
            attributes={{ rows: 24, maxlength: 60_000, spellcheck: "true", ...written }}
          />
          <SelectField
            id="ornament"
            name="ornament"
            label={say("desk.letter.ornament")}
            choices={[
              { value: "", label: say("desk.letter.noOrnament") },
              ...ORNAMENTS.map((name) => ({ value: name, label: name.replaceAll("-", " ") })),
            ]}
            chosen={shown.ornament ?? ""}
          />
          {open ? (
            <>
              <Buttons>
                <Button>{say("desk.letter.save")}</Button>
                <Button name="do" value="send" quiet>
                  {say("desk.letter.send")}
                </Button>
              </Buttons>
              <p class="soft">{say("desk.letter.sendHint")}</p>
            </>
          ) : null}
          <p
            id="editor-status"
            class="soft"
            role="status"
            data-saving={say("desk.letter.saving")}
            data-saved={say("desk.letter.savedAt", { time: "{time}" })}
            data-unsaved={say("desk.letter.unsaved")}
            data-failed={say("desk.letter.saveFailed")}
            data-too-long={say("desk.letter.fault.too_long")}
            data-line={say("desk.letter.line", { line: "{line}" })}
            data-refuse={say("desk.letter.severity", { severity: "refuse" })}
            data-warn={say("desk.letter.severity", { severity: "warn" })}
            data-marks={say("desk.letter.marks")}
            {...Object.fromEntries(
              MARKS.map((mark) => [`data-mark-${mark}`, say(`desk.letter.mark.${mark}`)]),
            )}
          />
        </DeskForm>
        <section class="reading" aria-label={say("desk.letter.preview")}>
          {unsaved?.why === "stale" ? <Theirs letter={letter} written={written} /> : null}
          <Faults faults={faults} />
          <p id="editor-unshown" hidden={text !== null}>
            {say("desk.letter.noPreview")}
          </p>
          <div id="editor-shown" hidden={text === null}>
            <LetterViews src={`${path}/frame`} />
            <details>
              <summary>{say("mailbox.text")}</summary>
              <pre tabindex={0} id="editor-text">
                {text}
              </pre>
            </details>
          </div>
          {open ? <AddPicture path={path} refused={refused} /> : null}
          <p>
            <a href={`${path}/saves`}>{say("desk.letter.toSaves")}</a>
          </p>
        </section>
      </div>
    </DeskPage>
  );
}

/** What someone else saved in the meantime, beside what was typed. */
function Theirs({
  letter,
  written,
}: {
  readonly letter: DraftLetter;
  readonly written: { readonly lang: string; readonly dir: string };
}) {
  return (
    <>
      <h2>{say("desk.letter.theirs")}</h2>
      <p>{letter.subject}</p>
      <pre tabindex={0} {...written}>
        {letter.markdown}
      </pre>
    </>
  );
}

function Faults({ faults }: { readonly faults: readonly LetterFault[] }) {
  return (
    <ul class="cards" id="editor-faults" aria-label={say("desk.letter.faults")}>
      {faults.map(({ line, severity, message, fix }) => (
        <li class="card" data-line={line === null ? undefined : String(line)} data-severity={severity}>
          <p>
            <strong>
              {line === null ? "" : say("desk.letter.line", { line: String(line) })}{" "}
              {say("desk.letter.severity", { severity })}
            </strong>{" "}
            {message}
          </p>
          <p class="soft">{fix}</p>
        </li>
      ))}
    </ul>
  );
}
