/** What a `--vault-id` asks for. */
export interface VaultId {
  /** Undefined where none is written: then it is `default`. */
  readonly label: string | undefined;
  /** `prompt`: ask; otherwise the path of a file or script. */
  readonly source: 'prompt' | { readonly path: string };
}

const PROMPTS = ['prompt', 'prompt_ask_vault_pass'];

/** Reads `label@source` or a source alone, as Ansible: the label ends at the first `@`. */
export function readVaultId(text: string): VaultId {
  const at = text.indexOf('@');
  const label = at > 0 ? text.slice(0, at) : undefined;
  const source = text.slice(at + 1);
  return { label, source: PROMPTS.includes(source) ? 'prompt' : { path: source } };
}

/** Whether a password script takes `--vault-id`, as Ansible: its name without its ending ends in `-client`. */
export function isClientScript(path: string): boolean {
  return /-client(\.[^./]*)?$/.test(path);
}
