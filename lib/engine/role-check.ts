import type { Ajv, ErrorObject } from 'ajv';
import type { Role } from '../playbook/program.ts';
import { compileExpression, compileTemplate, condition, Failure, TemplateError, toPlain } from '../template/index.ts';
import { Unknown, type Value } from '../template/values.ts';
import { type Diagnostic, Diagnostics } from '../text/diagnostic.ts';
import { type Span, sourceFile } from '../text/source.ts';
import { originOf } from '../vars/raw.ts';
import type { LayeredScope } from '../vars/scope.ts';
import { typeName } from '../yaml/check.ts';
import { textNode } from '../yaml/node.ts';
import type { PlayRun } from './context.ts';
import type { HostRun } from './host-run.ts';
import { scopeFor } from './scopes.ts';
import { plain } from './values.ts';

/** One rule of a role's `x-rules`: an expression that must hold for every host that uses the role. */
interface Rule {
  readonly that: string;
  readonly message: string;
  /** What to point at: a variable's name, `group:NAME`, or `host`. */
  readonly at?: string;
  readonly suggestion?: string;
}

/**
 * Checks the variables of the roles of all plays by the roles' schemas and rules, for every host, before any host is
 * touched. What needs facts is not known yet and is left to the tasks.
 */
export async function checkRoles(plays: readonly PlayRun[], found: Diagnostics): Promise<void> {
  if (plays.every(at => at.play.roles.every(r => r.schema === undefined))) return;
  const { Ajv } = await import('./ajv.ts');
  const ajv = new Ajv({ allErrors: true, strict: false, code: { optimize: false } });
  for (const at of plays)
    for (const role of at.play.roles) {
      if (role.schema === undefined) continue;
      for (const host of at.hosts) new RoleCheck(ajv, at, { role, host, found }).check();
    }
}

interface Parts {
  readonly role: Role;
  readonly host: HostRun;
  readonly found: Diagnostics;
}

class RoleCheck {
  readonly #ajv: Ajv;
  readonly #at: PlayRun;
  readonly #host: HostRun;
  readonly #role: Role;
  readonly #found: Diagnostics;
  readonly #scope: LayeredScope;

  constructor(ajv: Ajv, at: PlayRun, { role, host, found }: Parts) {
    this.#ajv = ajv;
    this.#at = at;
    this.#host = host;
    this.#role = role;
    this.#found = found;
    const task = { role, dir: role.path, directives: { vars: [] } };
    this.#scope = scopeFor(at, host, { task: task as never });
  }

  check(): void {
    const schema = (this.#role.schema?.schema ?? {}) as {
      properties?: Record<string, object>;
      required?: string[];
      'x-rules'?: Rule[];
    };
    for (const [name, property] of Object.entries(schema.properties ?? {}))
      this.#variable(name, property, schema.required ?? []);
    for (const rule of schema['x-rules'] ?? []) this.#rule(rule);
  }

  #variable(name: string, property: object, required: readonly string[]): void {
    const value = this.#known(() => this.#scope.get(name));
    if (value === 'later') return;
    if (value === undefined) {
      if (required.includes(name))
        this.#fault(`the role ${this.#role.name} needs the variable "${name}"`, {
          at: 'host',
          suggestion: `set ${name} in the inventory or with -e`,
        });
      return;
    }
    const validate = this.#ajv.compile(property);
    if (validate(toPlain(value))) return;
    const [error] = validate.errors ?? [];
    const where = [name, ...(error?.instancePath ?? '').split('/').slice(1)].join('.');
    const hint = (property as { patternHint?: string }).patternHint;
    this.#fault(`"${where}" ${faultOf(error)}`, { at: name, ...(hint && { suggestion: hint }) });
  }

  #rule(rule: Rule): void {
    const file = sourceFile(this.#role.schema?.file ?? '', String(rule.that));
    const made = compileExpression(String(rule.that), originOf(textNode(file)));
    if (!made.ok) {
      for (const e of made.errors) this.#found.add(e);
      return;
    }
    const holds = this.#known(() => condition(made.value.render(this.#scope)));
    if (holds === false)
      this.#fault(this.#text(rule.message), { ...rule, suggestion: rule.suggestion && this.#text(rule.suggestion) });
  }

  /** A value that can be known before facts are; 'later' where it cannot. Other errors of its template are reported. */
  #known<T extends Value | undefined>(work: () => T): T | 'later' {
    try {
      const value = work();
      return value instanceof Unknown ? 'later' : value;
    } catch (error) {
      if (error instanceof Failure) return 'later';
      if (!(error instanceof TemplateError)) throw error;
      if (error.diagnostic.code !== 'undefined-variable') this.#found.add(error.diagnostic);
      return 'later';
    }
  }

  #text(message: string): string {
    const made = compileTemplate(message, originOf(textNode(sourceFile('', message))));
    if (!made.ok) return message;
    const text = this.#known(() => made.value.render(this.#scope));
    return text === 'later' ? message : String(plain(text as Value));
  }

  #fault(message: string, at: { at?: string; suggestion?: string | undefined }): void {
    const span = this.#place(at.at);
    const more: Partial<Diagnostic> = {
      ...(span && { span }),
      ...(at.suggestion !== undefined && { suggestion: at.suggestion }),
      notes: [
        {
          message: `for the host ${this.#host.name}, which uses the role ${this.#role.name}`,
          span: this.#at.play.span,
        },
      ],
    };
    this.#found.error('role-variables', message, more);
  }

  #place(at: string | undefined): Span | undefined {
    const group = at?.startsWith('group:') ? at.slice(6) : undefined;
    if (group !== undefined) return this.#at.run.inventory.groups.get(group)?.span ?? this.#at.play.hostsSpan;
    if (at !== undefined && at !== 'host') return this.#scope.where(at) ?? this.#host.host.span ?? this.#at.play.span;
    return this.#host.host.span ?? this.#at.play.hostsSpan;
  }
}

/** What a value is not, without the value: it may be secret. */
function faultOf(error: ErrorObject | undefined): string {
  if (error?.keyword === 'enum') return `must be one of ${error.params['allowedValues'].join(', ')}`;
  if (error?.keyword === 'type') return `must be ${typeName(error.params['type'])}`;
  if (error?.keyword === 'additionalProperties') return `must not have "${error.params['additionalProperty']}"`;
  return error?.message ?? 'is not valid';
}
