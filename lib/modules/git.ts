import { defineConverge, type Goal, type Sh, secret, sh } from '../module.ts';
import { type Repository, repositoryOf, sshCommand } from './shared/git-access.ts';
import { formatOf, type GitArgs, gitArgs, gitFault } from './shared/git-args.ts';

export default defineConverge({
  name: 'git',
  doc: 'A working copy of a git repository on the host, at a branch, tag or commit. The host needs git (the package git), 2.13 or newer. What a cut run left half done the next one finishes.',
  args: gitArgs,
  examples: `
- git: { repo: "https://git.example.com/app.git", dest: /srv/app, version: v1.2.0 }
- name: The newest of a branch, as its own user
  git: { repo: "git@git.example.com:app.git", dest: /opt/app, version: main, accept_newhostkey: true }
  become: true
  become_user: app
  register: code
- name: Build only when something came
  command: ./build.sh
  args: { chdir: /opt/app }
  when: code is changed
`,
  returns: {
    before: 'the commit that was checked out, null when there was none',
    after: 'the commit that is checked out; in a dry run the one that would be',
    remote_url_changed: 'whether the remote had another address',
  },

  check: gitFault,

  goal(a): Goal {
    const whole = !a.bare && a.recursive;
    return {
      cloned: true,
      url: addressed(repositoryOf(a.repo)),
      local_changes: '',
      local_commits: 0,
      checked_out: true,
      ...(whole && { submodules: true }),
      ...(a.verify_commit && { signed: true }),
      ...(a.archive !== undefined && { archive: true }),
    };
  },

  detail: () => ['before', 'after', 'in_the_way', 'fault'],

  probe(a, want) {
    const flags = [
      a.refspec ?? '',
      text(a.recursive),
      text(a.track_submodules),
      signers(a),
      text(a.clone),
      text(a.update),
    ];
    return sh.lines(open(a), sh`tp_git_probe ${flags} ${file(a)} ${want}`);
  },

  refuse(a, before) {
    const { in_the_way: way = '', fault = '', local_changes: changes = '', local_commits: commits = '0' } = before;
    if (way !== '' || fault !== '') return way || fault;
    if (a.force) return undefined;
    const how = 'take care of them, or give force: true, which discards them';
    if (changes !== '') return `there are local modifications in ${a.dest}: ${changes}: ${how}`;
    return commits === '0'
      ? undefined
      : `${commits} commits of ${a.dest} are on no branch of ${repositoryOf(a.repo).url}: ${how}`;
  },

  apply(a) {
    const flags = [a.refspec ?? '', text(a.recursive), text(a.track_submodules), signers(a), text(a.force)];
    const more = [a.depth ?? '', text(a.single_branch)];
    return sh.lines(
      open(a),
      a.umask === undefined ? undefined : sh`umask ${a.umask}`,
      sh`tp_git_reach ${[...flags, ...more]} ${[a.separate_git_dir ?? '', a.reference ?? '']} ${text(a.verify_commit)}`,
      a.archive === undefined ? undefined : sh`tp_git_pack ${file(a)}`,
    );
  },

  values(a, state, _, before) {
    const { before: old = '', url = '' } = before;
    return {
      before: old === '' ? null : old,
      after: state['after'] || null,
      remote_url_changed: old !== '' && url !== addressed(repositoryOf(a.repo)),
    };
  },
});

/** Names the repository to the functions of the prelude; a password goes by the environment, which only its user sees. */
function open(a: GitArgs): Sh {
  const { url, user, password } = repositoryOf(a.repo);
  const words = [a.version, a.remote, text(a.bare), user];
  return sh.lines(
    password === '' ? sh`TP_GIT_PASSWORD=''` : sh`export TP_GIT_PASSWORD=${secret(password)}`,
    sh`tp_git_open ${a.executable ?? 'git'} ${sshCommand(a)} ${a.dest ?? ''} ${url} ${words}`,
  );
}

function file(a: GitArgs): Sh {
  return sh`${[a.archive ?? '', formatOf(a.archive ?? ''), a.archive_prefix ?? '']}`;
}

function signers(a: GitArgs): string {
  return a.gpg_whitelist.map(key => key.replaceAll(' ', '').toUpperCase()).join(' ');
}

function text(flag: boolean): string {
  return String(flag);
}

/** As git keeps it: the address of a path begins with file://, without which git ignores depth. */
function addressed({ url }: Repository): string {
  return url.startsWith('/') ? `file://${url}` : url;
}
