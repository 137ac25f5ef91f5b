import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sh } from '../../lib/shell/sh.ts';
import { inShells, type Shell } from './shells.ts';

// What the cases of test/modules do not reach: hosts without the usual tools, and odd files.
const test = suite('accounts, cron, packages, services');

function accounts(shell: Shell, passwd: string, group: string): void {
  writeFileSync(join(shell.folder, 'passwd'), passwd);
  writeFileSync(join(shell.folder, 'group'), group);
  writeFileSync(join(shell.folder, 'shadow'), '');
}
const ETC = 'tp_etc=$PWD\n';
/** Stands for programs: notes how it was called. */
const noted = (...names: string[]) => names.map(n => `${n}() { echo "${n} $*" >>said; }`).join('\n');
const said = (shell: Shell) => readFileSync(join(shell.folder, 'said'), 'utf8');
const without = (...names: string[]) =>
  `tp_has() { case " ${names.join(' ')} " in *" $1 "*) return 1 ;; esac; command -v "$1" >/dev/null 2>&1; }`;

inShells(test, 'tp_account finds just the line of that name', shell => {
  accounts(shell, 'annex:x:1:1::/:/bin/sh\nann:x:2:2::/:/bin/sh\n', '');
  const find = (name: string) =>
    shell.run(sh`tp_account passwd ${name}; printf '%s %s' "$?" "$tp_line"`, ETC + without('getent')).out;
  assert.is(find('ann'), '0 ann:x:2:2::/:/bin/sh');
  assert.is(find('an'), '1 ');
  assert.is(find('a*'), '1 ');
});

inShells(test, 'tp_account_set and tp_with change one field, and leave backslashes and the mode alone', shell => {
  accounts(shell, 'a:x:1:1:x\\ny:/:/bin/sh\nb:x:2:2::/:/bin/sh\n', 'g:x:1:\n');
  const done = shell.run(
    'chmod 640 passwd; tp_account_set passwd b 7 /bin/odd; tp_account_set passwd a 3 11; tp_account_set group g 3 5; ls -l passwd | cut -c 1-10; ls',
    ETC,
  );
  assert.is(done.out, '-rw-r-----\ngroup\npasswd\nshadow\n');
  assert.is(readFileSync(join(shell.folder, 'passwd'), 'utf8'), 'a:x:11:1:x\\ny:/:/bin/sh\nb:x:2:2::/:/bin/odd\n');
  assert.is(readFileSync(join(shell.folder, 'group'), 'utf8'), 'g:x:5:\n');
});

inShells(test, 'tp_group_members puts a user into groups and takes it out of the others', shell => {
  accounts(shell, 'ann:x:1:1::/:/bin/sh\n', 'a:x:1:ann\nb:x:2:x,ann,y\nc:x:3:anna\nd:x:4:\n');
  const group = () => readFileSync(join(shell.folder, 'group'), 'utf8');
  shell.run('tp_group_members ann "" a,3', ETC);
  assert.is(group(), 'a:x:1:ann\nb:x:2:x,y\nc:x:3:anna,ann\nd:x:4:\n');
  shell.run('tp_group_members ann 1 d', ETC);
  assert.is(group(), 'a:x:1:ann\nb:x:2:x,y\nc:x:3:anna,ann\nd:x:4:ann\n');
  const missing = shell.run('tp_group_members ann "" nonesuch', `${ETC}\n${without('getent')}`);
  assert.match(missing.err, /no group nonesuch/);
  assert.is(group(), 'a:x:1:ann\nb:x:2:x,y\nc:x:3:anna,ann\nd:x:4:ann\n');
  shell.run("tp_group_members ann '' ''", ETC);
  assert.is(group(), 'a:x:1:\nb:x:2:x,y\nc:x:3:anna\nd:x:4:\n');
});

inShells(test, 'tp_user, tp_member, tp_gid and tp_grouped read groups by name and by number', shell => {
  accounts(shell, 'ann:x:1000:7:A:/nowhere:/bin/sh\n', 'own:x:7:\nadm:x:8:ann\ndev:x:9:b,ann\n');
  const groups = (wanted: string, append = '') =>
    shell.run(
      sh`tp_group=7 tp_groups=${wanted} tp_append=${append}; tp_user ann ${`^ann:|[:,]ann(,|$)|^own:|^[^:]*:[^:]*:[789]:`} group groups home_exists`,
      ETC,
    ).out;
  assert.is(groups('dev,adm'), 'group=7\ngroups=dev,adm\nhome_exists=false\n');
  assert.is(groups('8,dev,own'), 'group=7\ngroups=8,dev,own\nhome_exists=false\n');
  assert.is(groups('adm'), 'group=7\ngroups=adm,dev\nhome_exists=false\n');
  assert.is(groups('adm', '1'), 'group=7\ngroups=adm\nhome_exists=false\n');
});

