import { Float, Secret, type Value } from '../template/values.ts';

/** Has the secret texts and numbers inside a value hidden wherever they would be shown; with `secret` all of them are. */
export function rememberSecrets(value: Value, hide: (text: string) => void, secret = false): void {
  if (value instanceof Secret) rememberSecrets(value.reveal(), hide, true);
  else if (Array.isArray(value)) for (const item of value) rememberSecrets(item, hide, secret);
  else if (value instanceof Map) for (const item of value.values()) rememberSecrets(item, hide, secret);
  else if (secret && (typeof value === 'string' || typeof value === 'number')) hide(String(value));
  else if (secret && value instanceof Float) hide(String(value.value));
}
