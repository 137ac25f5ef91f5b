import type { HostDoor, Lost, Reply, Sh } from '../../module.ts';

export interface Waits {
  /** Longest time for all tries, in milliseconds. */
  readonly limitMs: number;
  readonly connectMs?: number | undefined;
  /** Milliseconds between two tries; longer and longer, up to 5 s, unless told. */
  readonly pauseMs?: number;
  /** The host goes away while it is waited for. */
  readonly restarts: boolean;
  is(reply: Reply): boolean;
}

/** One question may not take for ever: a host that goes down may answer nothing, and not close the connection either. */
const ANSWER_MS = 10_000;

/** Asks again and again until the answer is right: undefined, or the last answer when the time is over. */
export async function comesBack(host: HostDoor, question: Sh, waits: Waits): Promise<Reply | Lost | undefined> {
  const end = host.now() + waits.limitMs;
  for (let pause = waits.pauseMs ?? 500; ; pause = waits.pauseMs ?? Math.min(pause * 2, 5000)) {
    const left = Math.max(1000, end - host.now());
    const timeoutMs = Math.min(left, Math.max(ANSWER_MS, waits.connectMs ?? 0));
    const connectMs = Math.min(left, waits.connectMs ?? ANSWER_MS);
    const answer = await host.ask(question, { connectMs, timeoutMs });
    if (!('lost' in answer) && waits.is(answer)) return undefined;
    if ('lost' in answer) {
      // another key than the known one: waiting is no use
      if (answer.phase === 'host-key') return answer;
      await host.drop({ restarts: waits.restarts });
    }
    const rest = end - host.now();
    if (rest <= 0) return answer;
    await host.sleep(Math.min(pause, rest));
  }
}

/** Why the last try was not the right one. */
export function answered(last: Reply | Lost, otherwise: string): string {
  if ('lost' in last) return last.lost;
  const text = last.stderr.trim();
  return text === '' ? otherwise : `${otherwise}: ${text}`;
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