inShells(test, 'tp_account_lock waits for who edits accounts, and takes over what a dead process left', shell => {
  accounts(shell, 'a:x:1:1::/:/bin/sh\n', '');
  const fast = `${ETC}sleep() { echo z >>said; }\n`;
  const files = () => readdirSync(shell.folder).filter(name => name.startsWith('passwd'));
  // of this test's own process, which lives
  writeFileSync(join(shell.folder, 'passwd.lock'), String(process.pid));
  const held = shell.run('tp_account_set passwd a 7 /bin/odd; echo $?', fast);
  assert.is(held.out, '1\n');
  assert.match(held.err, new RegExp(`passwd is locked by process ${process.pid}, by .*/passwd.lock: run this again`));
  assert.is(said(shell), 'z\n'.repeat(15));
  assert.equal(files(), ['passwd', 'passwd.lock']);
  const cut = `${ETC}sleep() { sh -c 'kill -TERM $PPID'; }\n`;
  assert.is(shell.run('tp_account_set passwd a 7 /bin/odd; echo $?', cut).out, '143\n');
  assert.equal(files(), ['passwd', 'passwd.lock']);
  assert.match(readFileSync(join(shell.folder, 'passwd'), 'utf8'), '/bin/sh');
  // numbers of processes end far below
  writeFileSync(join(shell.folder, 'passwd.lock'), '99999999');
  assert.is(shell.run('tp_account_set passwd a 7 /bin/odd; echo $?', fast).out, '0\n');
  assert.equal(files(), ['passwd']);
  assert.match(readFileSync(join(shell.folder, 'passwd'), 'utf8'), '/bin/odd');
  const own = shell.run(
    'printf %s $$ >passwd.lock; tp_account_set passwd a 7 /bin/own; echo $?; tp_alive $$ && echo alive',
    fast,
  );
  assert.is(own.out, '0\nalive\n');
  assert.equal(files(), ['passwd']);
});

inShells(test, "tp_own_group_drop leaves a group that is another user's own too", shell => {
  accounts(shell, 'ann:x:1:7::/:/bin/sh\nbob:x:2:7::/:/bin/sh\n', 'ann:x:7:\n');
  const drop = () => shell.run('tp_user_drop ann ""; echo $?; cat group', ETC).out;
  assert.is(drop(), '0\nann:x:7:\n');
  accounts(shell, 'ann:x:1:7::/:/bin/sh\n', 'ann:x:7:\n');
  assert.is(drop(), '0\n');
});

inShells(test, 'tp_id_next and tp_id_free know the numbers that are taken', shell => {
  accounts(shell, 'ann:x:1000:1::/:/bin/sh\nbob:x:1001:1::/:/bin/sh\nsys:x:100:1::/:/bin/sh\n', '');
  assert.is(shell.run("tp_id_next passwd ''; echo $tp_id; tp_id_next passwd 1; echo $tp_id", ETC).out, '1002\n101\n');
  assert.match(shell.run('tp_id_free passwd 1001 ann', ETC).err, /1001 is that of bob/);
  assert.is(shell.run('tp_id_free passwd 1001 bob && tp_id_free passwd 5 ann && echo free', ETC).out, 'free\n');
});

inShells(test, 'tp_cron_edit keeps every other line, empty ones and backslashes too', shell => {
  const tab = 'A="\\n"\n\n#Ansible: x\n1 * * * * old\n   indented\n#Ansible: x y\n2 * * * * other';
  const edit = (kind: string, name: string, line: string) =>
    shell.run(sh`tp_tab=${tab}; tp_cron_edit ${kind} ${name} ${line}`).out;
  assert.is(edit('job', 'x', 'new %\\n'), `${tab.replace('1 * * * * old', 'new %\\n')}\n`);
  assert.is(edit('job', 'x', ''), `${tab.replace('#Ansible: x\n1 * * * * old\n', '')}\n`);
  assert.is(edit('job', 'z', '* z'), `${tab}\n#Ansible: z\n* z\n`);
  assert.is(edit('env', 'A', 'A="2"'), `${tab.replace('A="\\n"', 'A="2"')}\n`);
  assert.is(edit('env', 'B', 'B="2"'), `B="2"\n${tab}\n`);
});

inShells(test, 'tp_whose gives -u only for another user', shell => {
  const whose = (user: string) => shell.run(sh`tp_whose ${user}; echo "[$tp_user_flags]"`, 'id() { echo me; }').out;
  assert.equal([whose(''), whose('me'), whose('you')], ['[]\n', '[]\n', '[-u you]\n']);
});

inShells(test, 'tp_apt_update waits for another apt, and gives up on other errors at once', shell => {
  const apt =
    'sleep() { :; }\ntp_apt_quiet() { echo x >>said; [ "$(wc -l <said)" -gt 2 ] || { echo "E: Could not get lock /x"; return 100; }; }';
  assert.is(shell.run('tp_apt_update 0 60; echo $?', apt).out, '0\n');
  assert.is(said(shell), 'x\nx\nx\n');
  const broken = shell.run('tp_apt_update 0 60; echo $?', 'tp_apt_quiet() { echo "E: no network"; return 100; }');
  assert.is(broken.out, '1\n');
  assert.match(broken.err, /no network/);
});

