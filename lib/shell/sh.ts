/** A shell word that must not be shown: quoted like any other, printed as `***`. */
export class SecretWord {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  reveal(): string {
    return this.#text;
  }
  toString(): string {
    return '***';
  }
  toJSON(): string {
    return '***';
  }
}

/** Bytes that are read when they are sent: a large file of the controller is never in memory as a whole. */
export interface Stream {
  readonly size: number;
  chunks(): AsyncIterable<Uint8Array>;
}

/** Bytes that the script finds in a private temporary file on the host; as a word it is that file's path. */
export class Put {
  readonly size: number;
  /** The word is only given to functions that read it by `tp_take`: then what is large needs no temporary file. */
  readonly fed: boolean;
  readonly #content: Uint8Array | Stream;

  constructor(content: Uint8Array | Stream, fed = false) {
    this.size = content instanceof Uint8Array ? content.length : content.size;
    this.fed = fed;
    this.#content = content;
  }

  /** The bytes where they are in memory. */
  get bytes(): Uint8Array | undefined {
    return this.#content instanceof Uint8Array ? this.#content : undefined;
  }

  async *chunks(): AsyncIterable<Uint8Array> {
    if (this.#content instanceof Uint8Array) yield* slices(this.#content);
    else yield* this.#content.chunks();
  }
}

/** As much as is written at once. */
const CHUNK = 256 * 1024;

function* slices(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

/** What may stand in a `${}` of `sh`: arrays spread into words; undefined and false leave nothing. */
export type Word = string | number | SecretWord | Put | Sh | undefined | false | readonly Word[];

type Part =
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string; readonly secret: boolean }
  | { readonly kind: 'put'; readonly put: Put }
  | { readonly kind: 'script'; readonly script: Sh };

/** Where the bytes of a `Put` are: already on the host at a path, or still to be written by the script itself. */
export type PutPath = (put: Put) => string | undefined;

/** A piece of shell code. Made only by `sh`, so that no value gets into it unquoted; printing it hides its secrets. */
export class Sh {
  readonly #parts: readonly Part[];

  private constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  static of(strings: readonly string[], words: readonly Word[]): Sh {
    const parts: Part[] = [];
    strings.forEach((text, i) => {
      if (text !== '') parts.push({ kind: 'code', text });
      if (i < words.length) parts.push(...wordParts(words[i]));
    });
    return new Sh(parts);
  }

  static join(scripts: readonly Sh[], separator: string): Sh {
    return new Sh(scripts.flatMap((s, i) => (i === 0 ? s.#parts : [{ kind: 'code', text: separator }, ...s.#parts])));
  }

  /** The whole script as one quoted word, for a function that will `eval` it. */
  static quoted(script: Sh): Sh {
    return new Sh([{ kind: 'script', script }]);
  }

  static partsOf(script: Sh): readonly Part[] {
    return script.#parts;
  }

  get empty(): boolean {
    return this.#parts.every(p => p.kind === 'code' && p.text.trim() === '');
  }

  /** Every `Put` in it, those of quoted scripts too. */
  get puts(): readonly Put[] {
    return this.#parts.flatMap(p => (p.kind === 'put' ? [p.put] : p.kind === 'script' ? p.script.puts : []));
  }

  /**
   * The code to send to a host: secrets in clear. Puts that have no path yet are written by the code that uses them, into
   * variables of its depth: a quoted script that is evaluated must not change those of the script around it.
   */
  reveal(pathOf: PutPath = () => undefined, depth = 0): string {
    const names = new Map<Put, string>();
    const body = this.#parts.map(part => {
      switch (part.kind) {
        case 'code':
          return part.text;
        case 'word':
          return quote(part.text);
        case 'script':
          return quote(part.script.reveal(pathOf, depth + 1));
        case 'put': {
          const path = pathOf(part.put);
          if (path !== undefined) return quote(path);
          if (!names.has(part.put)) names.set(part.put, `tp_put${'_'.repeat(depth)}${names.size + 1}`);
          return `"$${names.get(part.put)}"`;
        }
        default:
          return unreachable(part);
      }
    });
    const writes = [...names].map(([put, name]) => {
      if (put.bytes === undefined) throw new Error('internal: a stream cannot be written into a script');
      return `${name}=$(tp_temp) && ${printfOf(put.bytes)} >"$${name}" || exit`;
    });
    return [...writes, body.join('')].join('\n');
  }

  /** The code as people may see it: secrets as `***`, puts as their size. */
  toString(): string {
    return this.#parts
      .map(part => {
        if (part.kind === 'code') return part.text;
        if (part.kind === 'word') return part.secret ? '***' : quote(part.text);
        if (part.kind === 'put') return `<${part.put.size} bytes>`;
        return quote(String(part.script));
      })
      .join('');
  }

  toJSON(): string {
    return this.toString();
  }
}

function wordParts(word: Word): Part[] {
  if (word === undefined || word === false) return [];
  if (word instanceof Sh) return [...Sh.partsOf(word)];
  if (word instanceof Put) return [{ kind: 'put', put: word }];
  if (word instanceof SecretWord) return [{ kind: 'word', text: word.reveal(), secret: true }];
  if (typeof word === 'object')
    return word
      .map(wordParts)
      .filter(parts => parts.length > 0)
      .flatMap((parts, i) => (i === 0 ? parts : [{ kind: 'code', text: ' ' } as const, ...parts]));
  return [{ kind: 'word', text: String(word), secret: false }];
}

/**
 * Shell code with every `${}` quoted; `Sh` values are spliced as they are, arrays become several words. The text is
 * raw: `\n` in the source is what sh reads.
 */
export function sh(strings: TemplateStringsArray, ...words: Word[]): Sh {
  return Sh.of(strings.raw, words);
}

/** Scripts one a line; what is false or undefined is left out. */
sh.lines = (...scripts: (Sh | undefined | false)[]): Sh =>
  Sh.join(
    scripts.filter((s): s is Sh => s instanceof Sh && !s.empty),
    '\n',
  );

/** The whole script as one quoted word, for a function that will `eval` it. */
sh.quoted = (script: Sh): Sh => Sh.quoted(script);

/** Code that a user wrote to be run as code (the shell module); never for a value. */
sh.code = (text: string): Sh => Sh.of([text], []);

/** Marks a word as secret: it is sent, never shown. Not for arguments of programs on the host, which `ps` shows. */
export function secret(text: string): SecretWord {
  return new SecretWord(text);
}

/** A word that becomes the path of a private temporary file on the host holding these bytes, gone after the frame. */
export function put(content: Uint8Array | string | Stream): Put {
  return new Put(typeof content === 'string' ? Buffer.from(content) : content);
}

/** The same for a function that takes it by `tp_take`: what is large is read from the frame's own channel. */
export function feed(content: Uint8Array | Stream): Put {
  return new Put(content, true);
}

/** One word for a POSIX sh: any string without NUL comes out of the shell as it went in. */
export function quote(text: string): string {
  if (text.includes('\0')) throw new Error('internal: a NUL byte cannot be a shell word');
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(text) && !text.startsWith('=') ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A printf command that writes exactly these bytes. Octal where they are not plain text: all three shells agree on it. */
function printfOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.includes('\0') && Buffer.from(text).equals(bytes)) return `printf %s ${quote(text)}`;
  let format = '';
  for (const byte of bytes) {
    // not %, ' and \; nor -, which at the start would make an option of it
    const plain = byte >= 32 && byte < 127 && ![37, 39, 45, 92].includes(byte);
    format += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `printf '${format}'`;
}

function unreachable(part: never): never {
  throw new Error(`internal: unknown part ${String(part)}`);
}
