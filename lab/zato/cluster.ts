import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { hostRoot, type Lab } from '../lab.ts';

/** The sample cluster: which component is where. */
export const components = [
  { host: 'admin1', name: 'web-admin', port: 8183 },
  { host: 'srv1', name: 'server1', port: 17010 },
  { host: 'srv2', name: 'server2', port: 17010 },
  { host: 'srv3', name: 'server3', port: 17010 },
  { host: 'lb1', name: 'load-balancer', port: 11223 },
  { host: 'sched1', name: 'scheduler', port: 31530 },
] as const;

/** Runs a command on a host as root. */
export type On = (host: string, command: string, input?: string) => Promise<string>;

/** What an operator did long ago: the code cloned and installed on each host, every component running. */
export async function makeCluster(lab: Lab, on: On, root: string): Promise<void> {
  await Promise.all(components.map(({ host }) => on(host, packages(host))));
  cpSync(join(root, 'lab/zato/code'), join(hostRoot(lab, 'sched1'), 'srv/work'), { recursive: true });
  await on('sched1', ORIGIN);
  await Promise.all(components.map(({ host }) => on(host, CODE)));
  await on('lb1', 'mkdir -p /opt/zato/env/load-balancer; cat >/opt/zato/env/load-balancer/haproxy.conf', haproxy(lab));
  await Promise.all(components.map(one => on(one.host, started(one))));
}

/** Commits another version to the origin, with more shell commands before the commit. */
export function publish(on: On, version: string, more = ':'): Promise<string> {
  return on(
    'sched1',
    `cd /srv/work && echo ${version} >VERSION && ${more} && git add -A && git commit -qm ${version} && git push -q`,
  );
}

function packages(host: string): string {
  const more = host === 'lb1' ? 'haproxy socat' : '';
  return `export DEBIAN_FRONTEND=noninteractive
apt-get -qq update && apt-get -qq install -y --no-install-recommends git ${more} >/dev/null 2>&1
${host === 'lb1' ? 'systemctl disable -q --now haproxy' : ''}
useradd --create-home --shell /bin/bash zato && install -d -o zato -g zato /opt/zato`;
}

// git's own server: what a host reads of it is nobody's on that host
const ORIGIN = `set -e
git config --system user.name lab; git config --system user.email lab@lab; git config --system init.defaultBranch support-3
git init -q --bare /srv/git/zato.git
cd /srv/work && chown -R root: . && git init -q && git add -A && git commit -qm 3.2.0
git remote add origin /srv/git/zato.git && git push -q -u origin support-3
systemd-run -q --unit=origin git daemon --reuseaddr --export-all --base-path=/srv/git
until git ls-remote git://sched1/zato.git >/dev/null 2>&1; do sleep 0.2; done`;

const CODE = `runuser -u zato -- sh -ec 'git clone -q git://sched1/zato.git /opt/zato/3.2
ln -s 3.2 /opt/zato/current; /opt/zato/current/update.sh'`;

function started({ name, port }: (typeof components)[number]): string {
  const path = `/opt/zato/env/${name}`;
  const kind = name.startsWith('server') ? 'server' : name;
  return `mkdir -p ${path} && echo ${kind} ${port} >${path}/component && chown -R zato: /opt/zato/env
runuser -u zato -- /opt/zato/current/bin/zato start ${path}`;
}

function haproxy(lab: Lab): string {
  const servers = components.filter(one => one.name.startsWith('server'));
  const address = (name: string) => lab.hosts.find(host => host.name === name)?.address;
  return `global
  stats socket /opt/zato/env/load-balancer/admin.sock mode 600 level admin
defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
  option redispatch
  retries 3
frontend front_http_plain
  bind :11223
  default_backend bck_http_plain
backend bck_http_plain
  balance roundrobin
  option httpchk GET /zato/ping
${servers.map(one => `  server ${one.name} ${address(one.host)}:${one.port} check inter 1s fall 2 rise 2`).join('\n')}
`;
}
