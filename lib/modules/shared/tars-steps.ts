import { type Api, ApiFault, type ApiStep } from '../../module.ts';
import { serversOf, type TarsServer } from './tars-lists.ts';
import { carryOut, type Patience, type TarsCommand } from './tars-task.ts';
import type { TarsWeb } from './tars-web.ts';

interface Wanted {
  readonly application: string;
  readonly server: string;
  readonly node: string;
  readonly comment: string;
  readonly timeout: number;
  readonly poll: number;
}

/** What a step works on. */
export interface ServerAt {
  readonly a: Wanted;
  readonly web: TarsWeb;
  readonly server: TarsServer | undefined;
}

export const named = (a: Wanted): string => `${a.application}.${a.server} on ${a.node}`;

/** The server after a task: it may take the web some seconds to see what has come of it. */
async function until(
  { a, web }: ServerAt,
  api: Api,
  wait: Patience,
  lacking: (s: TarsServer | undefined) => string | undefined,
) {
  for (;;) {
    const found = (await serversOf(web, a.application, a.server)).find(s => s.node === a.node);
    const lacks = lacking(found);
    if (lacks === undefined) return;
    if (Date.now() > wait.deadline)
      throw new ApiFault('answer', `the web said that it is done, but after ${wait.seconds} s ${named(a)} ${lacks}`);
    await api.wait(wait.poll * 1000);
  }
}

const patience = (a: Wanted): Patience => ({
  deadline: Date.now() + a.timeout * 1000,
  poll: a.poll,
  seconds: a.timeout,
});

/** Why it does not run; undefined when it does. */
export const runs = (s: TarsServer | undefined): string | undefined =>
  s?.present === 'active' ? undefined : `is "${s?.present ?? 'not deployed'}", not "active"`;
/** Why it does not stand still. */
export const stands = (s: TarsServer | undefined): string | undefined =>
  s === undefined || (s.setting === 'inactive' && s.present === 'inactive')
    ? undefined
    : `is "${s.present}" and shall be "${s.setting}", not "inactive"`;

/** The id of the server, which a step before may have deployed. */
async function idOf({ a, web }: ServerAt): Promise<string> {
  const found = (await serversOf(web, a.application, a.server)).find(s => s.node === a.node);
  if (found === undefined) throw new ApiFault('answer', `the web does not list ${named(a)}`);
  return found.id;
}

async function command(at: ServerAt, api: Api, what: Omit<TarsCommand, 'server_id'>, wait: Patience) {
  return carryOut(at.web, api, { server_id: await idOf(at), ...what }, wait);
}

export function deploying({ a, web }: ServerAt, body: unknown): ApiStep {
  return {
    what: `deploy ${named(a)}`,
    async run() {
      await web.post('deploy_server', body);
      return {};
    },
  };
}

export interface Package {
  readonly bytes: Uint8Array;
  readonly md5: string;
  /** The number of its upload, where it was uploaded before. */
  readonly there: string | undefined;
}

export function patching(at: ServerAt, pack: Package): ApiStep {
  const { a } = at;
  return {
    what: `publish ${named(a)}`,
    async run(api) {
      const wait = patience(a);
      const patch_id = pack.there ?? (await upload(at, pack.bytes, pack.md5));
      const done = await command(at, api, { command: 'patch_tars', parameters: { patch_id, bak_flag: false } }, wait);
      const arrived = (s: TarsServer | undefined) =>
        s?.patch === patch_id ? runs(s) : `has package ${s?.patch ?? 'none'}, not ${patch_id}`;
      await until(at, api, wait, arrived);
      return done;
    },
  };
}

async function upload({ a, web }: ServerAt, bytes: Uint8Array, md5: string): Promise<string> {
  const comment = `tplay md5=${md5}${a.comment === '' ? '' : ` ${a.comment}`}`;
  const fields = { application: a.application, module_name: a.server, md5, comment, task_id: String(Date.now()) };
  const data = await web.upload('upload_patch_package', fields, { name: `${a.server}.tgz`, bytes });
  const id = (data as { id?: unknown } | null)?.id;
  if (typeof id === 'number' || (typeof id === 'string' && id !== '')) return String(id);
  throw new ApiFault('answer', 'the web took the package and gave it no number');
}

export function starting(at: ServerAt, how: 'start' | 'restart'): ApiStep {
  return {
    what: `${how} ${named(at.a)}`,
    async run(api: Api) {
      const wait = patience(at.a);
      const done = await command(at, api, { command: how, parameters: {} }, wait);
      await until(at, api, wait, runs);
      return done;
    },
  };
}

export function stopping(at: ServerAt): ApiStep {
  return {
    what: `stop ${named(at.a)}`,
    async run(api: Api) {
      const wait = patience(at.a);
      const done = await command(at, api, { command: 'stop', parameters: {} }, wait);
      await until(at, api, wait, stands);
      return done;
    },
  };
}

export function removing(at: ServerAt): ApiStep {
  const { a } = at;
  return {
    what: `undeploy ${named(a)}`,
    async run(api) {
      const wait = patience(a);
      const done = await command(at, api, { command: 'undeploy_tars', parameters: {} }, wait);
      await until(at, api, wait, s => (s === undefined ? undefined : 'is still listed'));
      return done;
    },
  };
}
