import { nearest } from '../text/near.ts';
import { signature } from './call.ts';
import type { Code } from './codes.ts';
import type { Exec } from './compile.ts';
import { type At, Failure, Missing, spanOf, UndefinedUsed, UnknownFound } from './error.ts';
import { Frame } from './frame.ts';
import { Output } from './output.ts';
import { Callable, type Item, Special } from './special.ts';
import { Secret, Undefined, Unknown } from './values.ts';

/** A compiled template file: what runs, and its blocks. */
export interface Unit {
  readonly exec: Exec;
  readonly blocks: ReadonlyMap<string, Exec>;
}

/** Finds, reads and compiles a template file; undefined when there is none of that name. Throws TemplateError. */
export type LoadTemplate = (name: string, frame: Frame) => Unit | undefined;

/** The name under which a template keeps the template it extends; no template can write it. */
const PARENT = ' parent';

/** Runs a template file in a frame of its own root: its blocks, and those of what it extends. */
export function runUnit(unit: Unit, frame: Frame, out: Output): void {
  const before = frame.run.blocks;
  frame.run.blocks = new Map([...unit.blocks].map(([name, exec]) => [name, [exec]]));
  if (unit.blocks.size > 0) frame.set('self', new Self(frame));
  let current = unit;
  let last: Item | undefined;
  for (let level = 0; ; level++) {
    current.exec(frame, out);
    out.unmute();
    const parent = frame.own().get(PARENT);
    if (!(parent instanceof Parent) || parent === last) break;
    if (level > 50) throw new Failure('templates extend each other without end', undefined, 'recursion');
    last = parent;
    current = parent.unit;
    frame.run.blocks = withParent(frame.run.blocks, current);
  }
  frame.run.blocks = before;
}

function withParent(
  blocks: ReadonlyMap<string, readonly unknown[]>,
  parent: Unit,
): ReadonlyMap<string, readonly unknown[]> {
  const merged = new Map(blocks);
  for (const [name, exec] of parent.blocks) merged.set(name, [...(blocks.get(name) ?? []), exec]);
  return merged;
}

class Parent extends Special {
  override readonly type = 'template';
  readonly unit: Unit;
  constructor(unit: Unit) {
    super();
    this.unit = unit;
  }
  override text(): string {
    return '<template>';
  }
}

