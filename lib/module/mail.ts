/** A message and how it is handed over, seen from the managed host. */
export interface MailRequest {
  readonly host: string;
  readonly port: number;
  /** `always`: TLS from the start; `starttls`: by STARTTLS; `try`: whichever the server has; `never`: none. */
  readonly secure: 'always' | 'never' | 'starttls' | 'try';
  readonly login?: { readonly user: string; readonly password: string } | undefined;
  /** The name given to the server; the host's own unless told. */
  readonly ehlo?: string | undefined;
  readonly timeoutMs: number;
  readonly from: string;
  readonly to: readonly string[];
  /** Files of the host that the message holds. */
  readonly files: readonly string[];
  /** The whole message, made of their bytes. */
  message(files: readonly Uint8Array[]): Uint8Array;
}

/** Recipients that the server refused, with its code and words. */
export type Refused = Readonly<Record<string, readonly [number, string]>>;
