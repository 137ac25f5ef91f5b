import { type ArgsOf, type ArgsSchema, defineQuery } from '../module.ts';
import { put, sh } from '../shell/sh.ts';
import {
  type Answer,
  curlConfig,
  plainRequest,
  type Request,
  readAnswer,
  wgetConfig,
  wgetFlags,
} from './shared/http.ts';

const args = {
  properties: {
    url: { type: 'string', description: 'Address, http or https.' },
    method: { type: 'string', default: 'GET', pattern: '^[A-Za-z]+$', description: 'GET, POST, PUT, …' },
    body: { type: 'any', description: 'What to send: a text, or data for body_format.' },
    body_format: {
      type: 'string',
      enum: ['raw', 'json', 'form-urlencoded'],
      default: 'raw',
      description: 'How data is written, and the Content-Type unless `headers` has one.',
    },
    headers: { type: 'object', default: {}, description: 'Further header fields.' },
    status_code: {
      type: 'array',
      items: { type: 'integer' },
      default: [200],
      description: 'Statuses that are no failure.',
    },
    return_content: { type: 'boolean', default: false, description: 'Returns the body of the answer.' },
    timeout: { type: 'integer', default: 30, minimum: 1, description: 'Seconds it may take.' },
    follow_redirects: {
      type: 'string',
      enum: ['safe', 'all', 'yes', 'none', 'no', 'urllib2'],
      default: 'safe',
      description: 'safe follows redirects of GET and HEAD.',
    },
    validate_certs: { type: 'boolean', default: true, description: 'Refuses a certificate that nobody vouches for.' },
    url_username: { type: 'string', aliases: ['user'], description: 'For HTTP basic authentication.' },
    url_password: {
      type: 'string',
      aliases: ['password'],
      secret: true,
      description: 'For HTTP basic authentication.',
    },
    force_basic_auth: { type: 'boolean', default: false, description: 'Taken as given: it is always sent at once.' },
    http_agent: { type: 'string', default: 'tplay', description: 'The User-Agent.' },
    use_proxy: { type: 'boolean', default: true, description: "Uses the proxy of the host's environment." },
  },
  required: ['url'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineQuery({
  name: 'uri',
  doc: 'Makes an HTTP request from the host, with curl or wget; plain http with bash, nc or perl where there is neither.',
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
`,
  returns: {
    status: 'The HTTP status; -1 without an answer.',
    url: 'The address that answered.',
    redirected: 'Whether that is another than was asked.',
    msg: 'What happened.',
    content: 'The body (with return_content, or when the status is a failure).',
    json: 'The body as data, when its type is JSON.',
    elapsed: 'Always 0: the host has no clock that fine.',
  },

  check(a) {
    const url = URL.canParse(a.url) ? new URL(a.url) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) return `"${a.url}" is no address of http or https`;
    const odd = Object.entries(a.headers).find(
      ([k, v]) => !/^[\w!#$%&'*+.^`|~-]+$/.test(k) || /[\r\n]/.test(String(v)),
    );
    return odd === undefined ? undefined : `"${odd[0]}" is no header field`;
  },

  // Everything that may be secret is in files only this user can read, never in the arguments of a program.
  probe(a) {
    const request = requestOf(a);
    const { hostname, port, protocol } = new URL(a.url);
    const plain = protocol === 'http:';
    return sh`tp_http ${put(curlConfig(request))} ${put(request.body)} ${put(wgetConfig(request))} ${put(plainRequest(request))} ${plain ? hostname.replace(/^\[|\]$/g, '') : ''} ${port || 80} ${a.timeout} ${request.url} ${wgetFlags(request)}`;
  },

  parse(reply, a) {
    const answer = readAnswer(reply);
    if ('failed' in answer)
      return fault(
        a,
        { status: -1, url: a.url, msg: `Request failed: ${answer.failed}` },
        `Request failed: ${answer.failed}`,
      );
    const values = valuesOf(a, answer);
    if (requestOf(a).follow && answer.tool === 'plain' && answer.head['location'] !== undefined)
      return fault(a, values, `it redirects to ${answer.head['location']}: install curl on the host to follow`);
    if (a.status_code.includes(answer.status)) {
      const { content, ...others } = values;
      return { values: a.return_content ? values : others };
    }
    return fault(a, values, `HTTP Error ${answer.status}: ${answer.reason}`);
  },

  inCheck: 'unknown',
  timeoutMs: a => (a.timeout + 30) * 1000,
});

function fault(a: Args, values: Readonly<Record<string, unknown>> & { readonly status: number }, why: string) {
  return { failed: `Status code was ${values.status} and not [${a.status_code.join(', ')}]: ${why}`, values };
}

function valuesOf(a: Args, answer: Answer) {
  const content = answer.body.toString('utf8');
  const type = answer.head['content_type'] ?? '';
  const good = answer.status < 400;
  return {
    status: answer.status,
    url: answer.url,
    redirected: answer.url !== a.url,
    elapsed: 0,
    msg: good
      ? `OK (${answer.head['content_length'] ?? 'unknown'} bytes)`
      : `HTTP Error ${answer.status}: ${answer.reason}`,
    ...answer.head,
    ...(/\bjson\b/.test(type) && parsed(content)),
    content,
  };
}

function parsed(text: string): { readonly json?: unknown } {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return {}; // as Ansible: a body that only says it is JSON is text
  }
}

const TYPES = { json: 'application/json', 'form-urlencoded': 'application/x-www-form-urlencoded', raw: undefined };

function requestOf(a: Args): Request {
  const method = a.method.toUpperCase();
  const given = Object.fromEntries(Object.entries(a.headers).map(([k, v]) => [k, String(v)]));
  const has = (name: string) => Object.keys(given).some(k => k.toLowerCase() === name);
  const type = a.body === undefined || a.body === null ? undefined : TYPES[a.body_format];
  const login = a.url_username === undefined ? undefined : `${a.url_username}:${a.url_password ?? ''}`;
  return {
    url: a.url,
    method,
    headers: {
      ...(!has('user-agent') && { 'User-Agent': a.http_agent }),
      ...(type !== undefined && !has('content-type') && { 'Content-Type': type }),
      ...(login !== undefined && { Authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
      ...given,
    },
    body: bodyOf(a),
    timeout: a.timeout,
    follow: /^(all|yes)$/.test(a.follow_redirects) || (!/^no/.test(a.follow_redirects) && /^(GET|HEAD)$/.test(method)),
    insecure: !a.validate_certs,
    proxy: a.use_proxy,
  };
}

function bodyOf({ body, body_format }: Args): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body_format !== 'form-urlencoded' || typeof body !== 'object') return JSON.stringify(body);
  const pairs = Array.isArray(body) ? (body as [unknown, unknown][]) : Object.entries(body);
  return new URLSearchParams(
    pairs.flatMap(([key, value]) => [value].flat().map((v): [string, string] => [String(key), String(v)])),
  ).toString();
}
