/** The names a range stands for, or what is wrong with it and where in the text. */
export type Expanded =
  | { readonly ok: true; readonly names: readonly string[] }
  | {
      readonly ok: false;
      readonly problem: string;
      readonly suggestion?: string;
      readonly start: number;
      readonly end: number;
    };

const MOST = 100_000; // a slip like [1:99999999] must not fill the memory
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'; // one row, as Ansible: [y:B] is y z A B

/**
 * Expands `web[01:50]`, `[a:f]`, `[1:10:2]`, several of them in one text, the last one fastest. As Ansible, but a range
 * that would name nobody is an error.
 */
export function expandRanges(text: string): Expanded {
  let names = [''];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('[', at);
    const stray = text.indexOf(']', at);
    if (stray >= 0 && (open < 0 || stray < open)) return fault('"]" closes nothing', stray, stray + 1);
    if (open < 0) break;
    const close = text.indexOf(']', open);
    if (close < 0) return fault('"[" is not closed', open, text.length, `write "${text}]"`);
    const bounds = oneRange(text.slice(open + 1, close));
    if (!bounds.ok) return fault(bounds.problem, open, close + 1, bounds.suggestion);
    const head = text.slice(at, open);
    if (names.length * bounds.count > MOST)
      return fault(`names more than ${MOST.toLocaleString('en')} hosts`, open, close + 1);
    const values = bounds.values();
    names = names.flatMap(name => values.map(value => name + head + value));
    at = close + 1;
  }
  const tail = text.slice(at);
  return { ok: true, names: names.map(name => name + tail) };
}

function fault(problem: string, start: number, end: number, suggestion?: string): Expanded {
  return { ok: false, problem, start, end, ...(suggestion !== undefined && { suggestion }) };
}

type Bounds =
  | { readonly ok: true; readonly count: number; values(): readonly string[] }
  | { readonly ok: false; readonly problem: string; readonly suggestion?: string };

function oneRange(text: string): Bounds {
  const parts = text.split(':').map(p => p.trim());
  const [first = '', last = '', step] = parts;
  if (parts.length < 2 || parts.length > 3)
    return { ok: false, problem: 'a range is written [first:last] or [first:last:step]' };
  if (last === '')
    return {
      ok: false,
      problem: `the range [${text}] has no end`,
      suggestion: 'write [first:last], the last included',
    };
  if (step !== undefined && !/^0*[1-9]\d*$/.test(step))
    return { ok: false, problem: `the step of a range is a whole number above 0, not "${step}"` };
  return LETTERS.includes(first) && first.length === 1
    ? letters(first, last, Number(step ?? 1))
    : numbers(first === '' ? '0' : first, last, Number(step ?? 1));
}

function letters(first: string, last: string, step: number): Bounds {
  const from = LETTERS.indexOf(first);
  const to = last.length === 1 ? LETTERS.indexOf(last) : -1;
  if (to < 0) return mixed(first, last);
  if (from > to) return backwards(first, last);
  const values = () => counted(from, to, step).map(i => LETTERS[i] as string);
  return { ok: true, count: Math.floor((to - from) / step) + 1, values };
}

function numbers(first: string, last: string, step: number): Bounds {
  if (!/^-?\d{1,15}$/.test(first) || !/^-?\d{1,15}$/.test(last)) return mixed(first, last);
  const width = first.length > 1 && first.startsWith('0') ? first.length : 0;
  if (width > 0 && last.length !== width) {
    const padded = `[${first}:${last.padStart(width, '0')}]`;
    const fits = last.length < width;
    return {
      ok: false,
      problem: `the ends of a range that starts with 0 must be equally long: "${first}" and "${last}" are not`,
      suggestion: `write ${fits ? padded : `[${first.padStart(last.length, '0')}:${last}]`}`,
    };
  }
  const [from, to] = [Number(first), Number(last)];
  if (from > to) return backwards(first, last);
  const values = () => counted(from, to, step).map(n => String(n).padStart(width, '0'));
  return { ok: true, count: Math.floor((to - from) / step) + 1, values };
}

function counted(from: number, to: number, step: number): readonly number[] {
  const all: number[] = [];
  for (let n = from; n <= to; n += step) all.push(n);
  return all;
}

function mixed(first: string, last: string): Bounds {
  return { ok: false, problem: `a range goes between two numbers or two letters, not from "${first}" to "${last}"` };
}

function backwards(first: string, last: string): Bounds {
  return {
    ok: false,
    problem: `the range from "${first}" to "${last}" goes backwards`,
    suggestion: `write [${last}:${first}]`,
  };
}
