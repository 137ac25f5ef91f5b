/** What the [client] section of an option file of MySQL says; other sections and !include are passed over. */
export function clientOptions(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/).map(l => l.trim())) {
    const [, name] = /^\[\s*(.+?)\s*\]/.exec(line) ?? [];
    if (name !== undefined) section = name;
    if (name !== undefined || section !== 'client' || /^([#;!]|$)/.test(line)) continue;
    const [key = '', value = ''] = line.split(/=(.*)/s);
    found.set(key.trim().replaceAll('_', '-'), unquoted(value.trim()));
  }
  return found;
}

function unquoted(value: string): string {
  const [, , inner] = /^(["'])(.*)\1$/s.exec(value) ?? [];
  return inner ?? value.replace(/\s+#.*$/, '');
}
