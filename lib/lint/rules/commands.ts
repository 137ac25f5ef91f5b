import { type Node, valueOf } from '../../yaml/node.ts';
import { hasArg, looksSecret, moduleOf, moduleSpan, textArg } from '../args.ts';
import type { Site } from '../book.ts';
import type { Rule } from '../rule.ts';

const COMMANDS = ['command', 'shell', 'script', 'raw'];

/** The command line of a task that runs one. */
function commandOf(site: Site) {
  return textArg(site, 'cmd');
}

export const alwaysChanged: Rule = {
  name: 'always-changed',
  doc: 'A command counts as changed whenever it runs: a second run of the playbook changes things again, and handlers run for nothing. Handlers may, and tasks whose condition or loop reads what another task has found.',
  bad: { text: '- command: mysql_upgrade\n' },
  good: {
    text: `- command: mysql_upgrade
  args: { creates: /var/lib/mysql/mysql_upgrade_info }
- command: uname -r
  register: kernel
  changed_when: false
- debug: { msg: "{{ kernel.stdout }}" }
`,
  },
  *check({ sites }) {
    const registered = new Set(sites.flatMap(({ task }) => task.register ?? []));
    for (const site of sites) {
      const module = moduleOf(site);
      if (module === undefined || !COMMANDS.includes(module)) continue;
      if (site.task.handler || site.task.changedWhen !== undefined || hasArg(site, 'creates', 'removes')) continue;
      if (looksAt(site, registered)) continue;
      yield {
        span: moduleSpan(site),
        task: site.task.span,
        message: `${module} counts as changed whenever it runs`,
        suggestion: 'say when it changes something: changed_when, creates or removes',
      };
    }
  },
};

export const needlessShell: Rule = {
  name: 'needless-shell',
  doc: 'Without pipes, variables or patterns a shell only adds ways to go wrong with odd characters.',
  bad: { text: '- shell: /usr/bin/uptime\n  changed_when: false\n' },
  good: { text: '- shell: df | tail -1\n  changed_when: false\n- command: /usr/bin/uptime\n  changed_when: false\n' },
  *check({ sites }) {
    for (const site of sites) {
      const command = moduleOf(site) === 'shell' && !hasArg(site, 'executable') ? commandOf(site) : undefined;
      // A text that is all template may hold anything.
      if (command === undefined || /^\s*\{\{.*\}\}\s*$/s.test(command.text)) continue;
      if (/[|&;<>$*?[\]()`~#\n\\]|\{[^{]*,|!/.test(withoutTemplates(command.text))) continue;
      if (/^\s*(\w+=|(cd|source|\.|export|umask|ulimit|set|exit|type|eval|if|for|while|case)\b)/.test(command.text))
        continue;
      const message = 'nothing here needs a shell';
      yield { span: moduleSpan(site), task: site.task.span, message, suggestion: 'write command' };
    }
  },
};

/** Whether a task runs only for what another one has found: its own condition or loop reads a result. */
function looksAt({ map }: Site, registered: ReadonlySet<string>): boolean {
  const texts = ['when', 'loop'].flatMap(key => scalarsIn(valueOf(map, key)));
  return texts.some(text => (text.match(/[A-Za-z_]\w*/g) ?? []).some(word => registered.has(word)));
}

function scalarsIn(node: Node | undefined): readonly string[] {
  if (node?.kind === 'seq') return node.items.flatMap(scalarsIn);
  return node?.kind === 'scalar' ? [node.source] : [];
}

/** Programs for which there is a module that looks before it changes. */
const MODULES: ReadonlyMap<string, string> = new Map([
  ['mkdir', 'file with state: directory'],
  ['rm', 'file with state: absent'],
  ['rmdir', 'file with state: absent'],
  ['chmod', 'file with mode'],
  ['chown', 'file with owner and group'],
  ['chgrp', 'file with group'],
  ['ln', 'file with state: link'],
  ['touch', 'file with state: touch'],
  ['cp', 'copy with remote_src'],
  ['curl', 'get_url or uri'],
  ['wget', 'get_url'],
  ['tar', 'unarchive'],
  ['unzip', 'unarchive'],
  ['sed', 'lineinfile or replace'],
  ['apt', 'apt'],
  ['apt-get', 'apt'],
  ['yum', 'yum'],
  ['dnf', 'dnf'],
  ['apk', 'apk'],
  ['systemctl', 'systemd'],
  ['service', 'service'],
  ['useradd', 'user'],
  ['usermod', 'user'],
  ['userdel', 'user'],
  ['groupadd', 'group'],
  ['crontab', 'cron'],
  ['hostname', 'hostname'],
]);

/** What a program only says, no module does. */
const ONLY_LOOKS =
  /\b(--version|-V|status|is-active|is-enabled|is-failed|list-\w+|show|cat|list|search|info|-l|-t[a-z]*f?)\b|^hostname\s*$|^hostname -|^sed -n/;

export const commandForModule: Rule = {
  name: 'command-for-module',
  doc: 'A module looks first and changes only what is not as it should be; it also works in a dry run.',
  bad: { text: '- command: mkdir -p /srv/www\n  changed_when: true\n' },
  good: {
    text: '- file: { path: /srv/www, state: directory, mode: "0755" }\n- command: systemctl is-active nginx\n  changed_when: false\n',
  },
  *check({ sites }) {
    for (const site of sites) {
      const command = ['command', 'shell'].includes(moduleOf(site) ?? '') ? commandOf(site) : undefined;
      if (command === undefined || ONLY_LOOKS.test(command.text)) continue;
      // Of several commands in one text there is no module for all.
      if (/[|;&\n]/.test(withoutTemplates(command.text).trim())) continue;
      const program = /^\s*(?:\/(?:usr\/)?s?bin\/)?([\w-]+)/.exec(command.text)?.[1] ?? '';
      const module = MODULES.get(program);
      if (module === undefined) continue;
      const message = `there is a module for what ${program} does`;
      yield { span: command.span, task: site.task.span, message, suggestion: `use ${module}` };
    }
  },
};

export const secretInCommand: Rule = {
  name: 'secret-in-command',
  doc: 'Everybody on the host sees the arguments of programs, and results show the command line. Give secrets by the environment or stdin, and hide the task with no_log.',
  bad: { text: '- command: mysql -p{{ db_password }} -e status\n  changed_when: false\n' },
  good: {
    text: `- command: mysql -e status
  environment: { MYSQL_PWD: "{{ db_password }}" }
  changed_when: false
- command: mysql -p{{ db_password }} -e status
  changed_when: false
  no_log: true
`,
  },
  *check({ sites }) {
    for (const site of sites) {
      const command = COMMANDS.includes(moduleOf(site) ?? '') ? commandOf(site) : undefined;
      if (command === undefined || site.task.directives.noLog !== undefined) continue;
      const inside = [...command.text.matchAll(/\{\{(.*?)\}\}/gs)].flatMap(m => m[1]?.match(/[A-Za-z_]\w*/g) ?? []);
      const secret = inside.find(looksSecret);
      if (secret === undefined) continue;
      const message = `"${secret}" looks like a secret, and stands in a command line without no_log`;
      yield {
        span: command.span,
        task: site.task.span,
        message,
        suggestion: 'use environment or stdin; add no_log: true',
      };
    }
  },
};

function withoutTemplates(text: string): string {
  return text.replace(/\{\{.*?\}\}/gs, 'x');
}
