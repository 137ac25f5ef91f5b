import { type Call, content, type SpecTable } from '../call.ts';
import { str } from '../print.ts';
import { matches, pythonRegex } from '../regex.ts';
import { version } from './version.ts';

/** Where in the text the expression has to match: `search` anywhere, `match` at the start, `fullmatch` all of it. */
function regex(call: Call, how: string, flags: { ignoreCase: boolean; multiline: boolean }): boolean {
  const text = str(call.input);
  const pattern = pythonRegex(call.text(0), flags, how !== 'search');
  if (how === 'search') return pattern.test(text);
  pattern.lastIndex = 0;
  const found = pattern.exec(text);
  if (how !== 'fullmatch' || !found) return found !== null;
  for (const match of matches(pythonRegex(`(?:${call.text(0)})\\Z`, flags, true), text)) return match.index === 0;
  return false;
}

const flags = (call: Call) => ({ ignoreCase: call.bool(1), multiline: call.bool(2) });
const versions = content('version operator? strict? version_type?', version);

/** What stands at a path of the controller. */
function inspected(call: Call) {
  const { services } = call.frame.run.scope;
  return services.inspect
    ? services.inspect(call.inputText())
    : call.fail('cannot be asked here: there is no controller to look at');
}

function hasScheme(call: Call, shape: RegExp): boolean {
  const scheme = shape.exec(str(call.input))?.[1]?.toLowerCase();
  return scheme !== undefined && (call.value(0) === null || call.list(0).some(one => str(one) === scheme));
}

const file = content('', call => inspected(call)?.kind === 'file');
const directory = content('', call => inspected(call)?.kind === 'directory');
const link = content('', call => inspected(call)?.link === true);
const mount = content('', call => inspected(call)?.mount === true);
const sameFile = content('file', call => {
  const { services } = call.frame.run.scope;
  const [a, b] = [inspected(call), services.inspect?.(call.text(0))];
  return a && b ? a.id === b.id : call.fail('needs two paths that exist');
});
const exists = content('', call => inspected(call) !== undefined);
const absolute = content('', call => call.inputText().startsWith('/'));

/** Tests of texts, and of paths on the controller. */
export const textTests: SpecTable = {
  lower: content('', call => /\p{L}/u.test(str(call.input)) && str(call.input) === str(call.input).toLowerCase()),
  upper: content('', call => /\p{L}/u.test(str(call.input)) && str(call.input) === str(call.input).toUpperCase()),
  match: content('pattern ignorecase? multiline?', call => regex(call, 'match', flags(call))),
  search: content('pattern ignorecase? multiline?', call => regex(call, 'search', flags(call))),
  regex: content('pattern ignorecase? multiline? match_type?', call =>
    regex(call, call.text(3, 'search'), flags(call)),
  ),
  version: versions,
  version_compare: versions,
  url: content('schemes?', call => hasScheme(call, /^([A-Za-z][A-Za-z\d+.-]*):\/\/[^/\s]+/)),
  uri: content('schemes?', call => hasScheme(call, /^([A-Za-z][A-Za-z\d+.-]*):\S+$/)),
  urn: content('', call => /^urn:[^:]+:.+/i.test(str(call.input))),
  file,
  is_file: file,
  directory,
  is_dir: directory,
  link,
  is_link: link,
  mount,
  is_mount: mount,
  same_file: sameFile,
  is_same_file: sameFile,
  exists,
  link_exists: exists,
  abs: absolute,
  is_abs: absolute,
};
