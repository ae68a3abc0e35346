import type { Site } from "../../domain/site/site.ts";
import { ASSETS } from "../ui/assets.ts";
import { Page } from "../ui/page.tsx";
import { say } from "../ui/say.ts";
import { Author, FormCard, type OfferedForm, Questions, ReadOne, Themes } from "./sequence-parts.tsx";

type HomePageProps = {
  readonly site: Site;
  /** Every sequence that can be joined. */
  readonly forms: readonly OfferedForm[];
};

/** The public page: what the site is, what can be joined, and the questions people ask. */
export function HomePage({ site, forms }: HomePageProps) {
  const { hero, tagline, name, questions, archiveInFull } = site;
  const [only, ...others] = forms;
  const several = others.length > 0;
  const lead = hero.lead !== "" ? hero.lead : (only?.sequence.settings.description ?? "");
  const faulty = forms.some(({ faults }) => faults.length > 0);
  return (
    <Page
      title={titleOf(tagline === "" ? name : `${name}: ${tagline}`, faulty)}
      description={[lead, tagline, name].find((text) => text !== "") ?? ""}
      scripts={[ASSETS["zone.js"]]}
    >
      {hero.over === "" ? null : <p class="soft">{hero.over}</p>}
      <h1>{hero.heading === "" ? name : hero.heading}</h1>
      {lead === "" ? null : <p class="lead">{lead}</p>}
      {forms.map((form) => (
        <FormCard form={form} several={several} />
      ))}
      {only === undefined ? <NothingYet /> : null}
      <Author site={site} />
      {only === undefined || several ? null : (
        <>
          <ReadOne sequence={only.sequence} />
          <Themes sequence={only.sequence} archived={archiveInFull !== null} />
          <FormCard form={{ ...only, faults: [] }} several={false} again />
        </>
      )}
      <Questions of={questions} />
    </Page>
  );
}

/** The page of one sequence. */
export function SequencePage({ site, form }: { readonly site: Site; readonly form: OfferedForm }) {
  const { title, settings } = form.sequence;
  const { tagline, description } = settings;
  return (
    <Page
      title={titleOf(tagline === "" ? title : `${title}: ${tagline}`, form.faults.length > 0)}
      description={description === "" ? tagline : description}
      scripts={[ASSETS["zone.js"]]}
    >
      <p class="soft">
        <a href="/" lang={site.language} dir="auto">
          {site.name}
        </a>
      </p>
      <h1>{title}</h1>
      {tagline === "" ? null : <p class="lead">{tagline}</p>}
      {description === "" ? null : <p>{description}</p>}
      <FormCard form={form} several={false} />
      <Author site={site} />
      <ReadOne sequence={form.sequence} />
      <Themes sequence={form.sequence} archived={site.archiveInFull !== null} />
      <FormCard form={{ ...form, faults: [] }} several={false} again />
    </Page>
  );
}

function NothingYet() {
  return (
    <section class="card" aria-labelledby="form-title">
      <h2 id="form-title">{say("home.notOpen")}</h2>
      <p>{say("home.preparing")}</p>
    </section>
  );
}

function titleOf(title: string, faulty: boolean): string {
  return faulty ? say("home.faultyTitle", { title }) : title;
}
