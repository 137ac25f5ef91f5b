import { type Given, invoke } from './call.ts';
import { type At, Failure, UndefinedUsed } from './error.ts';
import type { Frame } from './frame.ts';
import { typeName } from './print.ts';
import { Callable, type Item } from './special.ts';
import { Secret, Undefined, Unknown } from './values.ts';

/** Calls a value. */
export function called(item: Item, given: Given, { frame, at }: { frame: Frame; at: At }): Item {
  if (item instanceof Unknown) return item;
  frame.run.at = at;
  if (item instanceof Undefined) throw new UndefinedUsed(item);
  if (!(item instanceof Callable)) throw new Failure(`a ${typeName(item)} cannot be called`);
  return invoke(item.name, item, item.self, given, frame);
}

/** The items of `*list` among the arguments of a call. */
export function spread(item: Item): readonly Item[] {
  const value = item instanceof Secret ? item.reveal() : item;
  if (Array.isArray(value)) return item instanceof Secret ? value.map(inner => new Secret(inner)) : value;
  if (value instanceof Undefined) throw new UndefinedUsed(value);
  if (value instanceof Unknown) return [value];
  throw new Failure(`"*" needs a list, not ${typeName(value)}`);
}

/** The named arguments that `**dict` stands for. */
export function spreadNamed(item: Item): (readonly [string, Item])[] {
  const value = item instanceof Secret ? item.reveal() : item;
  if (value instanceof Undefined) throw new UndefinedUsed(value);
  if (!(value instanceof Map)) throw new Failure(`"**" needs a dict, not ${typeName(value)}`);
  return [...value].map(([key, inner]) => [String(key), item instanceof Secret ? new Secret(inner) : inner] as const);
}
