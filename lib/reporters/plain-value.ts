/** Any value as JSON has it: maps as objects, and what is no plain data by its `toJSON` or as a text. */
export function plainValue(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === undefined) return null;
  if (typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Set) return [...value].map(plainValue);
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [String(k), plainValue(v)]));
  if ('toJSON' in value && typeof value.toJSON === 'function') return plainValue(value.toJSON());
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries.map(([k, v]) => [k, plainValue(v)]));
}

/** A value in lines like those of YAML, for people: texts of several lines as blocks, quotes only where needed. */
export function valueLines(value: unknown): readonly string[] {
  const plain = plainValue(value);
  if (Array.isArray(plain)) return plain.length === 0 ? ['[]'] : plain.flatMap(item => listItem(valueLines(item)));
  if (typeof plain !== 'object' || plain === null) return scalarLines(plain);
  const entries = Object.entries(plain);
  return entries.length === 0 ? ['{}'] : entries.flatMap(([key, item]) => keyed(key, item));
}

/** `key: value`, the value below the key where it takes several lines. */
export function keyed(key: string, value: unknown): readonly string[] {
  const [first = '', ...rest] = valueLines(value);
  const name = scalarLines(key.replace(/\n/g, '\\n'))[0];
  if (typeof value === 'string' && rest.length > 0) return [`${name}: ${first}`, ...rest];
  const inline = rest.length === 0 && (!isFilled(value) || first === '[]' || first === '{}');
  return inline ? [`${name}: ${first}`] : [`${name}:`, ...indent([first, ...rest])];
}

/** Each line with two spaces in front, or as many as told. */
export function indent(lines: readonly string[], by = 2): readonly string[] {
  return lines.map(line => (line === '' ? '' : ' '.repeat(by) + line));
}

function isFilled(value: unknown): boolean {
  const plain = plainValue(value);
  return typeof plain === 'object' && plain !== null;
}

function listItem([first = '', ...rest]: readonly string[]): readonly string[] {
  return [`- ${first}`, ...indent(rest)];
}

function scalarLines(value: unknown): readonly string[] {
  if (typeof value !== 'string') return [String(value)];
  const text = value.replace(/\n$/, '');
  if (text.includes('\n')) return [value === text ? '|-' : '|', ...indent(text.split('\n'))];
  return [needsQuotes(value) ? JSON.stringify(value) : value];
}

function needsQuotes(text: string): boolean {
  if (text === '' || text !== text.trim() || /[\n\t]/.test(text)) return true;
  if (/^(true|false|yes|no|on|off|null|~|[-+.]?\d[\d._:e+-]*|0[xo][\da-f]+)$/i.test(text)) return true;
  return /^[-?:,[\]{}#&*!|>'"%@`]/.test(text) || /: | #|:$/.test(text);
}
