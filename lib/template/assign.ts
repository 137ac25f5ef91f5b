import { type At, Failure, UndefinedUsed } from './error.ts';
import type { Frame } from './frame.ts';
import { iterate } from './loop.ts';
import type { Target } from './nodes.ts';
import { typeName } from './print.ts';
import { type Item, Namespace } from './special.ts';
import { Secret, Undefined, Unknown } from './values.ts';

const DEEPEST = 200;

/** The name under which a call block hands over its body; no template can write it. */
export const CALLER = ' caller';

/** Assigns a value to a name, to several, or to an attribute of a namespace. */
export function assigner(target: Target): (frame: Frame, item: Item) => void {
  if (target.type === 'name') {
    const { name } = target;
    return (frame, item) => frame.set(name, item);
  }
  const { at } = target;
  if (target.type === 'attribute') {
    const { object, name } = target;
    return (frame, item) => {
      const space = frame.find(object);
      frame.run.at = at;
      if (!(space instanceof Namespace))
        throw new Failure(`"${object}" is not a namespace`, `{% set ${object} = namespace(...) %} comes first`);
      space.items.set(name, item);
    };
  }
  const assigners = target.items.map(assigner);
  return (frame, item) => {
    frame.run.at = at;
    const values = unpack(item, assigners.length);
    assigners.forEach((assign, i) => assign(frame, values[i] as Item));
  };
}

function unpack(item: Item, count: number): readonly Item[] {
  if (item instanceof Unknown) return Array.from({ length: count }, () => item);
  if (item instanceof Undefined) throw new UndefinedUsed(item);
  const isList = Array.isArray(item) || typeof item === 'string' || item instanceof Map || item instanceof Secret;
  if (!isList) throw new Failure(`a ${typeName(item)} cannot be unpacked into ${count} names`);
  const values = iterate(item, 'unpacked');
  if (values.length !== count) throw new Failure(`${values.length} values cannot be unpacked into ${count} names`);
  return values;
}

/** Throws when calls go deeper than anything but an endless recursion would. */
export function deeper(frame: Frame, at: At, depth: number): void {
  frame.run.at = at;
  if (depth >= DEEPEST) throw new Failure(`more than ${DEEPEST} calls inside each other`, undefined, 'recursion');
}