/** What was imported: the macros and names a template set. */
class Module extends Special {
  override readonly type = 'template module';
  readonly names: ReadonlyMap<string, Item>;
  readonly #text: Item;
  constructor(names: ReadonlyMap<string, Item>, text: Item) {
    super();
    this.names = names;
    this.#text = text;
  }
  override attribute(name: string): Item | undefined {
    return name.startsWith('_') ? undefined : this.names.get(name);
  }
  override text(): string {
    return String(this.#text);
  }
}

function fileNames(item: Item): string[] {
  const value = item instanceof Secret ? item.reveal() : item;
  if (value instanceof Unknown) throw new UnknownFound(value);
  if (value instanceof Undefined) throw new UndefinedUsed(value);
  const names = Array.isArray(value) ? value : [value];
  return names.map(name => (typeof name === 'string' ? name : fail('the name of a template must be a text')));
}

function fail(message: string): never {
  throw new Failure(message);
}

function find(item: Item, load: LoadTemplate, frame: Frame): Unit {
  const names = fileNames(item);
  for (const name of names) {
    const unit = load(name, frame);
    if (unit) return unit;
  }
  throw new Failure(`there is no template ${names.map(name => `"${name}"`).join(' or ')}`, undefined, 'missing-file');
}

function nested(frame: Frame, at: At, run: () => void): void {
  frame.run.at = at;
  const { includes } = frame.run;
  includes.push(at);
  if (includes.length > 100)
    throw new Failure(`templates include each other without end: ${wayOf(includes)}`, undefined, 'recursion');
  run();
  includes.pop();
}

/** The files of the last turn of a ring, from one to itself. */
function wayOf(includes: readonly At[]): string {
  const files = includes.map(at => spanOf(at).file.path);
  const before = files.lastIndexOf(files.at(-1) ?? '', -2);
  return files.slice(Math.max(before, 0)).join(' -> ');
}

export function includeCode(
  file: Code,
  node: { at: At; ignoreMissing: boolean; withContext: boolean },
  load: LoadTemplate,
): Exec {
  return (frame, out) => {
    const name = file(frame);
    nested(frame, node.at, () => {
      if (node.ignoreMissing && !fileNames(name).some(one => load(one, frame))) return;
      const unit = find(name, load, frame);
      const inner = node.withContext ? frame.inner() : new Frame(frame.run, undefined, true);
      // As Jinja: a loop around the tag is not one of the included template.
      inner.set('loop', new Missing('the included template stands in no loop of its own', node.at));
      const text = new Output(false);
      runUnit(unit, inner, text);
      frame.run.at = node.at;
      out.print(text.textResult());
    });
    return 0;
  };
}

function moduleOf(name: Item, frame: Frame, node: { at: At; withContext: boolean }, load: LoadTemplate): Module {
  let made: Module | undefined;
  nested(frame, node.at, () => {
    const unit = find(name, load, frame);
    // A root of its own either way, so that only what the file sets is taken.
    const inner = node.withContext ? frame.inner() : new Frame(frame.run, undefined, true);
    const text = new Output(false);
    runUnit(unit, inner, text);
    made = new Module(inner.own(), text.textResult());
  });
  return made ?? fail('internal: an import made nothing');
}

export function importCode(file: Code, node: { at: At; as: string; withContext: boolean }, load: LoadTemplate): Exec {
  return frame => {
    frame.set(node.as, moduleOf(file(frame), frame, node, load));
    return 0;
  };
}

type From = { at: At; names: readonly { name: string; as: string; at: At }[]; withContext: boolean };

export function fromCode(file: Code, node: From, load: LoadTemplate): Exec {
  return frame => {
    const made = moduleOf(file(frame), frame, node, load);
    for (const { name, as, at } of node.names) {
      const advice = () => {
        const near = nearest(name, made.names.keys());
        return near === undefined ? undefined : `did you mean "${near}"?`;
      };
      frame.set(
        as,
        made.attribute(name) ?? new Missing(`the imported template does not define "${name}"`, at, { advice }),
      );
    }
    return 0;
  };
}

export function extendsCode(file: Code, at: At, load: LoadTemplate): Exec {
  return (frame, out) => {
    const name = file(frame);
    frame.run.at = at;
    frame.set(PARENT, new Parent(find(name, load, frame)));
    // What follows sets names and fills blocks, but prints nothing.
    out.mute();
    return 0;
  };
}

/** Prints the innermost version of a block; `super()` inside it prints the next one. */
export function blockCode(node: { name: string; scoped: boolean; required: boolean; at: At }): Exec {
  const { name, at } = node;
  return (frame, out) => {
    if (out.muted) return 0;
    const versions = (frame.run.blocks.get(name) ?? []) as readonly Exec[];
    frame.run.at = at;
    if (node.required && versions.length < 2)
      throw new Failure(`the block "${name}" must be filled by the template that extends this one`);
    const base = node.scoped ? frame : frame.root();
    printBlock(versions, 0, { base, out, name });
    return 0;
  };
}

function printBlock(
  versions: readonly Exec[],
  index: number,
  { base, out, name }: { base: Frame; out: Output; name: string },
): void {
  const exec = versions[index];
  if (!exec) return;
  const inner = base.inner();
  const none = signature('', 'anything');
  inner.set(
    'super',
    new Callable('super', none, () => {
      if (index + 1 >= versions.length) throw new Failure(`the block "${name}" has no parent block`);
      const text = new Output(false);
      printBlock(versions, index + 1, { base, out: text, name });
      return text.textResult();
    }),
  );
  inner.set('self', new Self(base));
  exec(inner, out);
}

/** `self.title()`: prints a block once more. */
class Self extends Special {
  override readonly type = 'template reference';
  readonly #frame: Frame;
  constructor(frame: Frame) {
    super();
    this.#frame = frame;
  }
  override attribute(name: string): Item | undefined {
    const versions = this.#frame.run.blocks.get(name) as readonly Exec[] | undefined;
    if (!versions) return undefined;
    return new Callable(name, signature('', 'anything'), () => {
      const out = new Output(false);
      printBlock(versions, 0, { base: this.#frame, out, name });
      return out.textResult();
    });
  }
  override text(): string {
    return '<TemplateReference>';
  }
}
