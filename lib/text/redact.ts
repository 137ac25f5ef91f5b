/**
 * Knows the secret texts of one run and hides them in whatever is shown. Texts shorter than three characters are not
 * looked for: hiding them would garble everything and hide nothing.
 */
export class Redactor {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | undefined;

  /** Remembers a secret, and the lines of a secret of several lines (a private key shown line by line). */
  add(secret: string): void {
    for (const part of [secret, ...secret.split('\n')]) {
      if (part.trim().length < 3 || this.#secrets.has(part)) continue;
      this.#secrets.add(part);
      this.#pattern = undefined;
    }
  }

  /** The text with every secret replaced by `***`. */
  text(text: string): string {
    if (this.#secrets.size === 0) return text;
    this.#pattern ??= new RegExp(
      [...this.#secrets]
        .flatMap(s => [s, JSON.stringify(s).slice(1, -1)])
        .sort((a, b) => b.length - a.length) // the longest first, or a part of it would stay
        .map(s => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('|'),
      'g',
    );
    return text.replace(this.#pattern, '***');
  }

  /** The same for every string inside plain data (keys too). */
  value<T>(value: T): T {
    if (this.#secrets.size === 0) return value;
    return this.#walk(value) as T;
  }

  #walk(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return this.#secrets.has(String(value)) ? '***' : value;
    if (Array.isArray(value)) return value.map(v => this.#walk(v));
    if (value instanceof Map) return new Map([...value].map(([k, v]) => [this.#walk(k), this.#walk(v)]));
    if (value !== null && typeof value === 'object' && isPlain(value))
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [this.text(k), this.#walk(v)]));
    return value;
  }
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
