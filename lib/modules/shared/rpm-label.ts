/** The key of a package among the lines of state, which has no = in it (`tp_rpm_label` says the same on the host). */
export function labelOf(name: string): string {
  const [all, sign = ''] = / ?(>=|<=|=) ?/.exec(name) ?? [''];
  return all === '' ? name : name.replace(all, ` ${{ '>=': '≥', '<=': '≤' }[sign] ?? 'is'} `);
}
