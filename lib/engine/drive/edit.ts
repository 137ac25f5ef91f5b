import { type EditModule, put, type Reply, type State, sh, type Values } from '../../module.ts';
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
  const file = readFile(read);
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
  const diff = { state, text: { before: file.text, after: result.text, name: path } };
  if (at.check) return { status: 'changed', values, diff };

  const content = Buffer.from(result.text, file.encoding);
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
  /** Bytes that are not UTF-8 are edited as latin1, so that they come back as they were. */
  readonly encoding: 'utf8' | 'latin1';
}

function readFile(reply: Reply): ReadFile {
  const bytes = Buffer.from(reply.bytes);
  const end = bytes.indexOf('\n--\n');
  const content = bytes.subarray(end + 4);
  const text = content.toString('utf8');
  const encoding = Buffer.from(text).equals(content) ? 'utf8' : 'latin1';
  const state = parseState(bytes.subarray(0, end).toString('utf8'));
  return { state, text: encoding === 'utf8' ? text : content.toString('latin1'), encoding };
}

function messageOf(message: string | undefined): Values {
  return message === undefined ? {} : { msg: message };
}
