import { hasArg, moduleOf, moduleSpan, textArg } from '../args.ts';
import type { Site } from '../book.ts';
import type { Rule } from '../rule.ts';

const WRITES = ['copy', 'template', 'get_url', 'assemble'];

function writesNew(site: Site): boolean {
  const module = moduleOf(site) ?? '';
  if (WRITES.includes(module)) return true;
  // with recurse the mode would be that of every file below
  if (module === 'file' && !hasArg(site, 'recurse'))
    return ['directory', 'touch'].includes(textArg(site, 'state')?.text ?? '');
  return (module === 'lineinfile' || module === 'blockinfile') && hasArg(site, 'create');
}

export const missingMode: Rule = {
  name: 'missing-mode',
  doc: 'Without a mode a new file gets what the umask of the login leaves: readable by all on one host, by nobody on another.',
  bad: { text: '- template: { src: app.conf.j2, dest: /etc/app.conf }\n', files: { 'app.conf.j2': '' } },
  good: { text: '- copy: { content: "", dest: /etc/app.conf, mode: "0644" }\n' },
  *check({ sites }) {
    for (const site of sites) {
      if (!writesNew(site) || hasArg(site, 'mode')) continue;
      const message = `${moduleOf(site)} without a mode: what a new file gets hangs on the host's umask`;
      yield {
        span: moduleSpan(site),
        task: site.task.span,
        message,
        suggestion: 'add mode: "0644", or mode: preserve',
      };
    }
  },
};

const PACKAGES = ['package', 'apt', 'yum', 'dnf', 'apk'];

export const packageLatest: Rule = {
  name: 'package-latest',
  doc: 'What `latest` is changes by itself: two runs of one playbook, or two hosts, get different versions.',
  bad: { text: '- package: { name: nginx, state: latest }\n' },
  good: { text: '- package: { name: nginx, state: present }\n' },
  *check({ sites }) {
    for (const site of sites) {
      const state = PACKAGES.includes(moduleOf(site) ?? '') ? textArg(site, 'state') : undefined;
      if (state?.text !== 'latest') continue;
      const message = '"latest" is another version every time';
      yield {
        span: state.span,
        task: site.task.span,
        message,
        suggestion: 'state: present, with a version where it matters',
      };
    }
  },
};
