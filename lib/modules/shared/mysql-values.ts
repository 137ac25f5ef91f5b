const ON = new Set(['1', 'on', 'true', 'yes']);
const OFF = new Set(['0', 'off', 'false', 'no']);

/** Whether a variable as the server shows it has the value wanted: ON is 1, modes in any order, names in capitals in any case. */
export function sameValue(shown: string, wanted: string): boolean {
  if (shown === wanted) return true;
  if (shown === 'ON') return ON.has(wanted.toLowerCase());
  if (shown === 'OFF') return OFF.has(wanted.toLowerCase());
  const number = /^-?\d+(\.\d+)?$/;
  if (number.test(shown) && number.test(wanted)) return Number(shown) === Number(wanted);
  if (!/^[A-Z0-9_]+(,[A-Z0-9_]+)*$/.test(shown)) return false;
  const words = (text: string) => [...new Set(text.toUpperCase().split(/\s*,\s*/))].sort().join();
  return words(shown) === words(wanted);
}

/** The value as SET takes it: the server takes a number for one only when it is no text, and knows ON and OFF, not true. */
export function settable(shown: string, wanted: string): bigint | number | string {
  if (shown === 'ON' && OFF.has(wanted.toLowerCase())) return 'OFF';
  if (shown === 'OFF' && ON.has(wanted.toLowerCase())) return 'ON';
  if (/^-?\d{1,20}$/.test(wanted)) return BigInt(wanted);
  return /^-?\d+\.\d+$/.test(wanted) ? Number(wanted) : wanted;
}
