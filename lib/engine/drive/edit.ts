import {
  type EditModule,
  type Goal,
  put,
  type Reply,
  type Sh,
  type State,
  sh,
  type TextEncoding,
  type Values,
} from '../../module.ts';
import { attributeGoal, installFlags, marks, setAttributes, statFlags } from '../../modules/shared/attributes.ts';
import type { Outcome } from '../../outcome.ts';
import type { Mode } from './converge.ts';
import { type Frames, lastLines, moduleFailure, runFrame } from './frame.ts';
import { changedKeys, goalKeys, parseState } from './state.ts';

const RACED = 91;

/** Reads a file, edits its text here, writes it back only if it is still the file that was read. */
export async function driveEdit(module: EditModule, args: never, at: Frames & Mode): Promise<Outcome> {
  const wishes = module.file?.(args) ?? {};
  const attributes = attributeGoal(wishes);
  const look = lookFor(module, args, [...statFlags(wishes)], goalKeys(attributes));
  const read = await runFrame(
    sh.lines(marks(wishes), look, sh`printf '%s\n' --`, sh`[ "$tp_kind" != file ] || cat -- "$tp_path"`),
    at,
  );
  if (read.rc !== 0) return moduleFailure(module.name, lastLines(read) || `cannot read ${module.path(args)}`, read);
  const file = readFile(read, module.encoding?.(args));
  if (file === undefined)
    return moduleFailure(module.name, `${module.path(args)} is not written in that encoding`, read);
  const { path = '', type } = file.state;
  if (type !== 'file' && type !== 'absent')
    return moduleFailure(module.name, `${path} is not a file: it is a ${type}`, read);
  const result = module.edit(args, type === 'absent' ? undefined : file.text, file.state);
  if ('unknown' in result && at.check) return { status: 'unknown', why: result.unknown, values: {} };
  if ('unknown' in result) return moduleFailure(module.name, result.unknown, read);
  if ('error' in result) return moduleFailure(module.name, result.error, read);
  if ('remove' in result) return removeFile(module, { ...file, path, values: result.values ?? {} }, at);

  const goal: Goal = { ...module.goal?.(args, file.state), ...(type === 'absent' ? {} : attributes) };
  const texts = 'text' in result && (result.text !== file.text || type === 'absent');
  const state = 'text' in result ? changedKeys(file.state, goal) : {};
  const values: Values = { ...messageOf(result.message), ...result.values };
  if (!texts && Object.keys(state).length === 0) return { status: 'ok', values };
  const text = 'text' in result ? result.text : file.text;
  const content = file.encode(text);
  if (content === undefined)
    return moduleFailure(module.name, `${path}: the new text has characters that its encoding has no place for`, read);
  const diff = { state, text: { before: file.text, after: text, name: path } };
  if (at.check) return { status: 'changed', values, diff };

  const written = { ...wishes, ...module.written?.(args, file.state) };
  const write = texts
    ? sh`tp_write_guarded ${file.state['sha256'] ?? ''} ${installFlags(written)} ${put(content)} "$tp_path"`
    : setAttributes(wishes) && sh`${setAttributes(wishes)} "$tp_path"`;
  const apply = sh.lines(
    marks(wishes),
    sh`tp_path=${path}`,
    module.before && steps(module.before(args, file.state, texts)),
    write && sh`{ ${write}; } >&2 || exit`,
    module.after && steps(module.after(args, file.state, texts)),
  );
  const reply = await runFrame(sh.lines(apply, look, sh`tp_stat "$tp_path" backup_file`), at);
  if (reply.rc === RACED) return { ...moduleFailure(module.name, lastLines(reply), reply), reason: 'raced' };
  if (reply.rc !== 0) return moduleFailure(module.name, lastLines(reply) || `cannot write ${path}`, reply);
  const now = parseState(reply.stdout);
  const wrong = Object.entries(changedKeys(now, { ...goal, ...attributes }));
  if (wrong.length > 0) {
    const missing = wrong.map(([k, [is, want]]) => `${k} is "${is}", not "${want}"`).join(', ');
    const message = `the state is still not what was asked for: ${missing}`;
    return { ...moduleFailure(module.name, message, reply), reason: 'not-converged' };
  }
  const backup = now['backup_file'];
  return { status: 'changed', values: backup ? { ...values, backup_file: backup, backup } : values, diff };
}

/** Prints what the module looks at, and of the file at $tp_path its path, kind, checksum and attributes. */
function lookFor(module: EditModule, args: never, flags: readonly string[], keys: readonly string[]): Sh {
  const look = module.look?.(args);
  return sh.lines(
    sh`tp_path=${module.path(args)}`,
    look && sh`{ ${look}`,
    look && sh`} || exit`,
    sh`tp_stat -L ${flags} "$tp_path" path type sha256 ${keys} || exit`,
  );
}

/** Steps of a module, the first that fails ends the frame; what they print is no state. */
function steps(script: Sh): Sh {
  return sh.lines(sh`(set -e`, script, sh`) >&2 || exit`);
}

/** The file goes, if it is still the one that was read. */
async function removeFile(
  module: EditModule,
  file: ReadFile & { readonly path: string; readonly values: Values },
  at: Frames & Mode,
): Promise<Outcome> {
  const { path, values } = file;
  if (file.state['type'] === 'absent') return { status: 'ok', values };
  const state = { state: ['file', 'absent'] as const };
  const diff = { state, text: { before: file.text, after: '', name: path } };
  if (at.check) return { status: 'changed', values, diff };
  const reply = await runFrame(sh`tp_remove_guarded ${file.state['sha256'] ?? ''} ${path}`, at);
  if (reply.rc === RACED) return { ...moduleFailure(module.name, lastLines(reply), reply), reason: 'raced' };
  if (reply.rc !== 0) return moduleFailure(module.name, lastLines(reply) || `cannot remove ${path}`, reply);
  return { status: 'changed', values, diff };
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
