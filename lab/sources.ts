import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianRelease, run } from './machine.ts';

const ONE_LINE = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/;
const DISTRIBUTION_KEYRING = /\/(debian|ubuntu)-archive/;
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

interface Source {
  readonly uri: string;
  readonly suite: string;
  readonly components: string;
  readonly signedBy: string | undefined;
}

/**
 * This machine's apt sources as lines of sources.list, only those of the distribution itself: a vendor's packages
 * (and keys) have no place in the hosts. Throws when there is none.
 */
export function distributionSources(): string[] {
  const release = debianRelease();
  const suites = new RegExp(`^${release}(-updates|-security|/updates)?$`);
  const own = sourceFiles()
    .flatMap(readSources)
    .filter(({ suite, components, signedBy }) => {
      const signed = signedBy === undefined || DISTRIBUTION_KEYRING.test(signedBy);
      return suites.test(suite) && /\bmain\b/.test(components) && signed;
    });
  const lines = [...new Set(own.map(({ uri, suite, components }) => `deb ${uri} ${suite} ${components}`))];
  if (lines.length === 0)
    throw new Error(`/etc/apt names no source of ${release} itself: the lab does not know where to get it`);
  return lines;
}

/** Options that apt needs to reach those sources from here, as lines of apt.conf: proxies. */
export async function aptProxies(): Promise<string[]> {
  const dump = (await run`apt-config dump`).stdout.split('\n');
  const configured = dump.filter(line => /^Acquire::(https?|ftp)::Proxy(::\S+)? "[^"]+";$/i.test(line));
  if (configured.length > 0) return configured;
  const { http_proxy: http, https_proxy: https } = process.env;
  return [
    ...(http ? [`Acquire::http::Proxy "${http}";`] : []),
    ...(https ? [`Acquire::https::Proxy "${https}";`] : []),
  ];
}

/** The certificates this machine trusts beyond those of Debian's package: of its owner, or of what intercepts TLS here. */
export function addedCertificates(): string[] {
  const shipped = new Set(certificateFiles('/usr/share/ca-certificates').flatMap(certificates));
  return certificates().filter(text => !shipped.has(text));
}

/** The certificates of a PEM bundle, without what is around them; none when it is not there. */
function certificates(bundle = BUNDLE): string[] {
  if (!existsSync(bundle)) return [];
  const found = readFileSync(bundle, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  return (found ?? []).map(text => text.replaceAll('\r', ''));
}

/** The name servers of this machine that its hosts can reach too, as a resolv.conf. */
export function resolvConf(): string {
  const stub = '/run/systemd/resolve/resolv.conf';
  const text = readFileSync(existsSync(stub) ? stub : '/etc/resolv.conf', 'utf8');
  return `${text
    .split('\n')
    .filter(line => !/^nameserver\s+(127\.|::1)/.test(line))
    .join('\n')
    .trimEnd()}\n`;
}

function certificateFiles(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.crt'))
    .map(name => join(dir, name));
}

function sourceFiles(): string[] {
  const dir = '/etc/apt/sources.list.d';
  const parts = existsSync(dir)
    ? readdirSync(dir)
        .filter(name => /\.(list|sources)$/.test(name))
        .sort()
    : [];
  return ['/etc/apt/sources.list', ...parts.map(name => join(dir, name))].filter(path => existsSync(path));
}

function readSources(path: string): Source[] {
  const text = readFileSync(path, 'utf8');
  return path.endsWith('.sources') ? readStanzas(text) : readLines(text);
}

function readLines(text: string): Source[] {
  return text.split('\n').flatMap(line => {
    const [, options = '', uri, suite, components] = ONE_LINE.exec(line.replace(/#.*/, '').trim()) ?? [];
    if (uri === undefined || suite === undefined || components === undefined) return [];
    return [{ uri, suite, components, signedBy: /signed-by=(\S+)/.exec(options)?.[1] }];
  });
}

function readStanzas(text: string): Source[] {
  const lines = text.split('\n').filter(line => !line.startsWith('#'));
  return lines
    .join('\n')
    .split(/\n\s*\n/)
    .flatMap(stanza => {
      const field = (name: string) => new RegExp(`^${name}:\\s*(.+(?:\\n[ \\t].*)*)`, 'im').exec(stanza)?.[1]?.trim();
      const words = (name: string) => field(name)?.split(/\s+/) ?? [];
      if (!words('Types').includes('deb') || /^no$/i.test(field('Enabled') ?? 'yes')) return [];
      const components = words('Components').join(' ');
      const signedBy = field('Signed-By');
      return words('URIs').flatMap(uri => words('Suites').map(suite => ({ uri, suite, components, signedBy })));
    });
}
