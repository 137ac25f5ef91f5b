import { type Call, type SpecTable, structure } from '../call.ts';
import { truth } from '../compare.ts';
import type { Item } from '../special.ts';
import { type Dict, Secret, Unknown, type Value } from '../values.ts';

function result(call: Call): Dict {
  return call.input instanceof Map ? call.input : call.wrongInput('the registered result of a task');
}

/** A key of a result, or an answer when it is not there; what is unknown stays it. */
function asked(call: Call, key: string, otherwise: () => Item): Item {
  const value = result(call).get(key);
  if (value === undefined) return otherwise();
  return value instanceof Unknown ? value : truth(value) === true;
}

/** As Ansible: a loop's result answers by its items when it says nothing itself. */
function someResult(call: Call, key: string): Item {
  const items = result(call).get('results');
  if (!Array.isArray(items)) return false;
  const answers = items.map(item => (item instanceof Map ? (item.get(key) ?? false) : false));
  if (answers.some(answer => known(answer) === true)) return true;
  return answers.find(answer => answer instanceof Unknown) ?? false;
}

function known(value: Value): boolean | undefined {
  return truth(value instanceof Secret ? value.reveal() : value);
}

function not(item: Item): Item {
  return item instanceof Unknown ? item : item !== true;
}

const changed = structure('', call => asked(call, 'changed', () => someResult(call, 'changed')));
const failed = structure('', call => asked(call, 'failed', () => false));
const succeeded = structure('', call => not(asked(call, 'failed', () => false)));
const skipped = structure('', call => asked(call, 'skipped', () => false));

/** Tests of registered results. */
export const outcomeTests: SpecTable = {
  changed,
  change: changed,
  failed,
  failure: failed,
  succeeded,
  success: succeeded,
  successful: succeeded,
  skipped,
  skip: skipped,
  reachable: structure('', call => not(asked(call, 'unreachable', () => false))),
  unreachable: structure('', call => asked(call, 'unreachable', () => false)),
  started: structure('', call => asked(call, 'started', () => true)),
  finished: structure('', call => asked(call, 'finished', () => true)),
};
