import { didYouMean } from '../../text/near.ts';
import { type Call, type Given, invoke } from '../call.ts';
import { truth } from '../compare.ts';
import { Failure, TemplateError, UndefinedUsed } from '../error.ts';
import type { Item } from '../special.ts';
import { Secret, Undefined, Unknown, type Value } from '../values.ts';

/** `lookup('name', terms..., wantlist=, errors=, options...)`; `query` always gives the list. What comes back is data, never a template. */
export function lookup(call: Call, wantlist: boolean): Item {
  if (call.value(0) instanceof Secret) call.fail('needs a name that is not secret');
  const name = call.text(0).replace(/^(?:ansible\.(?:builtin|legacy)|community\.general)\./, '');
  const spec = call.frame.run.library.lookups.get(name);
  if (!spec)
    throw new Failure(
      `there is no lookup "${name}"`,
      didYouMean(name, call.frame.run.library.lookups.keys()),
      'unknown-lookup',
    );
  const options = new Map(call.extra);
  const errors = options.get('errors') ?? 'strict';
  const wanted = wantlist || truth(options.get('wantlist') ?? false) === true;
  const given: Given = {
    positional: call.rest,
    named: call.extra.filter(([key]) => key !== 'errors' && key !== 'wantlist'),
  };
  try {
    const found = invoke(`the lookup "${name}"`, spec, null, given, call.frame);
    return found instanceof Unknown ? found : shaped(found, wanted);
  } catch (error) {
    const fails = error instanceof Failure || error instanceof TemplateError;
    // As Ansible: `errors` is about the lookup, not about what it was given.
    if (!fails || error instanceof UndefinedUsed || errors === 'strict') throw error;
    return wanted ? [] : null;
  }
}

/** As Ansible: texts are joined by commas, one value stands for itself. */
function shaped(found: Item, wantlist: boolean): Item {
  const secret = found instanceof Secret;
  const items = (secret ? found.reveal() : found) as Value[];
  if (wantlist) return found;
  const undefined_ = items.find(item => item instanceof Undefined);
  if (undefined_) return secret ? new Undefined('there is no variable of a secret name') : undefined_;
  if (items.length === 0) return found; // as Ansible: nothing found is an empty list, not an empty text
  const texts = items.map(item => (item instanceof Secret ? item.reveal() : item));
  const allText = texts.every(item => typeof item === 'string');
  const hides = secret || items.some(item => item instanceof Secret);
  const value: Value = allText ? texts.join(',') : items.length === 1 ? (items[0] as Value) : items;
  return hides && !(value instanceof Secret) && (allText || secret) ? new Secret(value) : value;
}
