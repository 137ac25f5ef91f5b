/** A web request that the controller makes through the connection to the host, where that has nothing to make it with. */
export interface RelayRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly login?: { readonly user: string; readonly password: string; readonly atOnce: boolean } | undefined;
  readonly body: Uint8Array;
  /** A socket of the host, instead of the address's host and port. */
  readonly socket?: string | undefined;
  readonly insecure: boolean;
  readonly ciphers?: string | undefined;
  readonly follow: boolean;
  /** Names of headers that are left out after a redirect. */
  readonly unredirected: readonly string[];
  /** Longest silence. */
  readonly timeoutMs: number;
}

/** Why the controller cannot make it in the host's place: what to do instead. */
export interface RelayRefusal {
  readonly refused: string;
}

/**
 * With the address behind it the name under which `Locals` hold what the controller was answered: the files `head` and `body`, and as
 * path the address that answered.
 */
export const RELAYED = '\0relayed ';
