import { Float } from '../template/values.ts';

const BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  ['yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']
    .map((t): [string, boolean] => [t, true])
    .concat(['no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(t => [t, false])),
);
const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const INTEGER =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The value of a plain scalar as PyYAML's resolver (YAML 1.1) sees it: `yes` is true, `0644` is 420, `1e3` a string. */
export function resolvePlain(text: string): string | number | boolean | null | Float {
  if (NULLS.has(text)) return null;
  const bool = BOOLEANS.get(text);
  if (bool !== undefined) return bool;
  const first = text.charCodeAt(0);
  if (first > 57 || first < 43) return text; // neither digit, sign nor dot: the common case
  if (INTEGER.test(text)) return integer(text);
  if (FLOAT.test(text)) return new Float(float(text));
  return text;
}

function integer(text: string): number | string {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  let value: number;
  if (digits.startsWith('0b')) value = Number.parseInt(digits.slice(2), 2);
  else if (digits.startsWith('0x')) value = Number.parseInt(digits.slice(2), 16);
  else if (digits.includes(':')) value = sexagesimal(digits);
  else if (digits.length > 1 && digits.startsWith('0')) value = Number.parseInt(digits, 8);
  else value = Number(digits);
  // Past 2^53 a number would silently become another one; its text stays what it is.
  if (!Number.isSafeInteger(value)) return text;
  return text.startsWith('-') ? -value : value;
}

function float(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '').toLowerCase();
  if (digits === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  return sign * (digits.includes(':') ? sexagesimal(digits) : Number(digits));
}

function sexagesimal(digits: string): number {
  return digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
