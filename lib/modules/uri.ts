import { type ArgsOf, type ArgsSchema, defineQuery, type Locals, type Sh, sh } from '../module.ts';
import { attributeArgs, hostPath, installFlags, modeFault, writeArgs } from './shared/attributes.ts';
import { fileNameOf } from './shared/path.ts';
import { type Answer, readAnswer } from './shared/web-answer.ts';
import { webArgs, webFault } from './shared/web-args.ts';
import { type Request, requestCode } from './shared/web-ask.ts';
import { bodyFault, bodyNeeds, bodyOf, typeOf } from './shared/web-body.ts';
import { givenIn, relayOf } from './shared/web-relay.ts';

const args = {
  properties: {
    url: { type: 'string', description: 'Address, http or https.' },
    method: { type: 'string', default: 'GET', pattern: '^[A-Za-z]+$', description: 'GET, POST, PUT, …' },
    body: { type: 'any', description: 'What to send: a text, or data for body_format.' },
    body_format: {
      type: 'string',
      enum: ['raw', 'json', 'form-urlencoded', 'form-multipart'],
      default: 'raw',
      description:
        'How data is written, and the Content-Type unless `headers` has one. form-multipart takes a mapping of names to texts, or to mappings with content, filename (a file, unless there is content) and mime_type.',
    },
    src: { type: 'string', path: 'remote_src', description: 'A file to send instead of body.' },
    remote_src: {
      type: 'boolean',
      default: false,
      description: 'src and the files of form-multipart are on the host, not on the controller.',
    },
    headers: { type: 'object', default: {}, description: 'Further header fields.' },
    status_code: {
      type: 'array',
      items: { type: 'integer' },
      default: [200],
      description: 'Statuses that are no failure.',
    },
    return_content: { type: 'boolean', default: false, description: 'Returns the body of the answer.' },
    dest: {
      type: 'string',
      path: true,
      description:
        'Where on the host the body is written; of a folder: the name comes from the address. It is a change when the file was another.',
    },
    creates: { type: 'string', path: true, description: 'A path of the host: nothing is asked when it exists.' },
    removes: {
      type: 'string',
      path: true,
      description: 'A path of the host: nothing is asked when it does not exist.',
    },
    force: { type: 'boolean', default: false, description: 'Asks caches on the way to fetch it anew.' },
    timeout: { type: 'integer', default: 30, minimum: 1, description: 'Seconds without an answer.' },
    follow_redirects: {
      type: 'string',
      enum: ['safe', 'all', 'yes', 'none', 'no', 'urllib2'],
      default: 'safe',
      description: 'safe follows redirects of GET and HEAD.',
    },
    url_username: { type: 'string', aliases: ['user'], description: 'User for the server.' },
    ...webArgs,
    ca_path: {
      type: 'string',
      path: true,
      description: 'PEM file of the host with the authorities that vouch for the server.',
    },
    unix_socket: { type: 'string', path: true, description: 'Socket of the host where the server listens.' },
    ...attributeArgs,
    unsafe_writes: writeArgs.unsafe_writes,
  },
  required: ['url'],
  exclusive: [['body', 'src']],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

const STATE = ['path', 'type', 'mode', 'owner', 'group', 'uid', 'gid', 'size'];

export default defineQuery({
  name: 'uri',
  doc: "Makes an HTTP request from the host, with curl or GNU wget; plain http with bash, nc or perl where there is neither. Where none of them can, the controller makes it through the connection to the host (no proxy and no ~/.netrc of the host are used then; certificates are judged by the controller's). WSSE is not spoken.",
  args,
  examples: `
- uri:
    url: http://www.example.com
- uri:
    url: https://jira.example.com/rest/api/2/issue/
    method: POST
    body: { summary: A new issue }
    body_format: json
    status_code: 201
- uri:
    url: https://example.com/upload
    method: POST
    body_format: form-multipart
    body:
      report: { filename: report.pdf, mime_type: application/pdf }
      note: from the playbook
- uri: { url: "http://localhost/v1/info", unix_socket: /run/podman/podman.sock, return_content: true }
`,
  returns: {
    status: 'The HTTP status; -1 without an answer.',
    url: 'The address that answered.',
    redirected: 'Whether that is another than was asked.',
    msg: 'What happened.',
    content:
      'The body (with return_content, or when the status is a failure, as Ansible documents it; 2.14 does not do the latter).',
    json: 'The body as data, when its type is JSON; an integer past 2 to the 53 is a text, and 1.0 is the integer 1.',
    cookies: 'The cookies that were set.',
    cookies_string: 'The cookies for a Cookie header.',
    elapsed: 'Seconds it took.',
    path: 'Where the body was written; with it mode, owner, group and size of the file.',
    via: 'What made the request: curl, wget, plain (bash, nc or perl) or controller.',
  },

  check(a) {
    const url = URL.canParse(a.url) ? new URL(a.url) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) return `"${a.url}" is no address of http or https`;
    if (a.src !== undefined && a.body_format === 'form-multipart')
      return 'form-multipart takes its files from "body", not "src"';
    return webFault(a) ?? bodyFault(a) ?? modeFault(a.mode);
  },

  needs: bodyNeeds,

  // Everything that may be secret is in files only this user can read, never in the arguments of a program.
  probe(a, local) {
    const request = requestOf(a);
    const given = givenIn(local, a.url);
    return sh.lines(
      a.creates !== undefined &&
        sh`if [ -e ${hostPath(a.creates)} ]; then printf 'skipped %s\n' ${`skipped, since '${a.creates}' exists`}; exit 0; fi`,
      a.removes !== undefined &&
        sh`if [ ! -e ${hostPath(a.removes)} ]; then printf 'skipped %s\n' ${`skipped, since '${a.removes}' does not exist`}; exit 0; fi`,
      requestCode(request, { body: bodyOf(a, local), plain: true, given }),
      sh`tp_q_out=''`,
      sh`tp_state=''`,
      a.dest !== undefined && sh`tp_into ${[hostPath(a.dest), fileNameOf(a.url)]}`,
      sh`tp_web || { tp_rc=$?; [ "$tp_rc" != 97 ] || exit 97; printf 'failed\n'; exit 0; }`,
      a.dest !== undefined && store(a),
      sh`tp_web_answer ${a.return_content ? 1 : ''}`,
    );
  },

  relay: (a, local) => relayOf(requestOf(a), bodyOf(a, local)),

  parse(reply, a) {
    const skipped = /^skipped (.*)\n/.exec(reply.stdout);
    if (skipped !== null) return { values: { stdout: skipped[1], msg: skipped[1] } };
    if (reply.rc !== 0) return { failed: reply.stderr.trim().split('\n').at(-1) ?? 'the answer could not be written' };
    const answer = readAnswer(reply);
    if ('failed' in answer)
      return fault(
        a,
        { status: -1, url: a.url, redirected: false, msg: `Request failed: ${answer.failed}` },
        `Request failed: ${answer.failed}`,
      );
    const values = valuesOf(a, answer);
    if (!a.status_code.includes(answer.status))
      return fault(a, values, `HTTP Error ${answer.status}: ${answer.reason}`);
    const { content, ...others } = values;
    return { values: a.return_content ? values : others, changed: /^changed=true$/m.test(answer.state) };
  },

  inCheck: 'unknown',
});

