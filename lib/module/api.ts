import type { ArgsOf, ArgsSchema, LocalNeed, Locals, ModuleBase, State, Values } from '../module.ts';
import type { MailRequest, Refused } from './mail.ts';

/** State behind an HTTP API, looked at and changed by requests that go out from the host. */
export interface ApiModule<S extends ArgsSchema = ArgsSchema> extends ModuleBase<S> {
  readonly kind: 'api';
  needs?(args: ArgsOf<S>): readonly LocalNeed[];
  /**
   * Looks (its requests may change nothing) and says what is missing. Called again after the steps ran: they must then be
   * none, or the task has not converged. Rejects with ApiFault.
   */
  plan(args: ArgsOf<S>, api: Api, local: Locals): Promise<ApiPlan>;
}

export interface ApiPlan {
  readonly before: State;
  readonly after: State;
  /** Empty when the state is right. */
  readonly steps: readonly ApiStep[];
  /** The steps are a command, not steps to a state: no second look. */
  readonly command?: true;
  /** What the steps do is no change (a mail). */
  readonly quiet?: true;
  /** Whether it is a change cannot be said without doing it: why not. A dry run shows that as unknown. */
  readonly unsure?: string;
  readonly values?: Values;
}

export interface ApiStep {
  /** What it does, for error messages: `upload the package`. */
  readonly what: string;
  /** Gives further values of `register`. Rejects with ApiFault. */
  run(api: Api): Promise<Values>;
}

/** Requests from the managed host. */
export interface Api {
  /** Rejects with ApiFault. */
  ask(request: ApiRequest): Promise<ApiAnswer>;
  wait(ms: number): Promise<void>;
  /** Hands over a mail. Rejects with ApiFault when nobody gets it. */
  mail(request: MailRequest): Promise<Refused>;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** http or https, as the host sees it. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Takes any certificate. */
  readonly insecure?: boolean;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/**
 * `refused`: nobody answers there; `lost`: the answer broke off; `answer`: it says no; `pending`: something is missing that a
 * task before may have made. What a dry run cannot know: the first and the last.
 */
export type ApiFaultKind = 'refused' | 'lost' | 'answer' | 'pending';

export class ApiFault extends Error {
  readonly kind: ApiFaultKind;
  constructor(kind: ApiFaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
