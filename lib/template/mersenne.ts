import { createHash } from 'node:crypto';

const SIZE = 624;
const SHIFT = 397;

/** Python's `random.Random(seed)`: the Mersenne twister MT19937, seeded as Python seeds it by a text or an int. */
export class Mersenne {
  readonly #state = new Uint32Array(SIZE);
  #index = SIZE;

  constructor(seed: string | number) {
    this.#seed(typeof seed === 'number' ? words(BigInt(Math.abs(seed))) : words(textNumber(seed)));
  }

  #simple(seed: number): void {
    const s = this.#state;
    s[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const before = (s[i - 1] as number) ^ ((s[i - 1] as number) >>> 30);
      s[i] = Math.imul(1812433253, before) + i;
    }
  }

  #seed(key: readonly number[]): void {
    const s = this.#state;
    this.#simple(19650218);
    let i = 1;
    let j = 0;
    const mixed = (factor: number) => Math.imul((s[i - 1] as number) ^ ((s[i - 1] as number) >>> 30), factor);
    const step = () => {
      if (++i < SIZE) return;
      s[0] = s[SIZE - 1] as number;
      i = 1;
    };
    for (let k = Math.max(SIZE, key.length); k > 0; k--) {
      s[i] = ((s[i] as number) ^ mixed(1664525)) + (key[j] as number) + j;
      j = (j + 1) % key.length;
      step();
    }
    for (let k = SIZE - 1; k > 0; k--) {
      s[i] = ((s[i] as number) ^ mixed(1566083941)) - i;
      step();
    }
    s[0] = 0x80000000;
  }

  #refill(): void {
    const s = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const y = ((s[i] as number) & 0x80000000) | ((s[(i + 1) % SIZE] as number) & 0x7fffffff);
      s[i] = (s[(i + SHIFT) % SIZE] as number) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }

  /** 32 random bits. */
  next(): number {
    if (this.#index >= SIZE) this.#refill();
    let y = this.#state[this.#index++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A number from 0 to `limit - 1` (up to 2^32), as Python picks it: by bits, again until it is small enough. */
  below(limit: number): number {
    const bits = limit.toString(2).length;
    for (;;) {
      const value = bits > 32 ? this.#wide(bits) : this.next() >>> (32 - bits);
      if (value < limit) return value;
    }
  }

  #wide(bits: number): number {
    const low = this.next();
    return (this.next() >>> (64 - bits)) * 2 ** 32 + low;
  }
}

/** As Python: the bytes of a text and its SHA-512 as one number. */
function textNumber(text: string): bigint {
  const bytes = Buffer.from(text, 'utf8');
  return BigInt(`0x${Buffer.concat([bytes, createHash('sha512').update(bytes).digest()]).toString('hex')}`);
}

function words(number: bigint): number[] {
  const all: number[] = [];
  for (let rest = number; rest > 0n; rest >>= 32n) all.push(Number(rest & 0xffffffffn));
  return all.length > 0 ? all : [0];
}
