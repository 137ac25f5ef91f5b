import type { Entry } from '../inventory/layer.ts';
import { OMIT, render, TemplateError } from '../template/index.ts';
import { type Origin, type Raw, type Scope, Secret, type Template, Unknown, type Value } from '../template/values.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import type { ScalarNode } from '../yaml/node.ts';

/** Opens a scalar that stands encrypted in its file. As Ansible: its text is never a template. */
export function openScalar({ span, source }: ScalarNode): Secret | Diagnostic {
  const opened = span.file.open?.(source);
  const severity = 'error';
  if (opened === undefined)
    return { code: 'vault-format', severity, message: 'an encrypted text cannot stand here', span };
  if ('text' in opened) return new Secret(opened.text, { sealed: true });
  // The frame shows the line where it begins, which names what it is.
  const end = span.start + Math.max(1, span.file.text.slice(span.start, span.end).search(/\r?\n|$/));
  return { ...opened.fault, severity, span: { ...span, end } };
}

/** An encrypted scalar of the inventory: opened when it is asked for, since no password may be given for other hosts' ones. */
export class Sealed implements Template {
  readonly kind = 'template';
  readonly text = '';
  readonly origin: Origin;
  readonly #node: ScalarNode;

  constructor(node: ScalarNode) {
    this.#node = node;
    this.origin = { file: node.span.file, span: node.span, offsetAt: () => node.span.start };
  }

  /** Why it cannot be opened. */
  get fault(): Diagnostic | undefined {
    const opened = openScalar(this.#node);
    return opened instanceof Secret ? undefined : opened;
  }

  render(): Value {
    const opened = openScalar(this.#node);
    if (opened instanceof Secret) return opened;
    throw new TemplateError(opened);
  }
}

/** A value of an encrypted file that holds templates: what they make is secret as a whole. */
export class SecretTree implements Template {
  readonly kind = 'template';
  readonly text = '';
  readonly origin: Origin;
  readonly #raw: Raw;

  constructor(raw: Raw, origin: Origin) {
    this.#raw = raw;
    this.origin = origin;
  }

  render(scope: Scope): Value {
    const value = render(this.#raw, scope);
    return value === OMIT || value instanceof Unknown ? value : new Secret(value);
  }
}

/** The variables of a file that no vault password opens: whoever asks for any of them is told so. */
export class ClosedLayer extends Map<string, Entry> {
  readonly why: Diagnostic;

  constructor(why: Diagnostic) {
    super();
    this.why = why;
  }

  override get(): never {
    throw new TemplateError(this.why);
  }
}

/** Why variables cannot be had, of layers as they are set: closed files and encrypted scalars, however deep. */
export function vaultFaults(layer: ReadonlyMap<string, { readonly value: Raw | Value }>): readonly Diagnostic[] {
  if (layer instanceof ClosedLayer) return [layer.why];
  return [...layer.values()].flatMap(entry => faultsIn(entry.value));
}

function faultsIn(value: Raw | Value): readonly Diagnostic[] {
  if (value instanceof Sealed) return value.fault === undefined ? [] : [value.fault];
  if (Array.isArray(value)) return value.flatMap(faultsIn);
  return value instanceof Map ? [...value.values()].flatMap(faultsIn) : [];
}