/** Writes the answer to dest when its status is wanted; tp_state tells what the file is then. */
function store(a: Args): Sh {
  return sh.lines(
    sh`case ${` ${a.status_code.join(' ')} `} in *" $tp_status "*)`,
    sh`tp_before=$(tp_stat "$tp_dest" ${STATE})`,
    sh`tp_same=''; if cmp -s -- "$tp_out" "$tp_dest"; then tp_same=1; fi`,
    sh`tp_install ${installFlags(a)} "$tp_out" "$tp_dest" && tp_state=$(tp_stat "$tp_dest" ${STATE}) || exit 1`,
    sh`if [ -n "$tp_same" ] && [ "$tp_before" = "$tp_state" ]; then tp_changed=false; else tp_changed=true; fi`,
    sh`tp_state="changed=$tp_changed$tp_nl$tp_state$tp_nl" ;;`,
    sh`esac`,
  );
}

function fault(a: Args, values: Readonly<Record<string, unknown>> & { readonly status: number }, why: string) {
  return { failed: `Status code was ${values.status} and not [${a.status_code.join(', ')}]: ${why}`, values };
}

function valuesOf(a: Args, answer: Answer) {
  const content = answer.body.toString('utf8');
  const type = answer.head['content_type'] ?? '';
  const good = answer.status < 400;
  const cookies = Object.entries(answer.cookies);
  const to = answer.head['location'];
  return {
    status: answer.status,
    url: answer.url,
    redirected: answer.url !== a.url,
    elapsed: answer.elapsed,
    via: answer.tool,
    cookies: { ...answer.cookies },
    cookies_string: cookies.map(([name, value]) => `${name}=${value}`).join('; '),
    msg: good
      ? `OK (${answer.head['content_length'] ?? 'unknown'} bytes)`
      : `HTTP Error ${answer.status}: ${answer.reason}`,
    ...answer.head,
    // as Ansible: a whole address, whatever the server wrote
    ...(to !== undefined && URL.canParse(to, answer.url) && { location: new URL(to, answer.url).href }),
    ...fileValues(answer.state),
    ...(/\bjson\b/.test(type) && parsed(content)),
    content,
  };
}

