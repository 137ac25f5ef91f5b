import type { Checked } from '../text/diagnostic.ts';
import { type SourceFile, sourceFile } from '../text/source.ts';
import type { Code } from './codes.ts';
import { StatementCompiler } from './compile.ts';
import { ExpressionCompiler } from './compile-expression.ts';
import { type Ending, ended, endingOf } from './ending.ts';
import { type At, Failure, located, Nothing, spanOf, TemplateError, UndefinedUsed, UnknownFound } from './error.ts';
import { Frame, type Library, Run } from './frame.ts';
import { readHeader } from './header.ts';
import { type LoadTemplate, runUnit, type Unit } from './include.ts';
import { lex, SYNTAX, type Syntax } from './lex.ts';
import { lexExpression, type Token } from './lex-expression.ts';
import { TABLES } from './library.ts';
import { mayMutate } from './name-code.ts';
import type { Body, Expression } from './nodes.ts';
import { Output } from './output.ts';
import { TemplateParser } from './parse.ts';
import { ExpressionParser } from './parse-expression.ts';
import { localNames } from './scope-names.ts';
import { type Item, Special } from './special.ts';
import { SyntaxProblem } from './syntax-error.ts';
import { OMIT, taintOf } from './taint.ts';
import type { ParseOptions } from './token-reader.ts';
import { type Origin, type Scope, Secret, type Template, Undefined, type Value } from './values.ts';

/** How a template is written; what is left out is as in Ansible's template module. */
export interface TemplateOptions extends Partial<Syntax> {
  /** Whether backslashes in quoted texts are escapes. Default: in files yes; in playbooks only inside `{% %}`, as Ansible. */
  readonly escapes?: { readonly variables: boolean; readonly blocks: boolean };
}

/** All there is to use in a template. */
export const LIBRARY: Library = { ...TABLES, compileFile: (file, options) => compileTemplateFile(file, options) };
const PLAYBOOK = { variables: false, blocks: true };
const FILE = { variables: true, blocks: true };

/** Whether a text holds a tag, so that it is a template. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Compiles a playbook's text; one that is exactly `{{ expression }}` keeps the type of its value. */
export function compileTemplate(text: string, origin: Origin, options: TemplateOptions = {}): Checked<Template> {
  return checked(text, origin, () =>
    compileText(text, origin, { ...options, native: true, escapes: options.escapes ?? PLAYBOOK }),
  );
}

/** The origin of a file that is a template as a whole, but for its first characters. */
function wholeFile(file: SourceFile, header = 0): Origin {
  return { file, span: { file, start: 0, end: file.text.length }, offsetAt: index => index + header };
}

/** Compiles a template file; its result is always a text. */
export function compileTemplateFile(file: SourceFile, options: TemplateOptions = {}): Checked<Template> {
  return checked(file.text, wholeFile(file), () => {
    const { length, syntax } = readHeader(file.text);
    const origin = wholeFile(file, length);
    return compileText(file.text.slice(length), origin, {
      ...options,
      ...syntax,
      native: false,
      escapes: options.escapes ?? FILE,
    });
  });
}

/** Compiles a bare expression: `when`, `until`, `changed_when`, `failed_when`, `that`. */
export function compileExpression(text: string, origin: Origin): Checked<Template> {
  return checked(text, origin, () => {
    const braces = text.indexOf('{{') >= 0 ? text.indexOf('{{') : text.indexOf('{%');
    if (braces >= 0) throw bracesProblem(text, braces);
    const node = parseExpression(text, { origin, escapes: FILE });
    const compiler = new ExpressionCompiler(LIBRARY, { locals: new Set(), mutates: mayMutate(text) });
    const code = compiler.compile(node);
    const at: At = { origin, start: 0, end: text.length };
    return { errors: compiler.errors, template: new Compiled(text, at, { code, makes: makesContainers(node) }) };
  });
}

