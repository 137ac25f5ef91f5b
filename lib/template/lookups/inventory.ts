import { type Call, content, type SpecTable } from '../call.ts';
import { Failure } from '../error.ts';
import { str } from '../print.ts';
import type { Value } from '../values.ts';
import { options, termTexts } from './file.ts';

function inventoryHostnames(call: Call): Value {
  const patterns = termTexts(call);
  const { services } = call.frame.run.scope;
  if (services.hostNames === undefined) return call.fail('knows no inventory here');
  return patterns.length === 0 ? [] : [...services.hostNames(patterns)];
}

/** As Ansible's: `on_missing` is error, skip or warn; a setting that nothing sets is None. */
function config(call: Call): Value {
  const all = options(call);
  const missing = str(all.get('on_missing') ?? 'error');
  if (!['error', 'skip', 'warn'].includes(missing)) call.fail('needs error, warn or skip as "on_missing"');
  const other = [...all.keys()].find(name => name !== 'on_missing');
  if (other !== undefined) call.fail(`has no option "${other}" here`, 'only settings of their own name are known');
  return call.rest.flatMap(term => {
    if (typeof term !== 'string') return call.fail('needs names of settings as texts');
    const { services } = call.frame.run.scope;
    const value = services.setting?.(term);
    if (value !== undefined) return [value];
    const message = `the lookup "config" knows no setting "${term}" here`;
    if (missing === 'error') throw new Failure(message, 'tplay config shows all there are');
    if (missing === 'warn') services.warn?.(`${message}: it is left out`);
    return [];
  });
}

/** Lookups that ask the run: its inventory and settings. */
export const inventoryLookups: SpecTable = {
  inventory_hostnames: content('*terms **options', inventoryHostnames),
  config: content('*terms **options', config),
};