function fileValues(state: string): Readonly<Record<string, unknown>> {
  const lines = state.split('\n').flatMap(line => (line.includes('=') ? [line.split(/=(.*)/s)] : []));
  const { path, mode, owner, group, uid, gid, size } = Object.fromEntries(lines) as Record<string, string>;
  if (path === undefined) return {};
  return { path, mode, owner, group, uid: Number(uid), gid: Number(gid), size: Number(size), state: 'file' };
}

function parsed(text: string): { readonly json?: unknown } {
  try {
    return { json: JSON.parse(text.replace(TOKEN, exact)) };
  } catch {
    return {}; // as Ansible: a body that only says it is JSON is text
  }
}

/** The texts and numbers of JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** An integer too large to be a number here stays as it is written, as a text: an id must not become another one. */
function exact(token: string): string {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}

function requestOf(a: Args): Request {
  const method = a.method.toUpperCase();
  const given = Object.fromEntries(Object.entries(a.headers).map(([k, v]) => [k, String(v)]));
  const has = (name: string) => Object.keys(given).some(k => k.toLowerCase() === name);
  const type = typeOf(a);
  const multipart = a.body_format === 'form-multipart';
  const own = Object.fromEntries(
    Object.entries(given).filter(([name]) => !(multipart && name.toLowerCase() === 'content-type')),
  );
  return {
    url: a.url,
    method,
    headers: {
      ...(!has('user-agent') && { 'User-Agent': a.http_agent }),
      ...(type !== undefined && (multipart || !has('content-type')) && { 'Content-Type': type }),
      ...(a.force && { 'Cache-Control': 'no-cache' }),
      ...own,
    },
    login:
      a.url_username === undefined
        ? undefined
        : { user: a.url_username, password: a.url_password ?? '', atOnce: a.force_basic_auth },
    hasBody: a.src !== undefined || (a.body !== undefined && a.body !== null && a.body !== ''),
    timeout: a.timeout,
    follow: /^(all|yes)$/.test(a.follow_redirects) || (!/^no/.test(a.follow_redirects) && /^(GET|HEAD)$/.test(method)),
    insecure: !a.validate_certs,
    proxy: a.use_proxy,
    netrc: a.use_netrc,
    kerberos: a.use_gssapi,
    inflate: a.decompress,
    socket: a.unix_socket,
    clientCert: a.client_cert,
    clientKey: a.client_key,
    caPath: a.ca_path,
    ciphers: a.ciphers,
    unredirected: a.unredirected_headers,
  };
}
