import {
  compileExpression,
  compileTemplate,
  type Origin,
  type Scope,
  type Services,
  type Template,
  type Value,
} from '../../../lib/template/index.ts';
import type { Checked } from '../../../lib/text/diagnostic.ts';
import { sourceFile } from '../../../lib/text/source.ts';

/** Services of a controller that has the files given and nothing else. */
export function services(files: Readonly<Record<string, string>> = {}, more: Partial<Services> = {}): Services {
  return {
    readFile: path => (Object.hasOwn(files, path) ? { path, bytes: new TextEncoder().encode(files[path]) } : undefined),
    glob: () => [],
    pipe: command => {
      throw new Error(`no command is run here: ${command}`);
    },
    environment: { HOME: '/home/me' },
    hide: () => undefined,
    ...more,
  };
}

/** A scope of plain variables. */
export function scopeOf(vars: ReadonlyMap<unknown, Value>, from: Services = services()): Scope {
  return {
    get: name => vars.get(name),
    names: () => [...vars.keys()].map(String),
    where: () => undefined,
    services: from,
  };
}

/** The origin of a text that is a file of its own. */
export function originOf(text: string): Origin {
  const file = sourceFile('test.yml', text);
  return { file, span: { file, start: 0, end: text.length }, offsetAt: index => index };
}

export function compiled(checked: Checked<Template>): Template {
  if (!checked.ok) throw new Error(`does not compile: ${checked.errors.map(error => error.message).join('; ')}`);
  return checked.value;
}

/** The value of a template text. */
export function rendered(text: string, scope: Scope): Value {
  return compiled(compileTemplate(text, originOf(text))).render(scope);
}

/** The value of a bare expression. */
export function evaluated(text: string, scope: Scope): Value {
  return compiled(compileExpression(text, originOf(text))).render(scope);
}
