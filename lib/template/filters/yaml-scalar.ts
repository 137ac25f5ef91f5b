import { Float, type Value } from '../values.ts';

const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INT = /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Dates, `=` and `<<`: words that PyYAML reads as something other than text. */
const OTHER =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?|=|<<)$/;

/** Whether PyYAML reads a plain scalar as a text. */
export function plainText(source: string): boolean {
  return !(
    TRUE.test(source) ||
    FALSE.test(source) ||
    NULL.test(source) ||
    INT.test(source) ||
    FLOAT.test(source) ||
    OTHER.test(source)
  );
}

/** The value of a plain scalar as PyYAML reads it: YAML 1.1's words and numbers. Dates stay texts. */
export function resolveScalar(source: string): Value {
  if (NULL.test(source)) return null;
  if (TRUE.test(source)) return true;
  if (FALSE.test(source)) return false;
  if (INT.test(source)) return integer(source);
  if (FLOAT.test(source)) return float(source);
  return source;
}

function sexagesimal(text: string): number {
  return text.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

function integer(source: string): Value {
  const text = source.replaceAll('_', '');
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[-+]/, '');
  const value = body.startsWith('0b')
    ? Number.parseInt(body.slice(2), 2)
    : body.startsWith('0x')
      ? Number.parseInt(body.slice(2), 16)
      : body.includes(':')
        ? sexagesimal(body)
        : body.startsWith('0')
          ? Number.parseInt(body, 8)
          : Number(body);
  // Python would keep such a number exact; as a text at least no digit is lost.
  return Number.isSafeInteger(value) ? (value === 0 ? 0 : sign * value) : source;
}

function float(source: string): Value {
  const text = source.replaceAll('_', '').toLowerCase();
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[-+]/, '');
  if (body === '.inf') return new Float(sign * Number.POSITIVE_INFINITY);
  if (body === '.nan') return new Float(Number.NaN);
  return new Float(sign * (body.includes(':') ? sexagesimal(body) : Number(body)));
}
