import { type ArgsOf, type ArgsSchema, defineConverge, put, type Sh, type State, sh } from '../module.ts';
import { PM2_LOOK } from './shared/pm2-look.ts';

const args = {
  properties: {
    name: { type: 'string', description: 'The app; with config, the only one of its apps that is meant.' },
    config: {
      type: 'string',
      path: true,
      description: 'Path on the host of an ecosystem file (.js, .cjs or .json) with the apps.',
    },
    env_name: {
      type: 'string',
      description: 'Which environment of the ecosystem file: production takes env_production too.',
    },
    script: { type: 'string', description: 'What is run: a path, below cwd where it is relative, or a command.' },
    args: { type: 'array', items: { type: 'string' }, description: 'Its arguments.' },
    cwd: { type: 'string', path: true, description: 'The folder it runs in.' },
    interpreter: { type: 'string', description: 'What runs the script, where it is not node; none for a program.' },
    env: { type: 'object', description: 'Variables of its environment.' },
    instances: {
      type: 'integer',
      minimum: 1,
      description: 'How many of them; more than one share their ports (cluster mode).',
    },
    state: {
      type: 'string',
      enum: ['started', 'stopped', 'restarted', 'reloaded', 'absent'],
      default: 'started',
      description:
        'started also starts anew what runs otherwise than it should; reloaded is restarted one by one, where there are several.',
    },
    save: {
      type: 'boolean',
      default: true,
      description: 'Whether pm2 shall remember for its next start what it runs now: this app and all others it has.',
    },
    pm2_home: { type: 'string', path: true, description: "pm2's folder; ~/.pm2 unless told." },
    executable: { type: 'string', path: true, description: 'Path of pm2; its Node is the one beside it.' },
  },
  exclusive: [
    ['config', 'script'],
    ['config', 'args'],
    ['config', 'cwd'],
    ['config', 'interpreter'],
    ['config', 'env'],
    ['config', 'instances'],
  ],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'pm2',
  doc: 'Apps that pm2 runs for the user of the task. An app that runs with another script, folder, argument or variable than asked for is started anew. Ours, not of Ansible. To have pm2 itself at boot, give it a unit that runs `pm2 resurrect`.',
  args,
  examples: `
- pm2:
    name: web
    script: app.js
    cwd: /srv/web
    env: { NODE_ENV: production, PORT: 3000 }
    instances: 2
- pm2: { config: /srv/api/ecosystem.config.js, env_name: production }
- pm2: { name: web, state: reloaded }
  when: code is changed
- pm2: { name: old, state: absent }
`,
  returns: { apps: 'of each process: name, pid, status, restarts, cwd' },

  check(a) {
    if (a.name === undefined && a.config === undefined) return 'give "name", or "config" with an ecosystem file';
    if (a.state === 'started' && a.config === undefined && a.script === undefined)
      return 'state started needs "script" or "config": what shall be run';
    if (a.env_name !== undefined && a.config === undefined) return 'env_name is about config, which is not given';
    if (a.name !== undefined && (/[,\n\0]/.test(a.name) || /^(-.*|all|\d+|)$/.test(a.name)))
      return `"${a.name}" cannot be the name of an app`;
    return undefined;
  },

  goal: a => ({ apps: wished(a), ...(a.save && { saved: true }) }),
  detail: () => ['due', 'others', 'gone', 'list'],
  probe: a => sh.lines(open(a), sh`tp_pm2 ${PM2_LOOK} ${put(JSON.stringify(wish(a)))}`),
  force: a => a.state === 'restarted' || a.state === 'reloaded',

  refuse: (a, before) =>
    a.script === undefined && a.config === undefined && wished(a) === 'started' && (before['due'] ?? '') !== ''
      ? `${before['apps']}; give script or config to start it`
      : undefined,

  apply: a =>
    sh.lines(
      open(a),
      a.state === 'absent' && sh`tp_pm2_each due delete`,
      a.state === 'stopped' && sh`tp_pm2_each due stop`,
      // before others are started: those are new
      a.state === 'restarted' && sh`tp_pm2_each others restart --update-env`,
      a.state === 'reloaded' && sh`tp_pm2_each others reload --update-env`,
      wished(a) === 'started' && start(a),
      a.save && sh`"$tp_pm2" save --force`,
    ),

  values: (_, state: State) => ({ apps: JSON.parse(state['list'] || '[]') as unknown }),
});

function wished(a: Args): 'started' | 'stopped' | 'absent' {
  return a.state === 'stopped' || a.state === 'absent' ? a.state : 'started';
}

function open(a: Args): Sh {
  return sh.lines(
    a.pm2_home !== undefined && sh`export PM2_HOME=${a.pm2_home}`,
    sh`tp_pm2_open ${[a.executable ?? '']} || exit`,
  );
}

function start(a: Args): Sh {
  if (a.config !== undefined)
    // as people start it: paths in it are seen from its folder
    return sh.lines(
      sh`tp_file=${a.config}; case $tp_file in */*) cd -- "${sh.code('${tp_file%/*}')}/" ;; esac`,
      sh`tp_pm2_start "${sh.code('${tp_file##*/}')}" ${a.env_name !== undefined && ['--env', a.env_name]}`,
    );
  // pm2 knows an ecosystem file by its name; it may hold secrets, and is only this user's
  return sh.lines(
    sh`cp ${put(JSON.stringify({ apps: appsOf(a) }))} "$tp_dir/pm2.json"`,
    sh`tp_pm2_start "$tp_dir/pm2.json"; rm -f "$tp_dir/pm2.json"`,
  );
}

function wish(a: Args): object {
  const { config, name, env_name, save } = a;
  return { state: wished(a), save, config, name, env_name, apps: appsOf(a) };
}

function appsOf(a: Args): readonly object[] {
  const { name, script, args: words, cwd, interpreter, env, instances } = a;
  const mode = instances !== undefined && instances > 1 ? { exec_mode: 'cluster' } : {};
  return [{ name, script, args: words, cwd, interpreter, env, instances, ...mode }];
}
