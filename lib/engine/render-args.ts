import type { Module } from '../module.ts';
import { coerceArgs, type Given } from '../playbook/coerce.ts';
import type { ArgSource, ModuleAction } from '../playbook/program.ts';
import {
  isTemplateObject,
  OMIT,
  render,
  TemplateError,
  toPlain,
  toPlainOrJson,
  toShown,
  withoutOmitted,
} from '../template/index.ts';
import { type Scope, Unknown, type Value } from '../template/values.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { rememberSecrets } from '../vars/remember.ts';
import { unknownIn } from './values.ts';

/** Arguments ready for a module; or why the task cannot run: an unknown value (dry run), or what is wrong with them. */
export type Rendered =
  | {
      readonly kind: 'args';
      readonly args: Readonly<Record<string, unknown>>;
      readonly values: ReadonlyMap<string, Value>;
    }
  | { readonly kind: 'unknown'; readonly why: string; readonly values: ReadonlyMap<string, Value> }
  | { readonly kind: 'bad'; readonly message: string };

/** Renders and checks a task's arguments for one host; secret ones are remembered, so that they are shown nowhere. */
export function renderArgs(action: ModuleAction, scope: Scope, hide: (secret: string) => void): Rendered {
  const values = new Map<string, Value>();
  const given = new Map<string, Given>();
  let unknown: Unknown | undefined;
  for (const [written, source] of action.args) {
    const name = source.name === undefined ? written : String(toPlain(render(source.name, scope)));
    if (source.expressions !== undefined) {
      const results = source.expressions.map(e => evaluated(e, scope));
      unknown ??= results.map(r => unknownIn(r.raw)).find(u => u !== undefined);
      const list = results.map(({ text, raw, defined }) => ({
        text,
        defined,
        value: raw instanceof Unknown ? null : toPlain(raw),
        shown: raw instanceof Unknown ? null : toShown(raw),
      }));
      given.set(name, {
        value: source.node.kind === 'seq' || action.module.args.properties[name]?.type === 'array' ? list : list[0],
      });
      continue;
    }
    const value = withoutOmitted(render(source.raw, scope));
    if (value === OMIT) continue;
    values.set(name, value);
    const hidden = unknownIn(value);
    unknown ??= hidden;
    if (hidden !== undefined) continue;
    const schema = action.module.args.properties[name];
    // words that the module itself knows are no secrets: hiding `present` would garble everything
    if (schema?.enum === undefined) rememberSecrets(value, hide, schema?.secret === true);
    if (schema?.json) given.set(name, { ...givenOf(source, value), value: toPlainOrJson(value) });
    else given.set(name, schema?.shown ? { value: toShown(value) } : givenOf(source, value));
  }
  if (unknown !== undefined) return { kind: 'unknown', why: unknown.why, values };
  return checked(action.module, { given, values, action });
}

function evaluated(template: { readonly text: string; render(scope: Scope): Value }, scope: Scope) {
  try {
    return { text: template.text, raw: template.render(scope), defined: true };
  } catch (error) {
    // An undefined variable is a value of its own for what asks about variables: debug shows it, assert fails by it.
    if (!(error instanceof TemplateError) || error.diagnostic.code !== 'undefined-variable') throw error;
    return { text: template.text, raw: null, defined: false };
  }
}

/** The source text counts only where the value stands in YAML as it is, not where a template gave it. */
function givenOf(source: ArgSource, value: Value): Given {
  const { node } = source;
  const asWritten = node.kind === 'scalar' && node.style === 'plain' && !isTemplateObject(source.raw);
  return { value: toPlain(value), source: asWritten ? node.source : undefined };
}

interface Parts {
  readonly given: ReadonlyMap<string, Given>;
  readonly values: ReadonlyMap<string, Value>;
  readonly action: ModuleAction;
}

function checked(module: Module, { given, values, action }: Parts): Rendered {
  const expressions = new Map([...given].filter(([name]) => module.args.properties[name]?.expression));
  const others = new Map([...given].filter(([name]) => !expressions.has(name)));
  const { args, faults } = coerceArgs(
    module.name,
    { ...module.args, required: (module.args.required ?? []).filter(r => !expressions.has(r)) },
    others,
  );
  const all = { ...args, ...Object.fromEntries([...expressions].map(([name, g]) => [name, g.value])) };
  const problems = faults.map(fault => {
    const source = fault.arg === undefined ? undefined : action.args.get(fault.arg);
    return formatDiagnostics([
      {
        code: fault.code,
        severity: 'error',
        message: fault.message,
        span: source?.node.span ?? action.span,
        ...(fault.suggestion !== undefined && { suggestion: fault.suggestion }),
      },
    ]);
  });
  if (problems.length > 0) return { kind: 'bad', message: problems.join('').trimEnd() };
  const rule = module.check?.(all as never);
  return rule === undefined ? { kind: 'args', args: all, values } : { kind: 'bad', message: rule };
}