function parseExpression(text: string, options: ParseOptions): Expression {
  const tokens: Token[] = [];
  lexExpression(text, 0, tokens, () => undefined);
  return new WholeExpression(tokens, options).whole();
}

class WholeExpression extends ExpressionParser {
  whole(): Expression {
    if (this.kindIs('end')) throw new SyntaxProblem('there is no expression', { start: 0, end: 1 });
    const node = this.parseTuple({ conditional: true });
    return this.kindIs('end') ? node : this.unexpected('an operator or the end of the expression');
  }
}

function bracesProblem(text: string, at: number): SyntaxProblem {
  const range = { start: at, end: at + 2 };
  const message = 'this is an expression already, braces do not belong into it';
  const bare = text.replace(
    /(["'])\{\{\s*((?:(?!\}\}).)*?)\s*\}\}\1|\{\{\s*((?:(?!\}\}).)*?)\s*\}\}/gs,
    (_all, _quote, quoted, open) => {
      const inner: string = quoted ?? open;
      return /^[\w.]+$/.test(inner) || bareWhole(text) ? inner : `(${inner})`;
    },
  );
  return new SyntaxProblem(message, range, bare !== text && !bare.includes('{%') ? `write ${bare.trim()}` : undefined);
}

function bareWhole(text: string): boolean {
  return /^\s*\{\{(?:(?!\}\}).)*\}\}\s*$/s.test(text);
}

interface Compilation {
  readonly errors: readonly import('../text/diagnostic.ts').Diagnostic[];
  readonly template: Template;
}

/** Turns what a compilation throws or collects into diagnostics. */
function checked(text: string, origin: Origin, compile: () => Compilation): Checked<Template> {
  try {
    const { errors, template } = compile();
    return errors.length > 0 ? { ok: false, errors } : { ok: true, value: template, warnings: [] };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const at: At = { origin, start: Math.min(error.start, text.length), end: Math.min(error.end, text.length) };
    const { suggestion } = error;
    return {
      ok: false,
      errors: [
        {
          code: error.code,
          severity: 'error',
          message: error.message,
          span: spanOf(at),
          ...(suggestion !== undefined && { suggestion }),
        },
      ],
    };
  }
}

interface CompileOptions extends TemplateOptions {
  readonly native: boolean;
  readonly escapes: { readonly variables: boolean; readonly blocks: boolean };
}

function compileText(text: string, origin: Origin, options: CompileOptions): Compilation {
  const syntax: Syntax = { ...SYNTAX, ...options };
  const body = new TemplateParser(lex(text, syntax), { origin, escapes: options.escapes }).parseTemplate();
  const at: At = { origin, start: 0, end: text.length };
  const only = single(body);
  const ending = endingOf(text, syntax);
  if (options.native && only) {
    const compiler = new ExpressionCompiler(LIBRARY, { locals: new Set(), mutates: mayMutate(text) });
    const code = compiler.compile(only);
    return {
      errors: compiler.errors,
      template: new Compiled(text, at, { code, makes: makesContainers(only), ending }),
    };
  }
  const { unit, errors } = compileBody(body, text, {
    locals: /\bextends\b/.test(text) ? undefined : localNames(body),
    options,
  });
  return { errors, template: new Compiled(text, at, { code: textCode(unit, options.native), makes: true, ending }) };
}

function single(body: Body): Expression | undefined {
  return body.length === 1 && body[0]?.type === 'print' ? body[0].value : undefined;
}

function compileBody(
  body: Body,
  text: string,
  { locals, options }: { locals: ReadonlySet<string> | undefined; options: CompileOptions },
): { unit: Unit; errors: Compilation['errors'] } {
  const compiler = new StatementCompiler(LIBRARY, { locals, mutates: mayMutate(text) }, loader(options));
  const exec = compiler.body(body);
  return {
    unit: { exec, blocks: compiler.blocks },
    errors: compiler.errors,
  };
}

