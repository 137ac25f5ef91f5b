/** What Ansible has and we do not: the name, and why or what to write instead. */
export type Refusals = Readonly<Record<string, string>>;

const NETWORK = 'addresses are not calculated with: write them out in variables';
const PYTHON = 'it is a Python library of its own';
const TIME = 'multiply the numbers instead';
const HASHIDS = 'its library is not part of tplay';

export const REFUSED: { readonly filters: Refusals; readonly tests: Refusals; readonly lookups: Refusals } = {
  filters: {
    jc: PYTHON,
    hashids_encode: HASHIDS,
    hashids_decode: HASHIDS,
    dict: 'use the function dict(...)',
    from_csv: 'use the lookup csvfile, or split lines and fields',
    to_time_unit: TIME,
    to_seconds: TIME,
    to_minutes: TIME,
    to_hours: TIME,
    to_days: TIME,
    to_weeks: TIME,
    to_months: TIME,
    to_years: TIME,
    to_milliseconds: TIME,
    ...all(
      'ipaddr ipv4 ipv6 ipmath ipsubnet ipwrap ip4_hex hwaddr macaddr slaac nthhost next_nth_usable previous_nth_usable',
      NETWORK,
    ),
    ...all('network_in_network network_in_usable reduce_on_network usable_range cidr_merge', NETWORK),
    ...all('to_xml from_xml validate consolidate param_list_compare', PYTHON),
    ...all('get_path to_paths index_of keep_keys remove_keys replace_keys', 'use extract, dict2items and selectattr'),
  },
  tests: {
    a_module: 'modules are checked before anything runs',
    ...all('in_any_network in_network in_one_network subnet_of supernet_of ip ip_address ipv4 ipv4_address', NETWORK),
    ...all('ipv4_hostmask ipv4_netmask ipv6 ipv6_address ipv6_ipv4_mapped ipv6_sixtofour ipv6_teredo', NETWORK),
    ...all('loopback mac multicast private public reserved resolvable unspecified', NETWORK),
    validate: PYTHON,
  },
  lookups: {
    ...all(
      'bitwarden onepassword onepassword_raw lastpass passwordstore keyring tss',
      'use lookup("pipe", ...) of its own program',
    ),
    ...all('cyberarkpassword credstash chef_databag manifold hiera', 'use lookup("pipe", ...) of its own program'),
    ...all('consul_kv etcd etcd3 redis lmdb_kv shelvefile dsv', 'use lookup("pipe", ...) of its own program'),
    ...all('dig dnstxt', 'use lookup("pipe", "dig +short ...")'),
    ...all('collection_version dependent filetree merge_variables revbitspss', PYTHON),
    ...all('random_pet random_string random_words', 'use the lookup password or the filter random'),
    ...all('get_path to_paths index_of validate', PYTHON),
  },
};

function all(names: string, why: string): Refusals {
  return Object.fromEntries(names.split(' ').map(name => [name, why]));
}