inShells(test, 'tp_systemd_state and tp_systemd_enabled know the words of systemd', shell => {
  const state = (load: string, active: string) =>
    shell.run(sh`tp_load=${load} tp_active=${active}; tp_systemd_state`).out;
  assert.equal(
    [
      ['loaded', 'active'],
      ['loaded', 'activating'],
      ['loaded', 'failed'],
      ['loaded', 'inactive'],
      ['not-found', 'inactive'],
      ['masked', 'inactive'],
    ].map(([l = '', a = '']) => state(l, a)),
    ['started\n', 'started\n', 'stopped\n', 'stopped\n', 'missing\n', 'stopped\n'],
  );
  const enabled = (file: string, want: string) =>
    shell.run(
      sh`tp_load=loaded tp_unit=x tp_unit_file=${file} tp_enable=${want}; tp_systemd_enabled`,
      'systemctl() { return 1; }',
    ).out;
  assert.is(enabled('enabled-runtime', 'false'), 'true\n');
  assert.is(enabled('static', 'false'), 'false\n');
  assert.is(enabled('static', 'true'), 'true\n');
  assert.is(enabled('disabled', 'true'), 'false\n');
  assert.is(enabled('generated', 'true'), 'false\n');
});

inShells(test, 'tp_sysv_enable takes chkconfig, or says what is missing', shell => {
  shell.run('tp_sysv_enable web false', `${noted('chkconfig')}\n${without('update-rc.d')}`);
  assert.is(said(shell), 'chkconfig --add web\nchkconfig web off\n');
  assert.match(
    shell.run('tp_sysv_enable web true', without('update-rc.d', 'chkconfig')).err,
    /neither update-rc.d nor chkconfig/,
  );
});

inShells(test, 'tp_exists counts broken links', shell => {
  assert.is(
    shell.run('ln -s gone l; tp_exists x l; echo $?; tp_exists x "y*"; echo $?; tp_exists; echo $?').out,
    '0\n1\n1\n',
  );
});

inShells(test, 'tp_within ends what takes too long, with timeout and without', shell => {
  for (const hide of ['', without('timeout')]) {
    const begin = Date.now();
    assert.is(shell.run('tp_within 1 sleep 20; [ $? != 0 ] && echo killed', hide).out, 'killed\n');
    assert.ok(Date.now() - begin < 15_000);
    assert.is(shell.run('tp_within 5 sh -c "echo out; exit 3"; echo $?', hide).out, 'out\n3\n');
  }
});

inShells(test, 'tp_mounts and tp_mount take odd names, and ask a network apart', shell => {
  const made =
    'grep() { printf "%s\\n" "/dev/a $PWD/odd\\\\040name ext4 rw 0 0" "srv:/x $PWD/net nfs rw 0 0"; }\nstat() { shift 3; printf "asked %s\\n" "$*"; }\ntp_within() { shift; "$@"; }';
  const out = shell.run('mkdir "odd name" net; tp_mounts', made).out;
  assert.match(out, /^mount \/dev\/a \S+\/odd\\040name ext4 rw$/m);
  assert.match(out, /asked .*odd name$/m);
  assert.match(out, /asked .*net$/m);
});

inShells(test, 'tp_addresses takes the tables of the kernel where there is no ip', shell => {
  assert.match(shell.run('tp_addresses', without('ip')).out, /^kernel\n/);
});

inShells(test, 'tp_own_user, tp_known_host and tp_hostname tell of this host', shell => {
  assert.match(shell.run('tp_own_user').out, /^[^:]+:[^:]*:\d+:/);
  assert.match(shell.run('tp_own_user', without('getent')).out, /^[^:]+:[^:]*:\d+:/);
  assert.match(shell.run('tp_known_host; echo $?').out, /^[01]\n$/);
  assert.match(shell.run('tp_etc=/nowhere; tp_hostname "" current permanent').out, /^current=\S+\npermanent=\n$/);
});

inShells(test, 'tp_wait gives the seconds, and up when it can never hold', shell => {
  assert.is(shell.run('tp_wait 5 0 1 "[ -e /etc ]"').out, 'met 0\n');
  assert.match(shell.run('tp_wait 1 0 1 "[ -e /etc/gone-away ]"').out, /^timeout [12]\n$/);
  assert.is(shell.run('tp_wait 5 0 1 "tp_port_open 192.0.2.9 1 1"; echo $?', without('bash', 'nc', 'perl')).out, '2\n');
});

inShells(test, 'tp_listening and tp_port_closed tell of this host only', shell => {
  assert.is(
    shell.run('tp_by=table; tp_listening 127.0.0.1 1; echo $?; tp_port_closed localhost 1 1; echo $?').out,
    '1\n0\n',
  );
});

test.run();
