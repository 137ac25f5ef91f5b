import { type ArgsOf, type ArgsSchema, defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { accountFault } from './shared/accounts.ts';

const args = {
  properties: {
    name: { type: 'string', description: 'Names the job in a comment above it; with `env` the variable.' },
    job: { type: 'string', aliases: ['value'], description: 'The command; with `env` the value.' },
    state: { type: 'string', enum: ['present', 'absent'], default: 'present', description: 'Whether it shall be.' },
    minute: { type: 'string', default: '*', description: 'Minutes: 0-59, *, */2.' },
    hour: { type: 'string', default: '*', description: 'Hours: 0-23.' },
    day: { type: 'string', default: '*', aliases: ['dom'], description: 'Days of the month: 1-31.' },
    month: { type: 'string', default: '*', description: 'Months: 1-12 or JAN-DEC.' },
    weekday: { type: 'string', default: '*', aliases: ['dow'], description: 'Days of the week: 0-6 or SUN-SAT.' },
    special_time: {
      type: 'string',
      enum: ['annually', 'daily', 'hourly', 'monthly', 'reboot', 'weekly', 'yearly'],
      description: 'A time by its nickname.',
    },
    user: { type: 'string', description: 'Whose table; in a cron_file, who runs the job.' },
    cron_file: { type: 'string', path: true, description: 'A file of its own: a path, or a name in /etc/cron.d.' },
    disabled: { type: 'boolean', default: false, description: 'Leaves the job in the table as a comment.' },
    env: { type: 'boolean', default: false, description: 'Is about a variable of the table.' },
    insertafter: {
      type: 'string',
      description: 'With `env`: a variable that is new goes after this one; to the top of the table unless told.',
    },
    insertbefore: { type: 'string', description: 'With `env`: a variable that is new goes before this one.' },
    backup: { type: 'boolean', default: false, description: 'Keeps a copy of the old table in the temporary folder.' },
  },
  exclusive: [['insertafter', 'insertbefore']],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'cron',
  doc: 'Keeps jobs and variables in cron tables, each marked by a comment with its name.',
  args,
  examples: `
- cron:
    name: check dirs
    minute: "0"
    hour: 5,2
    job: ls -alh > /dev/null
- cron:
    name: PATH
    env: true
    job: /opt/bin
- cron:
    name: APP_HOME
    env: true
    job: /srv/app
    insertafter: PATH
- cron:
    name: yum autoupdate
    weekday: "2"
    user: root
    job: YUMINTERACTIVE=0 /usr/sbin/yum-autoupdate
    cron_file: ansible_yum-autoupdate
`,
  returns: {
    job: 'The line of the table.',
    state: 'present or absent',
    jobs: 'Names of all jobs of the table.',
    envs: 'Names of all variables of the table.',
    cron_file: 'As given.',
    backup_file: 'Path of the copy, when one was made.',
  },

  check(a) {
    if (a.name === undefined && !(a.state === 'absent' && a.cron_file !== undefined))
      return 'cron needs "name"; only a whole cron_file is removed without it';
    if (/\n/.test(`${a.name}${a.job?.replace(/[\r\n]+$/, '')}`)) return 'name and job are one line each';
    const variables = [a.env ? a.name : undefined, a.insertafter, a.insertbefore];
    const odd = variables.find(name => name !== undefined && !/^[A-Za-z_]\w*$/.test(name));
    if (odd !== undefined) return `"${odd}" cannot be a variable's name`;
    if (!a.env && (a.insertafter ?? a.insertbefore) !== undefined) return 'insertafter and insertbefore need "env"';
    if (a.env && a.job?.includes('"')) return 'value holds a double quote, which a variable of cron cannot have';
    const fault = a.user === undefined ? undefined : accountFault('user', a.user);
    if (fault !== undefined) return fault;
    if (a.state === 'present' && a.job === undefined) return 'state present needs "job"';
    if (a.cron_file !== undefined && a.user === undefined && a.state === 'present' && !a.env)
      return 'cron_file needs "user", who runs the job';
    const times = [a.minute, a.hour, a.day, a.month, a.weekday];
    if (a.special_time !== undefined && times.some(t => t !== '*'))
      return 'special_time stands for minute, hour, day, month and weekday; give only one of both';
    return times.find(t => !/^\S+$/.test(t)) === undefined ? undefined : 'a time holds no blanks';
  },

  goal: a =>
    a.name === undefined
      ? { file: 'absent' }
      : a.state === 'absent'
        ? { state: 'absent' }
        : { state: 'present', line: line(a) },

  probe: (a, want) => sh`tp_cron ${where(a)} ${a.env ? 'env' : 'job'} ${a.name ?? file(a)} ${[...want]}`,

  apply(a) {
    if (a.name === undefined) return sh`rm -f -- ${file(a)}`;
    return sh.lines(
      a.backup && sh`tp_cron_backup ${where(a)}`,
      sh`tp_cron_set ${where(a)} ${a.env ? 'env' : 'job'} ${a.name} ${a.state === 'absent' ? '' : line(a)} ${beside(a)}`,
    );
  },

  detail: a => ['jobs', 'envs', ...(a.backup ? ['backup_file'] : [])],
  values: (a, state) => ({
    state: a.state,
    jobs: names(a, state['jobs'], !a.env),
    envs: names(a, state['envs'], a.env),
    ...(state['line'] && { job: state['line'] }),
    ...(a.cron_file !== undefined && { cron_file: a.cron_file }),
    ...(state['backup_file'] && { backup_file: state['backup_file'] }),
  }),
});

/** Where a new variable goes: two words, or none. */
function beside(a: Args): readonly string[] {
  if (a.insertafter !== undefined) return ['after', a.insertafter];
  return a.insertbefore === undefined ? [] : ['before', a.insertbefore];
}

/** Names of a table; in a dry run the one that would come or go is not yet as it shall be. */
function names(a: Args, list: string | undefined, mine: boolean): readonly string[] {
  const there = (list ?? '').split('\n').filter(name => name !== '');
  if (!mine || a.name === undefined) return a.name === undefined ? [] : there;
  const { name } = a;
  if (a.state === 'absent') return there.filter(other => other !== name);
  return there.includes(name) ? there : [...there, name];
}

/** Whose table and which file, as two words: a file has no user of its own. */
function where(a: Args): readonly string[] {
  return [a.cron_file === undefined ? (a.user ?? '') : '', file(a)];
}

function file(a: Args): string {
  if (a.cron_file === undefined) return '';
  return a.cron_file.startsWith('/') ? a.cron_file : `/etc/cron.d/${a.cron_file}`;
}

/** The line below the mark, with blanks just as Ansible writes it. */
function line(a: Args): string {
  const job = (a.job ?? '').replace(/^[\r\n]+|[\r\n]+$/g, '');
  if (a.env) return `${a.name}="${job}"`;
  const when = a.special_time === undefined ? [a.minute, a.hour, a.day, a.month, a.weekday] : [`@${a.special_time}`];
  return `${a.disabled ? '#' : ''}${[...when, ...(a.cron_file === undefined ? [] : [a.user]), job].join(' ')}`;
}
