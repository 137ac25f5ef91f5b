import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request of the client: when it began and ended (milliseconds since 1970), and the fault where it failed. */
export interface Asked {
  readonly began: number;
  readonly ended: number;
  readonly fault?: string;
  readonly text: string;
}

/** Asks a URL again and again, several requests at once, each on a connection of its own, until it is stopped. */
export class Client {
  readonly asked: Asked[] = [];
  readonly #url: string;
  readonly #workers: readonly Promise<void>[];
  #on = true;

  constructor(url: string, workers = 4) {
    this.#url = url;
    this.#workers = Array.from({ length: workers }, () => this.#work());
  }

  async stop(): Promise<readonly Asked[]> {
    this.#on = false;
    await Promise.all(this.#workers);
    return this.asked;
  }

  async #work(): Promise<void> {
    while (this.#on) {
      const began = Date.now();
      const { fault, text } = await ask(this.#url);
      this.asked.push({ began, ended: Date.now(), text, ...(fault !== undefined && { fault }) });
      await sleep(fault === undefined ? 10 : 100);
    }
  }
}

function ask(url: string): Promise<{ readonly fault?: string; readonly text: string }> {
  return new Promise(resolve => {
    const request = get(url, { agent: false, timeout: 15_000 }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', part => (text += part));
      response.on('error', error => resolve({ fault: error.message, text }));
      response.on('end', () =>
        resolve(response.statusCode === 200 ? { text } : { fault: `status ${response.statusCode}`, text }),
      );
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 15 s')));
    request.on('error', error => resolve({ fault: error.message, text: '' }));
  });
}
