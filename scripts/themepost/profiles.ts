// Several installations: each has a name, and a file that says where it is and holds its token.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { readVars } from "../vars.ts";
import { type Command, Misused, Refused, shown } from "./command.ts";
import { table } from "./show.ts";

/** An installation: the file such as production.vars that has its PUBLIC_URL and ADMIN_TOKEN. */
type Profiles = Readonly<Record<string, { readonly vars: string }>>;

type Env = Readonly<Record<string, string | undefined>>;

function fileOf(env: Env): string {
  const folder = env.XDG_CONFIG_HOME ?? join(env.HOME ?? homedir(), ".config");
  return join(folder, "themepost", "profiles.json");
}

function readProfiles(env: Env): Profiles {
  const file = fileOf(env);
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Profiles) : {};
  } catch {
    throw new Refused(`${file} can't be read as JSON. Delete it, and add your profiles again.`);
  }
}

function writeProfiles(env: Env, profiles: Profiles): void {
  const file = fileOf(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600 });
}

/** Where an installation is, and its token, as its file says now. Throws a `Refused` where there's no such profile, or its file lacks them. */
export function profileOf(name: string, env: Env): { readonly url: string; readonly token: string } {
  const profiles = readProfiles(env);
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile === undefined) {
    const names = Object.keys(profiles).join(", ") || "none yet";
    throw new Misused(`There's no profile “${name}” (${names}). Add it: add-profile ${name} production.vars`);
  }
  return installationIn(profile.vars);
}

function installationIn(file: string): { readonly url: string; readonly token: string } {
  if (!existsSync(file)) throw new Refused(`${file} isn't there.`);
  const { PUBLIC_URL: url = "", ADMIN_TOKEN: token = "" } = readVars(file);
  if (url === "" || token === "") throw new Refused(`${file} needs PUBLIC_URL and ADMIN_TOKEN.`);
  return { url, token };
}

export const profiles: Command = {
  about: "your installations, by name",
  run: async ({ env }) => {
    const all = Object.entries(readProfiles(env)).map(([name, { vars }]) => ({ name, vars }));
    return shown(all, () => [
      all.length === 0
        ? "No profiles yet. Add one: add-profile production production.vars"
        : table(all, { profile: ({ name }) => name, file: ({ vars }) => vars }),
    ]);
  },
};

export const addProfile: Command = {
  about: "remember an installation by a name, with the file that has its PUBLIC_URL and ADMIN_TOKEN",
  args: "<name> <file>",
  run: async ({ env, words: [name, file], at }) => {
    if (name === undefined || !/^[a-z0-9-]{1,40}$/.test(name) || file === undefined)
      throw new Misused("Give a short name and a file, for instance: add-profile production production.vars");
    const vars = at(file);
    const { url } = installationIn(vars);
    writeProfiles(env, { ...readProfiles(env), [name]: { vars } });
    return shown({ name, vars, url }, () => [`Added. For instance: npx themepost status --profile ${name}`]);
  },
};

export const removeProfile: Command = {
  about: "forget an installation; its file stays",
  args: "<name>",
  run: async ({ env, words: [name = ""] }) => {
    const { [name]: known, ...others } = readProfiles(env);
    if (known === undefined) throw new Misused(`There's no profile “${name}”. profiles lists them.`);
    writeProfiles(env, others);
    return shown({ name }, () => ["Removed."]);
  },
};
