import type { Reply } from '../../module.ts';

/** What came back. */
export interface Answer {
  /** What made the request: curl, wget, plain or controller. */
  readonly tool: string;
  readonly url: string;
  readonly status: number;
  readonly reason: string;
  /** Seconds. */
  readonly elapsed: number;
  /** Header fields in small letters, `-` as `_`. */
  readonly head: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
  /** Lines of state of the file that was written. */
  readonly state: string;
  readonly body: Buffer;
}

/** Reads what tp_web_answer printed. */
export function readAnswer(reply: Reply): Answer | { readonly failed: string } {
  const bytes = Buffer.from(reply.bytes);
  const end = bytes.indexOf(10);
  const said = /^(curl|wget|plain|controller) +(\d+) +(\d+) +(\d+) (.*)$/.exec(bytes.subarray(0, end).toString());
  const lines = reply.stderr.trim().split('\n');
  // curl says what to read behind what is wrong
  const fault = lines.find(line => line.startsWith('curl: ')) ?? lines.at(-1);
  if (said === null) return { failed: fault || 'the host gave no answer' };
  const [, tool = '', heads, states, elapsed, url = ''] = said;
  const rest = bytes.subarray(end + 1);
  const [headEnd, stateEnd] = [Number(heads), Number(heads) + Number(states)];
  const blocks = rest
    .subarray(0, headEnd)
    .toString('latin1')
    .split(/\r?\n\r?\n/)
    .filter(b => b.trim() !== '')
    .map(block => block.split(/\r?\n/));
  const [first = '', ...fields] = blocks.at(-1) ?? [];
  const status = /^HTTP\/\S+ (\d{3}) ?(.*)$/.exec(first.trim());
  if (status === null)
    return { failed: `the answer is not HTTP: ${first.slice(0, 80) || lines.at(-1) || 'nothing came'}` };
  return {
    tool,
    url,
    status: Number(status[1]),
    reason: (status[2] ?? '').trim(),
    elapsed: Number(elapsed),
    head: merged(fields),
    cookies: cookiesOf(blocks.flat()),
    state: rest.subarray(headEnd, stateEnd).toString(),
    body: rest.subarray(stateEnd),
  };
}

function merged(fields: readonly string[]): Readonly<Record<string, string>> {
  const head: Record<string, string> = Object.create(null);
  for (const field of fields) {
    const colon = field.indexOf(':');
    if (colon < 1) continue;
    const name = field.slice(0, colon).trim().toLowerCase().replaceAll('-', '_');
    const value = field.slice(colon + 1).trim();
    head[name] = name in head ? `${head[name]}, ${value}` : value;
  }
  return head;
}

/** The cookies that were set on the way. */
function cookiesOf(lines: readonly string[]): Readonly<Record<string, string>> {
  const cookies: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const [, name, value] = /^set-cookie:\s*([^=;\s]+)=([^;]*)/i.exec(line) ?? [];
    if (name !== undefined) cookies[name] = (value ?? '').trim();
  }
  return cookies;
}
