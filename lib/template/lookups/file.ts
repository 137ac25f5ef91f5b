import { sourceFile } from '../../text/source.ts';
import { type Call, content, type SpecTable } from '../call.ts';
import { truth } from '../compare.ts';
import { Failure, TemplateError } from '../error.ts';
import { layered } from '../layered.ts';
import { iterate } from '../loop.ts';
import { str } from '../print.ts';
import { OMIT, plain } from '../taint.ts';
import { type Scope, Secret, type Value } from '../values.ts';
import { csvValue } from './csv.ts';
import { iniValue } from './ini.ts';

type Folder = 'files' | 'templates' | 'vars';

export function termTexts(call: Call): string[] {
  return call.rest.flatMap(term => (Array.isArray(term) ? term.map(one => str(one)) : [str(term)]));
}

export function options(call: Call): ReadonlyMap<string, Value> {
  return new Map(call.extra.map(([name, item]) => [name, plain(item)]));
}

function read(call: Call, path: string, folder: Folder = 'files'): Found {
  const found = call.frame.run.scope.services.readFile(path, folder);
  if (!found) throw new Failure(`${call.what} found no file "${path}"`, undefined, 'missing-file');
  const { path: full, bytes, secret } = found;
  return { path: full, text: new TextDecoder().decode(bytes), secret };
}

interface Found {
  readonly path: string;
  readonly text: string;
  /** True where the file was encrypted: what is made of it is secret too. */
  readonly secret: true | undefined;
}

function secretly(value: Value, { secret }: Found): Value {
  return secret ? taintAll(value) : value;
}

function taintAll(value: Value): Value {
  return Array.isArray(value) ? value.map(taintAll) : new Secret(value);
}

function flag(all: ReadonlyMap<string, Value>, name: string, otherwise: boolean): boolean {
  const value = all.get(name);
  return value === undefined ? otherwise : truth(value) === true;
}

function file(call: Call): Value {
  const all = options(call);
  return termTexts(call).map(path => {
    const found = read(call, path);
    const text = flag(all, 'lstrip', false) ? found.text.trimStart() : found.text;
    return secretly(flag(all, 'rstrip', true) ? text.trimEnd() : text, found);
  });
}

/** A template file rendered with the same variables; `template_vars` are more of them. */
function template(call: Call): Value {
  const all = options(call);
  const { run } = call.frame;
  const vars = all.get('template_vars');
  const scope: Scope = vars instanceof Map ? layered(run.scope, vars) : run.scope;
  return termTexts(call).map(path => {
    const found = read(call, path, 'templates');
    const source = sourceFile(found.path, found.text, { ...(found.secret && { secret: true }) });
    const compiled = run.library.compileFile(source, templateOptions(all));
    if (!compiled.ok) throw new TemplateError(compiled.errors[0] as TemplateError['diagnostic']);
    return secretly(compiled.value.render(scope), found);
  });
}

function templateOptions(all: ReadonlyMap<string, Value>): Record<string, unknown> {
  const text = (name: string) => (typeof all.get(name) === 'string' ? String(all.get(name)) : undefined);
  const made: Record<string, unknown> = {
    variableStart: text('variable_start_string'),
    variableEnd: text('variable_end_string'),
    commentStart: text('comment_start_string'),
    commentEnd: text('comment_end_string'),
  };
  return Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined));
}

/** The first file there is of those named, as text paths or as dicts of `files` and `paths`. */
function firstFound(call: Call): Value {
  const all = options(call);
  const wanted = candidates([...call.rest.map(plain)], all);
  const { services } = call.frame.run.scope;
  for (const path of wanted.paths) {
    const found =
      services.readFile(path, 'files') ?? services.readFile(path, 'templates') ?? services.readFile(path, 'vars');
    if (found) return [found.path];
  }
  if (wanted.skip) return [];
  throw new Failure(
    `the lookup "first_found" found none of ${wanted.paths.map(path => `"${path}"`).join(', ')}`,
    'add skip=true when that is fine',
    'missing-file',
  );
}

