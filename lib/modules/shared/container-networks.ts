import { type Sh, sh } from '../../module.ts';
import { at, dictAt, type Inspected, textAt, textsAt } from './container-option.ts';

export interface NetworkArgs {
  readonly name: string;
  readonly networks?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly networks_cli_compatible: boolean;
  readonly network_mode?: string | undefined;
  readonly purge_networks: boolean;
}

/** Networks to join and to leave, beside what `create` does. */
export interface NetworkChanges {
  readonly join: readonly Readonly<Record<string, unknown>>[];
  readonly leave: readonly string[];
}

/** As `docker run`: the first network is the one that the container is made in. */
export function firstNetwork(a: NetworkArgs): Readonly<Record<string, unknown>> | undefined {
  return a.networks_cli_compatible && a.network_mode === undefined ? a.networks?.[0] : undefined;
}

/** What is to be joined after the container was made. */
export function furtherNetworks(a: NetworkArgs): readonly Readonly<Record<string, unknown>>[] {
  const list = a.networks ?? [];
  if (firstNetwork(a) !== undefined) return list.slice(1);
  return list.filter(n => n['name'] !== a.network_mode);
}

/** What a container that is there lacks or has too many of. */
export function networkChanges(a: NetworkArgs, container: Inspected, strict: boolean): NetworkChanges {
  const has = dictAt(container, 'NetworkSettings.Networks');
  const wanted = a.networks ?? [];
  const wrong = wanted.filter(n => !fits(n, has[textAt(n, 'name')]));
  const spare = strict ? Object.keys(has).filter(name => !wanted.some(n => textAt(n, 'name') === name)) : [];
  return { join: wrong, leave: [...wrong.map(n => textAt(n, 'name')).filter(name => name in has), ...spare] };
}

function fits(want: Readonly<Record<string, unknown>>, is: unknown): boolean {
  if (is === undefined) return false;
  const address = (wanted: string, ...paths: readonly string[]) =>
    textAt(want, wanted) === '' || paths.some(path => textAt(is, path) === textAt(want, wanted));
  const aliases = [...textsAt(is, 'Aliases'), ...textsAt(is, 'DNSNames')];
  return (
    textsAt(want, 'aliases').every(alias => aliases.includes(alias)) &&
    address('ipv4_address', 'IPAMConfig.IPv4Address', 'IPAddress') &&
    address('ipv6_address', 'IPAMConfig.IPv6Address', 'GlobalIPv6Address')
  );
}

/** Flags of `create` and of `network connect` for one network. */
export function networkFlags(n: Readonly<Record<string, unknown>>, at: 'create' | 'connect'): readonly string[] {
  return [
    ...(at === 'create' ? [`--network=${textAt(n, 'name')}`] : []),
    ...textsAt(n, 'aliases').map(alias => `--${at === 'create' ? 'network-alias' : 'alias'}=${alias}`),
    ...(textAt(n, 'ipv4_address') === '' ? [] : [`--ip=${textAt(n, 'ipv4_address')}`]),
    ...(textAt(n, 'ipv6_address') === '' ? [] : [`--ip6=${textAt(n, 'ipv6_address')}`]),
    ...textsAt(n, 'links').map(link => `--link=${link}`),
  ];
}

/** Joins and leaves, "$@" being the command. */
export function networkCode({ join, leave }: NetworkChanges, container: string): Sh {
  return sh.lines(
    ...leave.map(name => sh`"$@" network disconnect ${name} ${container}`),
    ...join.map(n => sh`"$@" network connect ${networkFlags(n, 'connect')} ${textAt(n, 'name')} ${container}`),
  );
}

/** What is wrong with the networks, as a sentence. */
export function networkFault(a: NetworkArgs): string | undefined {
  const nameless = (a.networks ?? []).some(n => typeof at(n, 'name') !== 'string' || textAt(n, 'name') === '');
  return nameless ? 'networks: each has a "name"' : undefined;
}
