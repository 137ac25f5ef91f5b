/** A message that a task gives, of any kind, as a text: a list is its lines. */
export function said(msg: unknown, otherwise: string): string {
  if (msg === undefined || msg === null) return otherwise;
  if (Array.isArray(msg)) return msg.join('\n');
  return typeof msg === 'object' ? JSON.stringify(msg) : String(msg);
}