function candidates(terms: readonly Value[], all: ReadonlyMap<string, Value>): { paths: string[]; skip: boolean } {
  let skip = flag(all, 'skip', false);
  const list = (value: Value | undefined): string[] =>
    value === undefined || value === null
      ? []
      : typeof value === 'string'
        ? value.split(/[,;]/)
        : iterate(value)
            .filter(v => v !== OMIT)
            .map(v => str(v));
  const joined = (files: readonly string[], paths: readonly string[]) =>
    paths.length === 0
      ? [...files]
      : files.length === 0
        ? [...paths]
        : paths.flatMap(path =>
            files.map(name => (name.startsWith('/') ? name : `${path.replace(/\/$/, '')}/${name}`)),
          );
  const spread = (term: Value): string[] => {
    if (Array.isArray(term)) return term.flatMap(spread);
    if (!(term instanceof Map)) return joined(list(term), list(all.get('paths')));
    if (truth(term.get('skip') ?? false) === true) skip = true;
    return joined(list(term.get('files')), list(term.get('paths')));
  };
  const paths = terms.length > 0 ? terms.flatMap(spread) : joined(list(all.get('files')), list(all.get('paths')));
  return { paths, skip };
}

function csvfile(call: Call): Value {
  const all = options(call);
  return termTexts(call).map(term => {
    const { key, settings } = wordOptions(term, all);
    const found = read(call, settings.get('file') ?? 'ansible.csv');
    return secretly(csvValue(found.text, key, settings), found);
  });
}

function ini(call: Call): Value {
  const all = options(call);
  return termTexts(call).flatMap(term => {
    const { key, settings } = wordOptions(term, all);
    const found = read(call, settings.get('file') ?? 'ansible.ini');
    return secretly(iniValue(found.text, key, settings), found);
  });
}

/** `key name=value name=value`, the old way to give a lookup its options. */
function wordOptions(term: string, all: ReadonlyMap<string, Value>): { key: string; settings: Map<string, string> } {
  const settings = new Map<string, string>([...all].map(([name, value]) => [name, str(value)]));
  const words = term.split(/\s+(?=\w+=)/);
  for (const word of words.slice(1)) {
    const at = word.indexOf('=');
    settings.set(word.slice(0, at), word.slice(at + 1).replace(/^(["'])(.*)\1$/, '$2'));
  }
  return { key: words[0] as string, settings };
}

function lines(call: Call): Value {
  const { services } = call.frame.run.scope;
  return termTexts(call).flatMap(command => withoutLast(pipe(call, command, services).split('\n')));
}

function withoutLast(all: string[]): string[] {
  return all.at(-1) === '' ? all.slice(0, -1) : all;
}

function pipe(call: Call, command: string, services: Scope['services']): string {
  try {
    return services.pipe(command);
  } catch (error) {
    return call.fail(`failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unvault(found: Found): Value {
  return secretly(found.text, found);
}

/** Lookups that read the controller: files, commands, the environment. */
export const fileLookups: SpecTable = {
  file: content('*terms **options', file),
  unvault: content('*terms **options', call => termTexts(call).map(path => unvault(read(call, path)))),
  template: content('*terms **options', template),
  fileglob: content('*terms **options', call =>
    termTexts(call).flatMap(pattern => [...call.frame.run.scope.services.glob(pattern)]),
  ),
  first_found: content('*terms **options', firstFound),
  csvfile: content('*terms **options', csvfile),
  ini: content('*terms **options', ini),
  env: content('*terms **options', call => {
    const otherwise = options(call).get('default') ?? '';
    return termTexts(call).map(name => call.frame.run.scope.services.environment[name] ?? otherwise);
  }),
  pipe: content('*terms **options', call =>
    termTexts(call).map(command => pipe(call, command, call.frame.run.scope.services).replace(/\s+$/, '')),
  ),
  lines: content('*terms **options', lines),
};
