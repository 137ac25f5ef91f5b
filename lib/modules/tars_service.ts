import { createHash } from 'node:crypto';
import { ApiFault, type ApiPlan, type ArgsOf, type ArgsSchema, defineApi } from '../module.ts';
import { type AdapterWish, adapterArg, conflict, deployBody } from './shared/tars-deploy.ts';
import { namesOf, patchesOf, serversOf, type TarsPatch, type TarsServer } from './shared/tars-lists.ts';
import { logIn, webArgs } from './shared/tars-login.ts';
import {
  deploying,
  named,
  patching,
  removing,
  runs,
  type ServerAt,
  stands,
  starting,
  stopping,
} from './shared/tars-steps.ts';
import type { TarsWeb } from './shared/tars-web.ts';

const args = {
  properties: {
    ...webArgs,
    user: { type: 'string', default: 'admin', description: 'Who logs in.' },
    password: { type: 'string', secret: true, description: 'His password; sent as SHA-1, as the web wants it.' },
    token: {
      type: 'string',
      secret: true,
      description: 'A lasting token instead; the web takes it in the URL only, which its own log may show.',
    },
    application: { type: 'string', default: 'tars', pattern: '^[A-Za-z]\\w*$', description: 'The application.' },
    server: { type: 'string', pattern: '^[A-Za-z]\\w*$', description: 'The server.' },
    node: { type: 'string', description: 'The node, by its address.' },
    state: {
      type: 'string',
      enum: ['published', 'deployed', 'started', 'stopped', 'restarted', 'undeployed'],
      default: 'published',
      description:
        'deployed: the web knows the server on the node. published: it also runs, from `package`. restarted is done each time.',
    },
    package: { type: 'string', description: 'The .tgz on the controller, as `make <server>-tar` makes it.' },
    comment: { type: 'string', default: '', description: 'Shown in the web beside the package.' },
    template: { type: 'string', description: 'Its template; `tars.<server>` in the application tars unless told.' },
    server_type: { type: 'string', default: 'tars_cpp', description: 'What kind of program it is.' },
    adapters: { type: 'array', items: adapterArg, description: 'Its objects and their ports, to deploy it.' },
    timeout: { type: 'integer', default: 120, minimum: 1, description: 'Seconds that the web may take for a task.' },
    poll: { type: 'number', default: 1, minimum: 0.1, description: 'Seconds between two looks at it.' },
  },
  required: ['server', 'node'],
  exclusive: [['password', 'token']],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineApi({
  name: 'tars_service',
  doc: "Deploys, publishes, starts, stops and removes a server of Tars through the API of its web. A package is known by its MD5 in the comment of the upload: what runs already is not sent again, and what was uploaded is used again. A server that is deployed with another template, or other ports, than asked for is an error: the web's own pages change those.",
  args,
  examples: `
- tars_service:
    password: "{{ tars_web_admin_password }}"
    server: tarsstat
    node: 10.0.0.1
    package: tgz/tarsstat.tgz
- tars_service:
    token: "{{ token }}"
    application: Shop
    server: CartServer
    node: 10.0.0.2
    template: tars.cpp.default
    adapters: [{ obj_name: CartObj, port: 20001 }]
    state: deployed
`,
  returns: {
    server_id: 'its number in the web; empty when it is not deployed',
    patch_id: 'the number of the package it was given',
    md5: 'of the package',
    present_state: 'active when it runs',
    task_no: 'the number of the last task of the web',
    items: 'what the web says of it',
  },

  check(a) {
    if (a.state === 'published' && a.package === undefined) return 'published needs package, the .tgz to publish';
    if (a.state !== 'published' && a.package !== undefined) return `package is for state published, not ${a.state}`;
    return undefined;
  },
  needs: a => (a.package === undefined ? [] : [{ kind: 'file', path: a.package, decrypt: false }]),

  async plan(a, api, local) {
    const web = await logIn(a, api);
    const server = (await serversOf(web, a.application, a.server)).find(s => s.node === a.node);
    const at: At = { a, web, server };
    switch (a.state) {
      case 'undeployed':
        return undeploy(at);
      case 'deployed':
        return { ...(await deploy(at)), values: valuesOf(at) };
      case 'published': {
        const file = local.get(a.package ?? '')?.files[0];
        if (file === undefined) throw new Error('internal: the package was not read');
        return publish(at, file.bytes);
      }
      default:
        return run(at, a.state);
    }
  },
});

type At = ServerAt & { readonly a: Args };

const valuesOf = ({ server }: At) => ({
  server_id: server?.id ?? '',
  patch_id: server?.patch ?? '',
  present_state: server?.present ?? '',
});

type Parts = Pick<ApiPlan, 'before' | 'after' | 'steps'>;

async function deploy(at: At): Promise<Parts> {
  const { a, web, server } = at;
  const adapters = (a.adapters ?? []) as readonly AdapterWish[]; // checked by adapterArg
  const template = a.template ?? (a.application === 'tars' ? `tars.${a.server}` : undefined);
  if (server !== undefined) {
    const wrong = await conflict(web, server, { template, adapters });
    if (wrong !== undefined)
      throw new ApiFault('answer', `${named(a)} is deployed with ${wrong}: change it in the web`);
    return { before: { deployed: 'yes' }, after: { deployed: 'yes' }, steps: [] };
  }
  if (template === undefined || adapters.length === 0)
    throw new ApiFault('answer', `${named(a)} is not deployed, and to deploy it template and adapters must be given`);
  await mustHave(web, 'template_name_list', 'template', template);
  await mustHave(web, 'node_list', 'node', a.node);
  const body = deployBody(a, template, adapters);
  return { before: { deployed: 'no' }, after: { deployed: 'yes' }, steps: [deploying(at, body)] };
}

async function mustHave(web: TarsWeb, list: 'node_list' | 'template_name_list', what: string, name: string) {
  const names = await namesOf(web, list);
  if (!names.includes(name))
    throw new ApiFault('pending', `the web has no ${what} ${name}; it has ${names.join(', ') || 'none'}`);
}

const MARK = /^tplay md5=([0-9a-f]{32})(?: |$)/;
const md5Of = (patch: TarsPatch | undefined): string | undefined => MARK.exec(patch?.comment ?? '')?.[1];

async function publish(at: At, bytes: Uint8Array): Promise<ApiPlan> {
  const { a, web, server } = at;
  const md5 = createHash('md5').update(bytes).digest('hex');
  const base = await deploy(at);
  const patches = await patchesOf(web, a.application, a.server);
  const now = patches.find(p => p.id === server?.patch);
  const is = md5Of(now) ?? (now === undefined ? (server?.patch ?? '') : `number ${now.id}`);
  const runsNow = runs(server) === undefined;
  const there = patches.find(p => md5Of(p) === md5);
  const state = server?.present ?? '';
  return {
    before: { ...base.before, package: is, state },
    after: { ...base.after, package: md5, state: 'active' },
    // one that does not run is given its package again: a publication that failed may have left another program there
    steps: [...base.steps, ...(is !== md5 || !runsNow ? [patching(at, { there: there?.id, bytes, md5 })] : [])],
    values: { ...valuesOf(at), md5 },
  };
}

function run(at: At, state: 'started' | 'stopped' | 'restarted'): ApiPlan {
  const { a, server } = at;
  if (server === undefined) throw new ApiFault('pending', `${named(a)} is not deployed`);
  const values = valuesOf(at);
  const before = { state: server.present };
  if (state === 'restarted')
    return { before, after: { state }, command: true, steps: [starting(at, 'restart')], values };
  if (state === 'started') {
    const steps = runs(server) === undefined ? [] : [starting(at, 'start')];
    return { before, after: { state: 'active' }, steps, values };
  }
  return {
    before: { ...before, setting: server.setting },
    after: { state: 'inactive', setting: 'inactive' },
    steps: stands(server) === undefined ? [] : [stopping(at)],
    values,
  };
}

function undeploy(at: At): ApiPlan {
  const { a, server } = at;
  const values = valuesOf(at);
  const after = { deployed: 'no' };
  if (server === undefined) return { before: after, after, steps: [], values };
  const steps = stands(server) === undefined ? [removing(at)] : [stopping(at), removing(at)];
  return { before: { deployed: 'yes' }, after, steps, values };
}
