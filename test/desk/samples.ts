import { runJob } from "../../src/domain/jobs/run-job.ts";
import { addToDesk } from "../support/desk.ts";
import { enroll } from "../support/enroll.ts";
import { putPartner } from "../support/partner.ts";
import { pngOf } from "../support/picture-files.ts";
import { DAY, HOUR, type Service, sequenceOf } from "../support/service.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
const KEY_LIFE_MS = DAY;

/** A request that succeeds, after `arrange` has made what it needs. */
export type Sample = {
  readonly path: string;
  readonly body?: unknown;
  /** What's read first where a change needs to say what it saw; its own path otherwise. */
  readonly seen?: string;
  readonly arrange?: (service: Service) => Promise<unknown>;
};

const ADDRESS = "reader-1@themepost.dev";
const NOTE = { address: ADDRESS, note: "asked us by phone" };
const PARTNER = {
  name: "Garden Mornings",
  origins: ["https://www.garden.themepost.dev"],
  consent_text: "Yes, one letter a week until I say stop.",
};

/** Four letters of one run, of which nobody knows whether they were sent; the provider's list has them. */
async function uncertain(service: Service): Promise<void> {
  await planned(service);
  await service.arrangeAccount({ aheadMs: TUESDAY - Date.now() });
  await service.arrangeFaults("drop_after_accept");
  await service.drain();
  service.moveTo(TUESDAY + KEY_LIFE_MS);
  await service.drain();
}

async function planned(service: Service): Promise<void> {
  await enroll(service, 4, TUESDAY);
  service.moveTo(TUESDAY);
  await service.tick();
}

async function held(service: Service): Promise<void> {
  await planned(service);
  service.moveTo(TUESDAY + 2 * DAY + HOUR);
  await service.drain();
}

const BROADCAST = {
  language: "en",
  subject: "A letter to everyone",
  preheader: "What happened this month",
  markdown: "# News\n\nSomething happened, and you hear of it first.",
  audience: { all: [] },
  time: { kind: "now" },
};

const SEGMENT = { name: "Gardeners", segment: { all: [{ field: "tag", any_of: ["garden"] }] } };

const IMPORT = { name: "old.csv", data: btoa("email\nold@web.de\n"), intent: "stop" };

/** The import with the id 1, whose dry run is done. */
async function checkedImport(service: Service): Promise<void> {
  const { id } = await (await service.admin("POST", "/imports", IMPORT)).json<{ id: number }>();
  await runJob(service.deps(), id);
  await service.rows(`update import_lines set job_id = 1 where job_id = ${id}`).catch(() => []);
  await service.rows(`update jobs set id = 1 where id = ${id}`);
}

/** The segment with the id 1, archived at an instant. */
function segmentOne(archivedAt = "null") {
  return (service: Service) =>
    service.rows(
      `insert or replace into segments (id, name, content, archived_at, created_at) values (1, 'One', '{"all":[]}', ${archivedAt}, 0)`,
    );
}

const onBroadcast = (act: string) => ({ path: `/broadcasts/1/${act}`, seen: "/broadcasts/1" });

/** The broadcast with the id 1, in a state that it came to. */
function broadcastOne(state = "draft") {
  return async (service: Service): Promise<void> => {
    await service.rows("delete from broadcasts");
    await service.admin("POST", "/broadcasts", BROADCAST);
    await service.rows("update drafts set letter_slug = 'broadcast-1' where letter_slug like 'broadcast-%'");
    await service.rows("update broadcasts set id = 1");
    if (state === "draft") return;
    await service.rows(
      "insert or ignore into runs (cause, cause_id, at, started_at) values ('broadcast', 1, 1, 1)",
    );
    await service.rows(
      `update broadcasts set state = '${state}', locks_at = 1, locked_at = ${state === "scheduled" ? "null" : 1},
        ended_at = ${state === "done" || state === "stopped" ? 1 : "null"},
        rendition_id = (select min(id) from renditions), run_id = (select id from runs where cause = 'broadcast')`,
    );
  };
}

const garden = (service: Service) => putPartner(service, "garden");
const sequence = "/sequences/strengthening-bonds";

