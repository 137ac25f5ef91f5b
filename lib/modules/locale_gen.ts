import { defineConverge, sh } from '../module.ts';

export default defineConverge({
  name: 'locale_gen',
  doc: 'Makes locales and takes them away, by /etc/locale.gen and locale-gen (Debian and its kin, package locales).',
  args: {
    properties: {
      name: {
        type: 'array',
        items: { type: 'string' },
        description: 'Locales with their encoding: de_CH.UTF-8, de_DE@euro; one or a list.',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether the host shall have them.',
      },
    },
    required: ['name'],
  },
  examples: `
- locale_gen: { name: de_CH.UTF-8 }
- locale_gen: { name: [fr_FR.UTF-8, it_IT.UTF-8], state: absent }
`,
  returns: { name: 'The locales.' },

  check(a) {
    if (a.name.length === 0) return 'name is empty: give a locale like de_CH.UTF-8';
    const odd = a.name.find(name => !/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9-]+)?(@[A-Za-z]+)?$/.test(name));
    return odd === undefined ? undefined : `"${odd}" cannot be the name of a locale: it is like de_CH.UTF-8`;
  },

  goal: a => ({ locales: a.state }),
  probe: a => sh`tp_locales ${a.state} ${a.name.map(name => [name, pattern(name), listed(name)])}`,

  // locale-gen makes all that the file has and forgets what else there was
  apply: a =>
    sh.lines(
      sh`tp_has locale-gen || tp_error 'this host has no locale-gen: install the package locales (Debian); on EL install glibc-langpack-LANGUAGE by dnf'`,
      ...a.name.map(name => sh`tp_locale_gen ${a.state} ${pattern(name)} ${name}`),
      sh`locale-gen`,
    ),
  values: a => ({ name: a.name.length === 1 ? a.name[0] : a.name, state: a.state }),
});

/** A name as `locale -a` lists it: de_CH.utf8. */
function listed(name: string): string {
  return name.replace(/\.([^@]+)/, (_, code: string) => `.${code.toLowerCase().replaceAll('-', '')}`);
}

/** The name in /etc/locale.gen, whatever way its encoding is written. */
function pattern(name: string): string {
  const [, language = '', code, modifier = ''] = /^([^.@]+)(?:\.([^@]+))?(@.+)?$/.exec(name) ?? [];
  if (code === undefined) return `${language}${modifier}`;
  const letters = [...code.replaceAll('-', '')].map(c =>
    /[a-z]/i.test(c) ? `[${c.toLowerCase()}${c.toUpperCase()}]` : c,
  );
  return `${language}[.]${letters.join('-*')}${modifier}`;
}
