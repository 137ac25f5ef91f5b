import { orderText } from '../compare.ts';
import { Failure } from '../error.ts';

const SHAPE =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?\s*$/i;
const STAGES: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 };
const FINAL = 4;

/** A version of PEP 440 as numbers that compare one after the other, and the parts of its local label. */
function parsed(text: string): { release: readonly number[]; rest: readonly number[]; local: readonly string[] } {
  const found = SHAPE.exec(text);
  if (!found) throw new Failure(`"${text}" is not a version of PEP 440`);
  const [, epoch = '0', release = '', stage, stageNumber, bare, post, postNumber, dev, devNumber, local = ''] = found;
  const isDev = dev !== undefined;
  const isPost = bare !== undefined || post !== undefined;
  // 1.0.dev1 comes before 1.0a1, but 1.0.post1.dev1 after 1.0.
  const rank = stage === undefined ? (isDev && !isPost ? 0 : FINAL) : (STAGES[stage.toLowerCase()] as number);
  return {
    release: [
      Number(epoch),
      ...release
        .replace(/(?:\.0+)+$/, '')
        .split('.')
        .map(Number),
    ],
    rest: [
      rank,
      Number(stageNumber ?? 0),
      isPost ? Number(bare ?? postNumber ?? 0) + 1 : 0,
      isDev ? Number(devNumber ?? 0) : Number.MAX_SAFE_INTEGER,
    ],
    local: local === '' ? [] : local.toLowerCase().split(/[-_.]/),
  };
}

function orderNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Numbers of a local label come after its texts; a longer label after its beginning. */
function orderLocal(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] as string, b[i] as string];
    if (x === y) continue;
    const [xNumber, yNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (xNumber && yNumber) return Number(x) - Number(y);
    return xNumber ? 1 : yNumber ? -1 : orderText(x, y);
  }
  return a.length - b.length;
}

/** The order of two versions by PEP 440. Throws Failure for what is none. */
export function orderPep440(a: string, b: string): number {
  const [left, right] = [parsed(a), parsed(b)];
  return (
    orderNumbers(left.release, right.release) ||
    orderNumbers(left.rest, right.rest) ||
    orderLocal(left.local, right.local)
  );
}
