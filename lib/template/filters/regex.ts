import { type Call, content, type SpecTable } from '../call.ts';
import { str } from '../print.ts';
import { expandReplacement, groupOf, matches, pythonRegex } from '../regex.ts';
import { Tuple } from '../tuple.ts';
import type { Value } from '../values.ts';

function replaceAll(call: Call): string {
  const text = str(call.input);
  const replacement = str(call.value(1, ''));
  const regex = pythonRegex(str(call.value(0, '')), { ignoreCase: call.bool(2), multiline: call.bool(3) });
  const most = call.int(4, 0);
  let result = '';
  let at = 0;
  let count = 0;
  for (const match of matches(regex, text)) {
    if (most > 0 && count >= most) break;
    count++;
    result += text.slice(at, match.index) + expandReplacement(replacement, match);
    at = match.index + match[0].length;
  }
  return result + text.slice(at);
}

function search(call: Call): Value {
  const named = new Map(call.extra);
  const flag = (name: string) => named.get(name) === true;
  const regex = pythonRegex(call.text(0), { ignoreCase: flag('ignorecase'), multiline: flag('multiline') });
  const match = regex.exec(str(call.input));
  if (!match) return null;
  if (call.rest.length === 0) return match[0];
  // As Ansible: `\\g<name>` and `\\1` ask for groups.
  return call.rest.map(wanted => {
    const found =
      /^\\(?:g<(\S+)>|(\d+))$/.exec(str(wanted)) ??
      call.fail(`does not know the group "${str(wanted)}"`, 'ask for "\\\\1" or "\\\\g<name>"');
    return groupOf(match, (found[1] ?? found[2]) as string);
  });
}

function findAll(call: Call): Value {
  const regex = pythonRegex(call.text(0), { multiline: call.bool(1), ignoreCase: call.bool(2) });
  const found: Value[] = [];
  for (const match of matches(regex, str(call.input))) {
    const groups = match.slice(1).map(group => group ?? '');
    found.push(groups.length === 0 ? match[0] : groups.length === 1 ? (groups[0] as string) : Tuple.make(groups));
  }
  return found;
}

function escape(call: Call): string {
  const type = call.text(0, 'python');
  const text = str(call.input);
  if (type === 'posix_basic') return text.replace(/[[\].^$*\\]/g, '\\$&');
  if (type !== 'python') return call.fail(`cannot escape for "${type}"`, 'use python or posix_basic');
  return text.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&');
}

/** Filters of regular expressions, as Python reads them. */
export const regexFilters: SpecTable = {
  regex_replace: content('pattern? replacement? ignorecase? multiline? count?', replaceAll),
  regex_search: content('regex *groups **options', search),
  regex_findall: content('regex multiline? ignorecase?', findAll),
  regex_escape: content('re_type?', escape),
};
