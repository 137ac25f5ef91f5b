/** Where our answer differs from ansible-core 2.14 on purpose: the source and our answer, with the reason. */
export const MEANT: ReadonlyMap<string, string> = new Map<string, string>([
  // A JavaScript number could only be wrong here: an error rather than that.
  ['big + 1', 'error: the result is too large to be exact (beyond 2^53)'],
  // A condition is an expression already, so braces in it are refused, even in a text.
  ["'{{}}'.format()", 'error: does not compile: this is an expression already, braces do not belong into it'],
  // A test always answers true or false: a condition must be boolean.
  ["{'failed': 'yes'} is failed", 'True'],
  // Filters and arguments that came after ansible-core 2.14.
  ["'a.b.c' | regex_replace('\\\\.', '-', count=1)", "'a-b.c'"],
  ["'a/b/../c' | normpath", "'a/c'"],
  ["'/a/./b//c/' | normpath", "'/a/b/c'"],
  ["['/a/b/c', '/a/b/d'] | commonpath", "'/a/b'"],
]);
