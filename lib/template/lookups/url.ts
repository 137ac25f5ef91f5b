import { didYouMean } from '../../text/near.ts';
import { type Call, content, type SpecTable } from '../call.ts';
import { toBool } from '../filters/types.ts';
import { iterate } from '../loop.ts';
import { str } from '../print.ts';
import { plain } from '../taint.ts';
import { type FetchRequest, Float, type Value } from '../values.ts';
import { options, termTexts } from './file.ts';

/** The options of Ansible's lookup, with what else sets them: a variable `ansible_lookup_url_NAME`, and that in capitals. */
const OPTIONS: Readonly<Record<string, string | undefined>> = {
  validate_certs: undefined,
  use_proxy: undefined,
  username: undefined,
  password: undefined,
  headers: undefined,
  split_lines: undefined,
  force: 'force',
  timeout: 'timeout',
  http_agent: 'agent',
  force_basic_auth: 'force_basic_auth',
  follow_redirects: 'follow_redirects',
  use_gssapi: 'use_gssapi',
  use_netrc: 'use_netrc',
  unix_socket: 'unix_socket',
  ca_path: 'ca_path',
  ciphers: 'ciphers',
  unredirected_headers: 'unredir_headers',
};

/** The value of an option by its name, or undefined. */
type Option = (name: string) => Value | undefined;

function optionsOf(call: Call): Option {
  const given = options(call);
  for (const name of given.keys())
    if (!Object.hasOwn(OPTIONS, name)) call.fail(`has no option "${name}"`, didYouMean(name, Object.keys(OPTIONS)));
  const { scope } = call.frame.run;
  return name => {
    const own = given.get(name);
    const variable = OPTIONS[name] === undefined ? undefined : `ansible_lookup_url_${OPTIONS[name]}`;
    if (own !== undefined || variable === undefined) return own ?? undefined;
    return scope.get(variable) ?? scope.services.environment[variable.toUpperCase()];
  };
}

function url(call: Call): Value {
  const option = optionsOf(call);
  const how = requestOf(call, option);
  const lines = flag(option, 'split_lines', true);
  return termTexts(call).flatMap(term => {
    const text = read(call, { ...how, url: checkedUrl(call, term) });
    return lines ? linesOf(text) : [text];
  });
}

/** As Ansible: bytes are cut at line breaks, and at nothing else that Unicode has for that. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function checkedUrl(call: Call, text: string): string {
  const bad = /[^!-~]/u.exec(text)?.[0];
  if (bad !== undefined) call.fail(`cannot read "${text}"`, `write "${encodeURIComponent(bad)}" for "${bad}"`);
  if (/^file:/.test(text)) call.fail(`does not read "${text}"`, 'use lookup("file", ...)');
  if (!/^https?:\/\/[^/]/.test(text) || !URL.canParse(text))
    call.fail(`cannot read "${text}"`, 'write it as http://host/path or https://host/path');
  return text;
}

function read(call: Call, request: FetchRequest): string {
  const shown = request.url.replace(/\/\/[^/@]*@/, '//');
  const fetched = call.frame.run.scope.services.fetch?.(request);
  if (fetched === undefined) return call.fail(`cannot read "${shown}" here`);
  if ('failure' in fetched) return call.fail(`could not read "${shown}": ${fetched.failure}`);
  const { status, reason, body } = fetched;
  if (status >= 200 && status < 300) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  return call.fail(`could not read "${shown}": HTTP status ${status}${reason === '' ? '' : ` (${reason})`}`);
}

function requestOf(call: Call, option: Option): Omit<FetchRequest, 'url'> {
  if (flag(option, 'use_gssapi', false)) call.fail('knows no logins by GSSAPI', 'use username and password');
  const text = (name: string) => {
    const value = option(name) ?? null;
    return value === null ? undefined : str(value);
  };
  return {
    user: text('username'),
    password: text('password'),
    loginFirst: flag(option, 'force_basic_auth', false),
    netrc: flag(option, 'use_netrc', true),
    headers: headersOf(call, option),
    unredirected: words(option('unredirected_headers')),
    redirects: follows(call, option('follow_redirects')),
    proxy: flag(option, 'use_proxy', true),
    validateCerts: flag(option, 'validate_certs', true),
    timeout: seconds(call, option('timeout') ?? 10),
    caPath: text('ca_path'),
    ciphers: words(option('ciphers')).join(':') || undefined,
    unixSocket: text('unix_socket'),
  };
}

function headersOf(call: Call, option: Option): Record<string, string> {
  const given = option('headers') ?? new Map();
  if (!(given instanceof Map)) return call.fail('needs a dict as "headers"');
  const headers = { 'User-Agent': str(option('http_agent') ?? 'ansible-httpget') };
  const all = Object.entries(headers).filter(([name]) => ![...given.keys()].some(k => same(String(k), name)));
  if (flag(option, 'force', false)) all.push(['cache-control', 'no-cache']);
  for (const [name, value] of given) all.push([str(name), str(value)]);
  return Object.fromEntries(all);
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** As Ansible, all its ways to follow a GET are the same. Other words there follow nothing without saying so. */
function follows(call: Call, value: Value | undefined): boolean {
  const word = str(value ?? 'urllib2').toLowerCase();
  if (['urllib2', 'all', 'yes', 'safe'].includes(word)) return true;
  return ['none', 'no', 'false'].includes(word) ? false : call.fail('needs all, safe or none as "follow_redirects"');
}

function seconds(call: Call, value: Value): number {
  const number = value instanceof Float ? value.value : Number(value);
  return number > 0 ? number : call.fail('needs a number of seconds as "timeout"');
}

function words(value: Value | undefined): string[] {
  if (value === undefined || value === null) return [];
  return typeof value === 'string' ? value.split(',').map(word => word.trim()) : iterate(value).map(v => str(plain(v)));
}

function flag(option: Option, name: string, otherwise: boolean): boolean {
  const value = option(name);
  return value === undefined ? otherwise : toBool(value) === true;
}

/** The lookup that reads web servers. */
export const urlLookups: SpecTable = {
  url: content('*terms **options', url),
};