/** For each endpoint of the owner's API that changes something, by its name: a request that does. */
export const CHANGES: Readonly<Record<string, Sample>> = {
  addToDesk: { path: "/desk/people", body: { address: "rosa@lindner.at", role: "owner" } },
  removeFromDesk: {
    path: "/desk/people/2",
    arrange: async (service) => {
      await addToDesk(service, "rosa@lindner.at", "owner");
      await addToDesk(service, "ada@lindner.at", "viewer");
      await service.rows("update desk_people set id = id - (select min(id) from desk_people) + 1");
    },
  },
  makeDeskLink: {
    path: "/desk/links",
    body: { address: "rosa@lindner.at" },
    arrange: (service) => addToDesk(service, "rosa@lindner.at", "owner"),
  },
  addPicture: { path: "/pictures", body: { data: btoa(String.fromCharCode(...pngOf(120))) } },
  publishSite: {
    path: "/site",
    body: {
      name: "Strengthening Bonds",
      time_zone: "Europe/Berlin",
      slot: { weekday: "tuesday", hour: 9 },
      owner: { name: "Themepost (trial)", address: "1 Example Street, 12345 Sampletown" },
      tagline: "Letters",
      accent: "#8a3b2a",
      consent: { texts: { en: "I want one letter a week by email." } },
    },
  },
  publishSequence: { path: sequence, body: sequenceOf(4) },
  archiveSequence: { path: `${sequence}/archive`, seen: sequence },
  unarchiveSequence: {
    path: `${sequence}/unarchive`,
    seen: sequence,
    arrange: (service) => service.rows("update sequences set archived_at = 1"),
  },
  saveSegment: { path: "/segments", body: SEGMENT },
  changeSegment: { path: "/segments/1", body: SEGMENT, arrange: segmentOne() },
  archiveSegment: { path: "/segments/1/archive", seen: "/segments/1", arrange: segmentOne() },
  bringSegmentBack: { path: "/segments/1/bring-back", seen: "/segments/1", arrange: segmentOne("1") },
  showBroadcastOnSite: {
    ...onBroadcast("on-site"),
    body: { is_public: true },
    arrange: broadcastOne("done"),
  },
  countBroadcastAudience: { path: "/broadcasts/1/count", arrange: broadcastOne() },
  beginBroadcast: { path: "/broadcasts", body: BROADCAST },
  changeBroadcast: { path: "/broadcasts/1", body: BROADCAST, arrange: broadcastOne() },
  scheduleBroadcast: { ...onBroadcast("schedule"), arrange: broadcastOne() },
  takeBackBroadcast: { ...onBroadcast("take-back"), arrange: broadcastOne("scheduled") },
  stopBroadcast: { ...onBroadcast("stop"), arrange: broadcastOne("sending") },
  setHeldBroadcastGoing: { ...onBroadcast("go-on"), arrange: broadcastOne("held") },
  sendBroadcastToJoined: { ...onBroadcast("send-to-joined"), arrange: broadcastOne("done") },
  sendBroadcastToRest: { ...onBroadcast("send-to-rest"), arrange: broadcastOne("stopped") },
  resumeRun: {
    path: "/runs/1/resume",
    arrange: async (service) => {
      await withRunOne(planned)(service);
      await service.rows("update runs set stopped_at = 1, stop_reason = 'hard_bounces'");
    },
  },
  releaseLetters: { path: "/letters/release", body: { run: 1 }, arrange: withRunOne(held) },
  reconcileLetters: { path: "/letters/reconcile", body: { ids: [1, 2, 3, 4] }, arrange: withIds(uncertain) },
  giveUpLetters: { path: "/letters/give-up", body: { ids: [1, 2] }, arrange: withIds(held) },
  sendLettersAgain: { path: "/letters/send-again", body: { ids: [1, 2] }, arrange: withIds(uncertain) },
  stopSending: { path: "/sending/stop", body: { reason: "a holiday" } },
  resumeSending: { path: "/sending/resume" },
  reArm: {
    path: "/sending/re-arm",
    arrange: async (service) => {
      await service.rows(
        "insert into facts (name, value) values ('guard', 'another') on conflict do update set value = 'another'",
      );
      await service.tick();
    },
  },
  clearAlert: {
    path: "/alerts/test",
    arrange: (service) =>
      service.rows(
        "insert into alerts (name, detail, count, first_at, last_at) values ('test', '', 1, 0, 0)",
      ),
  },
  suppress: { path: "/suppressions", body: NOTE },
  liftSuppression: {
    path: "/suppressions/lift",
    body: NOTE,
    arrange: (service) => service.admin("POST", "/suppressions", NOTE),
  },
  erase: {
    path: "/subscribers/erase",
    body: { address: ADDRESS },
    arrange: (service) => enroll(service, 1, TUESDAY),
  },
  sendProbe: { path: "/checks/probe", body: { to: null } },
  exportSubscribers: {
    path: "/subscribers/export",
    body: { segment: null },
    arrange: (service) => enroll(service, 1, TUESDAY),
  },
  beginImport: { path: "/imports", body: IMPORT },
  runImport: { path: "/imports/1/run", body: { people: 1 }, arrange: checkedImport },
  stopImport: { path: "/imports/1/stop", arrange: checkedImport },
  savePartner: { path: "/partners/garden", body: PARTNER },
  rotateFormKey: { path: "/partners/garden/rotate-key", body: { grace_days: 7 }, arrange: garden },
  makePartnerLink: { path: "/partners/garden/links", arrange: garden },
  revokePartnerLink: {
    path: "/partners/garden/links/1",
    arrange: async (service) => {
      await garden(service);
      await service.admin("POST", "/partners/garden/links");
      await service.rows("update partner_links set id = 1");
    },
  },
};

function withIds(arrange: (service: Service) => Promise<void>) {
  return async (service: Service) => {
    await arrange(service);
    await service.rows("update deliveries set id = id - (select min(id) - 1 from deliveries)");
  };
}

function withRunOne(arrange: (service: Service) => Promise<void>) {
  return async (service: Service) => {
    await arrange(service);
    await service.rows("pragma defer_foreign_keys = on");
    await service.rows("update deliveries set run_id = null");
    await service.rows("update batches set run_id = null");
    await service.rows("update runs set id = 1");
    await service.rows("update batches set run_id = 1");
    await service.rows("update deliveries set run_id = 1");
  };
}