function textCode(unit: Unit, native: boolean): Code {
  return frame => {
    const out = new Output(native);
    runUnit(unit, frame, out);
    for (const secret of out.secrets) frame.run.scope.services.hide(secret);
    return native ? out.result() : out.textResult();
  };
}

/** Reads templates named by `include`, `import` and `extends`, each compiled once for the text it has. */
function loader(options: CompileOptions): LoadTemplate {
  const known = new Map<string, { text: string; unit: Unit }>();
  return (name, frame) => {
    const found = frame.run.scope.services.readFile(name, 'templates');
    if (!found) return undefined;
    const text = new TextDecoder().decode(found.bytes);
    const before = known.get(found.path);
    if (before?.text === text) return before.unit;
    const origin = wholeFile(sourceFile(found.path, text, { ...(found.secret && { secret: true }) }));
    let unit: Unit | undefined;
    const result = checked(text, origin, () => {
      const body = new TemplateParser(lex(text, { ...SYNTAX, ...options }), { origin, escapes: FILE }).parseTemplate();
      // Names may also be those of the template that includes this one.
      const compiled = compileBody(body, text, { locals: undefined, options });
      unit = compiled.unit;
      return {
        errors: compiled.errors,
        template: new Compiled(
          text,
          { origin, start: 0, end: 0 },
          { code: textCode(compiled.unit, false), makes: false },
        ),
      };
    });
    const [error] = result.ok ? [] : result.errors;
    if (error) throw new TemplateError(error);
    if (!unit) throw new Failure(`the template "${name}" could not be compiled`);
    known.set(found.path, { text, unit });
    return unit;
  };
}

/** Whether an expression's result may be a list or dict made here, which could hold an undefined. */
function makesContainers(node: Expression): boolean {
  if (node.type === 'name' || node.type === 'constant' || node.type === 'compare' || node.type === 'concat')
    return false;
  return node.type === 'attribute' || node.type === 'subscript' ? makesContainers(node.of) : true;
}

class Compiled implements Template {
  readonly kind = 'template';
  readonly text: string;
  readonly origin: Origin;
  readonly #at: At;
  readonly #code: Code;
  readonly #makes: boolean;
  readonly #ending: Ending | undefined;

  constructor(
    text: string,
    at: At,
    { code, makes, ending }: { code: Code; makes: boolean; ending?: Ending | undefined },
  ) {
    this.text = text;
    this.origin = at.origin;
    this.#at = at;
    this.#code = code;
    this.#makes = makes;
    this.#ending = ending;
  }

  render(scope: Scope): Value {
    const run = new Run(scope, LIBRARY, this.#at);
    try {
      const value = this.#final(this.#code(new Frame(run)));
      return this.#ending === undefined ? value : ended(value, this.#ending);
    } catch (error) {
      if (error instanceof UnknownFound) return error.unknown;
      throw located(error, run.at, scope);
    }
  }

  #final(item: Item): Value {
    if (typeof item !== 'object' || item === null || item === OMIT) return item as Value;
    if (item instanceof Nothing) return '';
    // As Ansible: what a template gives is a text of its own, also where it is a name alone.
    if (item instanceof Secret) return item.sealed ? new Secret(item) : item;
    if (item instanceof Undefined) throw new UndefinedUsed(item);
    if (item instanceof Special) return leaving(item);
    // A list made here may hold an undefined, which nobody could explain later.
    if (this.#makes && (Array.isArray(item) || item instanceof Map)) taintOf(item);
    return item;
  }
}

/** What a date or function becomes where it leaves its template: dates are texts, the rest is a mistake. */
function leaving(item: Special): Value {
  if (item.type === 'datetime' || item.type === 'date' || item.type === 'timedelta' || item.type === 'template module')
    return item.text();
  const name = 'name' in item ? `"${String(item.name)}"` : 'it';
  throw new Failure(
    `the value is a ${item.type}`,
    item.type === 'function' ? `call ${name} with "()", or write ['...'] to read a key of that name` : undefined,
  );
}
