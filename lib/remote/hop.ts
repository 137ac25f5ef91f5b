/** One SSH login with everything decided: from inventory variables, ssh_config and defaults. */
export interface Hop {
  /** inventory_hostname, for messages. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string | undefined;
  /** Named by the inventory: must exist. */
  readonly keyFile?: string | undefined;
  /** Named by ssh_config, or the usual ones of ~/.ssh: tried where they exist. */
  readonly moreKeyFiles: readonly string[];
  readonly passphrase?: string | undefined;
  /** True when keys of the agent that are in none of the files are not offered. */
  readonly identitiesOnly: boolean;
  /** The agent's socket when it is not the usual one; '' for no agent. */
  readonly agent?: string | undefined;
  readonly connectTimeoutMs: number;
  readonly retries: number;
  readonly hostKeys: 'strict' | 'accept-new' | 'off';
  readonly knownHostsFiles: readonly string[];
  /** The host to go through, which may itself be reached through another. */
  readonly via?: Hop | undefined;
}

/** A hop for messages: `web1 (deploy@10.0.0.1 port 22)`. */
export function whereIs(hop: Hop): string {
  return `${hop.name} (${hop.user}@${hop.address} port ${hop.port})`;
}

/** What makes two hops the same connection. */
export function hopKey(hop: Hop): string {
  const { name, address, port, user, keyFile, hostKeys, knownHostsFiles, via } = hop;
  return JSON.stringify([name, address, port, user, keyFile, hostKeys, knownHostsFiles, via && hopKey(via)]);
}
