/** A text in bytes of an encoding, and back. */
export interface Encoding {
  /** The bytes; undefined when a character has no place in it, which `stray` names. */
  encode(text: string): Buffer | undefined;
  decode(bytes: Uint8Array): string | undefined;
  stray(text: string): string | undefined;
}

/** An encoding by the names Python has for it; undefined for one that is not known here. */
export function encodingOf(name: string): Encoding | undefined {
  const plain = name.toLowerCase().replaceAll('_', '-').replaceAll(' ', '-');
  const unicode = UNICODE[plain];
  if (unicode !== undefined) return unicodeEncoding(unicode);
  if (/^(us-)?ascii$|^646$/.test(plain)) return table(bytes => bytes.map(b => (b < 0x80 ? b : -1)));
  // not what browsers mean by it: they take windows-1252
  if (/^(latin-?1|l1|iso-?8859-1|8859|cp819)$/.test(plain)) return table(bytes => [...bytes]);
  if (/^(cp-?|windows-)1252$/.test(plain)) return table(bytes => bytes.map(cp1252));
  const label = plain.replace(/^cp-?(125\d)$/, 'windows-$1').replace(/^iso-?8859-?(\d+)$/, 'iso-8859-$1');
  if (!/^(windows-125[013-8]|iso-8859-\d+|koi8-[ru]|ibm866|cp866|macintosh)$/.test(label)) return undefined;
  return decoderTable(label.replace('cp866', 'ibm866'));
}

/** What is wrong with the name of an encoding, as a sentence. */
export function encodingFault(argument: string, name: string): string | undefined {
  return encodingOf(name) === undefined
    ? `${argument} "${name}" is not known here: write utf-8, utf-16, utf-32, ascii, latin-1, iso-8859-N, cp125N, koi8-r or cp866`
    : undefined;
}

/** Its bytes 80 to 9f, a space where there is none: the decoders of some versions of Node take it for latin-1. */
const CP1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

function cp1252(byte: number): number {
  const point = byte >> 5 === 4 ? CP1252.charCodeAt(byte - 0x80) : byte;
  return point === 0x20 && byte !== 0x20 ? -1 : point;
}

interface Unicode {
  readonly width: 1 | 2 | 4;
  readonly big?: true;
  /** Begins with a byte order mark. */
  readonly mark?: true;
}

const UNICODE: Readonly<Record<string, Unicode>> = {
  'utf-8': { width: 1 },
  utf8: { width: 1 },
  u8: { width: 1 },
  'utf-8-sig': { width: 1, mark: true },
  'utf-16': { width: 2, mark: true },
  utf16: { width: 2, mark: true },
  'utf-16-le': { width: 2 },
  'utf-16le': { width: 2 },
  'utf-16-be': { width: 2, big: true },
  'utf-16be': { width: 2, big: true },
  'utf-32': { width: 4, mark: true },
  utf32: { width: 4, mark: true },
  'utf-32-le': { width: 4 },
  'utf-32-be': { width: 4, big: true },
};

function unicodeEncoding(u: Unicode): Encoding {
  const encode = (text: string) => {
    const marked = u.mark ? `\uFEFF${text}` : text;
    if (u.width === 1) return Buffer.from(marked, 'utf8');
    if (u.width === 2) {
      const bytes = Buffer.from(marked, 'utf16le');
      return u.big ? bytes.swap16() : bytes;
    }
    const points = [...marked].map(c => c.codePointAt(0) ?? 0);
    const bytes = Buffer.alloc(points.length * 4);
    points.forEach((point, i) => (u.big ? bytes.writeUInt32BE(point, i * 4) : bytes.writeUInt32LE(point, i * 4)));
    return bytes;
  };
  const decode = (bytes: Uint8Array) => {
    const text = decodeUnicode(Buffer.from(bytes), u);
    return u.mark ? text?.replace(/^\uFEFF/, '') : text;
  };
  return { encode, decode, stray: () => undefined };
}

function decodeUnicode(bytes: Buffer, u: Unicode): string | undefined {
  if (bytes.length % u.width !== 0) return undefined;
  // a mark that says otherwise is stronger than what is usual
  const big = u.big === true || (u.mark === true && bytes[0] === (u.width === 2 ? 0xfe : 0) && bytes.length > 0);
  if (u.width === 1) {
    const text = bytes.toString('utf8');
    return Buffer.from(text).equals(bytes) ? text : undefined;
  }
  if (u.width === 2) return (big ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
  const points = Array.from({ length: bytes.length / 4 }, (_, i) =>
    big ? bytes.readUInt32BE(i * 4) : bytes.readUInt32LE(i * 4),
  );
  return points.some(p => p > 0x10ffff) ? undefined : String.fromCodePoint(...points);
}

/** An encoding of one byte a character: the code points of the bytes 0 to 255, -1 where there is none. */
function table(points: (bytes: number[]) => readonly number[]): Encoding {
  const byByte = points(Array.from({ length: 256 }, (_, b) => b));
  const byPoint = new Map(byByte.flatMap((point, byte) => (point < 0 ? [] : [[point, byte] as const])));
  const stray = (text: string) => [...text].find(c => !byPoint.has(c.codePointAt(0) ?? 0));
  return {
    stray,
    encode: text =>
      stray(text) === undefined ? Buffer.from([...text].map(c => byPoint.get(c.codePointAt(0) ?? 0) ?? 0)) : undefined,
    decode(bytes) {
      if (bytes.some(b => (byByte[b] ?? -1) < 0)) return undefined;
      return Array.from(bytes, b => String.fromCodePoint(byByte[b] ?? 0)).join('');
    },
  };
}

function decoderTable(label: string): Encoding | undefined {
  const decoder = decoderOf(label);
  if (decoder === undefined) return undefined;
  return table(bytes =>
    bytes.map(b => {
      try {
        return decoder.decode(Uint8Array.of(b)).codePointAt(0) ?? -1;
      } catch {
        return -1; // that byte stands for nothing
      }
    }),
  );
}

function decoderOf(label: string) {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    return undefined; // iso-8859-99
  }
}
