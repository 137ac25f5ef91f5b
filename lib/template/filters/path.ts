import { posix, win32 } from 'node:path';
import { type Call, content, type SpecTable } from '../call.ts';
import { str } from '../print.ts';
import { Tuple } from '../tuple.ts';

function path(call: Call): string {
  return typeof call.input === 'string' ? call.input : call.wrongInput('a path');
}

/** Python's `os.path.split`: what follows the last slash, and what comes before it. */
function split(text: string): [string, string] {
  const at = text.lastIndexOf('/') + 1;
  const head = text.slice(0, at);
  return [/^\/*$/.test(head) ? head : head.replace(/\/+$/, ''), text.slice(at)];
}

function splitext(text: string): [string, string] {
  const found = /^(.*\/)?(\.*[^/]*?)(\.[^./]*)?$/s.exec(text);
  const [, head = '', name = '', extension = ''] = found ?? [];
  return name === '' || /^\.*$/.test(name) ? [text, ''] : [head + name, extension];
}

function home(call: Call): string {
  const text = path(call);
  if (!text.startsWith('~')) return text;
  const home = call.frame.run.scope.services.environment['HOME'];
  return home !== undefined && /^~(\/|$)/.test(text) ? home.replace(/\/+$/, '') + text.slice(1) || '/' : text;
}

/** Python's `os.path.join`: an absolute part drops what comes before it. */
export function joinPath(parts: readonly string[]): string {
  return parts.reduce((all, part) =>
    part.startsWith('/') ? part : all === '' || all.endsWith('/') ? all + part : `${all}/${part}`,
  );
}

function pathJoin(call: Call): string {
  const parts = Array.isArray(call.input)
    ? call.input.map(part => str(part))
    : [path(call), ...call.rest.map(part => str(part))];
  return parts.length === 0 ? call.fail('needs at least one part') : joinPath(parts);
}

/** As Python's normpath; two slashes at the start stay two. */
function normal(text: string): string {
  const made = posix.normalize(text).replace(/(.)\/+$/, '$1');
  return /^\/\/(?!\/)/.test(text) ? `/${made}` : made === '' ? '.' : made;
}

/** Filters of paths: only their text is looked at, but for `expanduser` and `expandvars`, which read the controller's environment. */
export const pathFilters: SpecTable = {
  basename: content('', call => split(path(call))[1]),
  dirname: content('', call => split(path(call))[0]),
  splitext: content('', call => Tuple.make(splitext(path(call)))),
  expanduser: content('', home),
  expandvars: content('', call => {
    const { environment } = call.frame.run.scope.services;
    return path(call).replace(
      /\$(?:(\w+)|\{([^}]*)\})/g,
      (all, plain?: string, braced?: string) => environment[plain ?? braced ?? ''] ?? all,
    );
  }),
  realpath: content('', call => {
    const { services } = call.frame.run.scope;
    return services.realPath?.(path(call)) ?? call.fail('cannot be asked here: there is no controller to look at');
  }),
  normpath: content('', call => normal(path(call))),
  relpath: content('start?', call => posix.relative(call.text(0, '.'), path(call)) || '.'),
  commonpath: content('', call => {
    const all = (Array.isArray(call.input) ? call.input : call.wrongInput('a list of paths')).map(one =>
      str(one).split('/'),
    );
    const [first = []] = all;
    const same = first.findIndex((part, i) => !all.every(parts => parts[i] === part));
    return (same < 0 ? first : first.slice(0, same)).join('/') || (first[0] === '' ? '/' : '');
  }),
  path_join: content('*parts', pathJoin),
  fileglob: content('', call => [...call.frame.run.scope.services.glob(path(call))]),
  win_basename: content('', call => win32.basename(path(call))),
  win_dirname: content('', call => win32.dirname(path(call))),
  win_splitdrive: content('', call => {
    const drive = /^(?:[A-Za-z]:|[\\/]{2}[^\\/]+[\\/][^\\/]+)/.exec(path(call))?.[0] ?? '';
    return Tuple.make([drive, path(call).slice(drive.length)]);
  }),
};
