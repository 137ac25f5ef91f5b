import type { Outcome } from '../outcome.ts';
import { Secret, Unknown, type Value } from '../template/values.ts';
import { dictOf } from './values.ts';

/** What `register` gets from an outcome, with Ansible's names. The only place where they are made. */
export function registered(outcome: Outcome, noLog = false): Value {
  const value = shape(outcome);
  return noLog && !(value instanceof Unknown) ? new Secret(value) : value;
}

function shape(outcome: Outcome): Value {
  switch (outcome.status) {
    case 'unknown':
      return new Unknown(outcome.why);
    case 'ok':
      return result(dictOf(outcome.values), { changed: false, failed: false });
    case 'changed':
      return result(dictOf(outcome.values), { changed: true, failed: false });
    case 'skipped': {
      const values = dictOf(outcome.values ?? {});
      // As Ansible: what `creates` saved from running is ok and unchanged, not skipped.
      if (outcome.reason === 'creates') return result(values, { changed: false, failed: false });
      values.set('skipped', true);
      return result(values, { changed: false, failed: false });
    }
    case 'failed': {
      const values = dictOf(outcome.values ?? {});
      if (!values.has('msg')) values.set('msg', outcome.message);
      if (outcome.reply !== undefined && !values.has('rc')) values.set('rc', outcome.reply.rc);
      return result(values, { changed: values.get('changed') === true, failed: true });
    }
    case 'unreachable':
      return new Map<string, Value>([
        ['changed', false],
        ['unreachable', true],
        ['msg', outcome.message],
      ]);
    default:
      throw new Error(`internal: unknown outcome ${JSON.stringify(outcome satisfies never)}`);
  }
}

function result(values: Map<string, Value>, flags: { changed: boolean; failed: boolean }): Map<string, Value> {
  for (const stream of ['stdout', 'stderr']) {
    const text = values.get(stream);
    if (typeof text === 'string' && !values.has(`${stream}_lines`)) values.set(`${stream}_lines`, lines(text));
  }
  values.set('changed', flags.changed);
  values.set('failed', flags.failed);
  return values;
}

function lines(text: string): Value[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** What `register` gets from a loop: its items' results in order. */
export function registeredLoop(results: readonly Value[], outcome: Outcome, noLog = false): Value {
  const inner = registered(outcome);
  if (inner instanceof Unknown && results.length === 0) return inner;
  const dict = inner instanceof Map ? inner : new Map<string, Value>();
  if (inner instanceof Unknown) for (const key of ['changed', 'failed']) dict.set(key, inner);
  dict.set('results', [...results]);
  if (results.length > 0) {
    dict.set('skipped', outcome.status === 'skipped');
    dict.set('msg', loopMessage(outcome));
  }
  return noLog ? new Secret(dict) : dict;
}

/** As Ansible's words, which playbooks compare. */
function loopMessage(outcome: Outcome): string {
  if (outcome.status === 'failed') return 'One or more items failed';
  return outcome.status === 'skipped' ? 'All items skipped' : 'All items completed';
}
