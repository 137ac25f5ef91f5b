import { type EditModule, put, type Reply, type State, sh, type TextEncoding, type Values } from '../../module.ts';
import { attributeGoal, installFlags, marks, setAttributes, statFlags } from '../../modules/shared/attributes.ts';
import type { Outcome } from '../../outcome.ts';
import type { Mode } from './converge.ts';
import { type Frames, lastLines, moduleFailure, runFrame } from './frame.ts';
import { changedKeys, goalKeys, parseState } from './state.ts';

const RACED = 91;

/** Reads a file, edits its text here, writes it back only if it is still the file that was read. */
export async function driveEdit(module: EditModule, args: never, at: Frames & Mode): Promise<Outcome> {
  const path = module.path(args);
  const wishes = module.file?.(args) ?? {};
  const goal = attributeGoal(wishes);
  const read = await runFrame(
    sh.lines(
      marks(wishes),
      sh`tp_stat -L ${statFlags(wishes)} ${path} type sha256 ${goalKeys(goal)} || exit`,
      sh`printf '%s\n' --`,
      sh`[ "$tp_kind" != file ] || cat -- ${path}`,
    ),
    at,
  );
  if (read.rc !== 0) return moduleFailure(module.name, lastLines(read) || `cannot read ${path}`, read);
  const encoding = module.encoding?.(args);
  const file = readFile(read, encoding);
  if (file === undefined) return moduleFailure(module.name, `${path} is not written in that encoding`, read);
  const type = file.state['type'];
  if (type !== 'file' && type !== 'absent')
    return moduleFailure(module.name, `${path} is not a file: it is a ${type}`, read);
  const result = module.edit(args, type === 'absent' ? undefined : file.text);
  if ('error' in result) return moduleFailure(module.name, result.error, read);
  if ('same' in result) return { status: 'ok', values: messageOf(result.message) };

  const texts = result.text !== file.text || type === 'absent';
  const state = type === 'absent' ? {} : changedKeys(file.state, goal);
  const values: Values = { ...messageOf(result.message), ...result.values };
  if (!texts && Object.keys(state).length === 0) return { status: 'ok', values };
  const content = file.encode(result.text);
  if (content === undefined)
    return moduleFailure(module.name, `${path}: the new text has characters that its encoding has no place for`, read);
  const diff = { state, text: { before: file.text, after: result.text, name: path } };
  if (at.check) return { status: 'changed', values, diff };

  const write = texts
    ? sh`tp_write_guarded ${file.state['sha256'] ?? ''} ${installFlags(wishes)} ${put(content)} ${path}`
    : sh`${setAttributes(wishes) ?? sh`:`} ${path}`;
  const after = sh`tp_stat -L ${statFlags(wishes)} ${path} sha256 ${goalKeys(goal)} backup_file`;
  const reply = await runFrame(sh.lines(marks(wishes), sh`{`, write, sh`} >&2 || exit`, after), at);
  if (reply.rc === RACED) return { ...moduleFailure(module.name, lastLines(reply), reply), reason: 'raced' };
  if (reply.rc !== 0) return moduleFailure(module.name, lastLines(reply) || `cannot write ${path}`, reply);
  const now = parseState(reply.stdout);
  const wrong = changedKeys(now, goal);
  if (Object.keys(wrong).length > 0) {
    const missing = Object.entries(wrong)
      .map(([k, [is, want]]) => `${k} is "${is}", not "${want}"`)
      .join(', ');
    return {
      ...moduleFailure(module.name, `the state is still not what was asked for: ${missing}`, reply),
      reason: 'not-converged',
    };
  }
  const backup = now['backup_file'];
  return { status: 'changed', values: backup ? { ...values, backup_file: backup, backup } : values, diff };
}

interface ReadFile {
  readonly state: State;
  readonly text: string;
  encode(text: string): Uint8Array | undefined;
}

/** Undefined when the bytes are not of the encoding that is given. */
function readFile(reply: Reply, encoding: TextEncoding | undefined): ReadFile | undefined {
  const bytes = Buffer.from(reply.bytes);
  const end = bytes.indexOf('\n--\n');
  const content = bytes.subarray(end + 4);
  const state = parseState(bytes.subarray(0, end).toString('utf8'));
  if (encoding !== undefined) {
    const text = encoding.decode(content);
    return text === undefined ? undefined : { state, text, encode: edited => encoding.encode(edited) };
  }
  // bytes that are not UTF-8 are edited as latin1, so that they come back as they were
  const utf8 = content.toString('utf8');
  const name = Buffer.from(utf8).equals(content) ? 'utf8' : 'latin1';
  const text = name === 'utf8' ? utf8 : content.toString('latin1');
  return { state, text, encode: edited => Buffer.from(edited, name) };
}

function messageOf(message: string | undefined): Values {
  return message === undefined ? {} : { msg: message };
}
