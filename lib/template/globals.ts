import { anything, type Call, content, type Spec, structure } from './call.ts';
import { DateTime } from './dates.ts';
import { Failure } from './error.ts';
import type { Frame } from './frame.ts';
import { lookup } from './lookups/run.ts';
import { Cycler } from './loop.ts';
import { dictKey } from './operators.ts';
import { Callable, type Item, Namespace, Special } from './special.ts';
import { strftime } from './strftime.ts';
import { OMIT, plain } from './taint.ts';
import { type Dict, Undefined, type Value } from './values.ts';

const MOST = 100_000;

/** `range(stop)`, `range(start, stop, step)`: a list, never longer than 100,000. */
function range(call: Call): Value {
  const one = !call.has(1);
  const start = one ? 0 : call.int(0);
  const stop = one ? call.int(0) : call.int(1);
  const step = call.int(2, 1);
  if (step === 0) call.fail('needs a step that is not 0');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > MOST) call.fail(`would make ${length} numbers, more than ${MOST}`);
  return Array.from({ length }, (_, i) => start + i * step);
}

function dict(call: Call): Dict {
  const made: Dict = new Map();
  const from = call.value(0, new Map());
  const pairs =
    from instanceof Map
      ? [...from]
      : call
          .list(0)
          .map(pair => (Array.isArray(pair) && pair.length === 2 ? pair : call.fail('needs a dict or pairs')));
  for (const [key, value] of pairs) made.set(dictKey(key as Value), value as Value);
  for (const [key, value] of call.extra) made.set(key, plain(value));
  return made;
}

function namespace(call: Call): Namespace {
  const made = new Namespace();
  const from = call.value(0, new Map());
  if (from instanceof Map) for (const [key, value] of from) made.items.set(key, value);
  for (const [key, value] of call.extra) made.items.set(key, value);
  return made;
}

function joiner(call: Call): Callable {
  const separator = call.value(0, ', ');
  let used = false;
  return new Callable('joiner', call.signature, () => {
    const text = used ? separator : '';
    used = true;
    return text;
  });
}

/** As Ansible's `now(utc=False, fmt=None)`. */
function now(call: Call): Item {
  const date = new Date();
  const shift = call.bool(0) ? 0 : date.getTimezoneOffset() * 60_000;
  const moment = new DateTime((date.getTime() - shift) * 1000);
  const format = call.value(1);
  if (typeof format !== 'string') return moment;
  const microseconds = date.getUTCMilliseconds() * 1000;
  return strftime(format, new Date(date.getTime() - shift), { utc: true, microseconds, zone: '' });
}

/** `vars['name']` and `vars.name`: the variable of that name; there is no dict of all of them to go through. */
class Vars extends Special {
  override readonly type = 'vars';
  readonly #frame: Frame;
  constructor(frame: Frame) {
    super();
    this.#frame = frame;
  }

  override attribute(name: string): Item | undefined {
    const found = this.#frame.run.scope.get(name);
    if (found !== undefined || name !== 'get') return found;
    return new Callable('get', structure('name default?', () => null).signature, call => {
      const found = this.#frame.run.scope.get(call.text(0));
      return found === undefined ? call.value(1) : found;
    });
  }

  override text(): string {
    throw new Failure('"vars" cannot be used as a whole', 'write "vars[\'name\']"');
  }
}

const functions: Readonly<Record<string, Spec>> = {
  range: structure('start stop? step?', range),
  dict: structure('from? **values', dict),
  namespace: anything('from? **values', namespace),
  cycler: anything('*values', call => new Cycler([...call.rest])),
  joiner: content('sep?', joiner),
  now: content('utc? fmt?', now),
  undef: content('hint?', call => new Undefined(call.text(0, 'this variable must be set'))),
  lookup: anything('name *terms **options', call => lookup(call, false)),
  query: anything('name *terms **options', call => lookup(call, true)),
  q: anything('name *terms **options', call => lookup(call, true)),
};

/** The names every template can use; a variable of the same name comes first. */
export const GLOBALS: ReadonlyMap<string, (frame: Frame) => Item> = new Map<string, (frame: Frame) => Item>([
  ...Object.entries(functions).map(([name, spec]) => {
    const value = new Callable(name, spec.signature, spec.run);
    return [name, () => value] as const;
  }),
  ['omit', () => OMIT] as const,
  ['vars', (frame: Frame) => new Vars(frame)] as const,
]);
