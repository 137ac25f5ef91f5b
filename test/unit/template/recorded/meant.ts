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
  // A JavaScript number could only be wrong beyond 2^53: an error rather than that.
  ['10 ** 16', 'error: the result is too large to be exact (beyond 2^53)'],
  ['2 ** 53', 'error: the result is too large to be exact (beyond 2^53)'],
  ['2 ** 63', 'error: the result is too large to be exact (beyond 2^53)'],
  ['2 ** 64', 'error: the result is too large to be exact (beyond 2^53)'],
  ['9007199254740993', 'error: does not compile: the number is too large to be exact'],
  ['1e22 | int', 'error: the number is too large to be exact (beyond 2^53)'],
  ['1e21 | int | string', 'error: the number is too large to be exact (beyond 2^53)'],
  ["'1Z' | human_to_bytes", 'error: the result is too large to be exact (beyond 2^53)'],
  // There are no bytes: texts are Unicode, and b64encode and to_json take them as they are.
  ["'abc'.encode()", 'error: a str has no attribute "encode"'],
  ["'abc'.encode('utf-8')", 'error: a str has no attribute "encode"'],
  ["'é'.encode('utf-8')", 'error: a str has no attribute "encode"'],
  ["'abc'.encode('utf-8').decode()", 'error: a str has no attribute "encode"'],
  ["(255).to_bytes(2, 'big')", 'error: a int has no attribute "to_bytes"'],
  ["'a: !!binary aGk=' | from_yaml", 'error: from_yaml knows no tag "tag:yaml.org,2002:binary"'],
  ["'/w==' | b64decode", 'error: the decoded bytes are not UTF-8 text'],
  // No attributes of numbers, no dunder methods: nothing that only Python programs use.
  ["'abc'.translate({97: 'x'})", 'error: a str has no attribute "translate"'],
  ["'abc'.__len__()", 'error: a str has no attribute "__len__"'],
  ['(10).real', 'error: a int has no attribute "real"'],
  ['(10).imag', 'error: a int has no attribute "imag"'],
  ['(10).numerator', 'error: a int has no attribute "numerator"'],
  ['(10).denominator', 'error: a int has no attribute "denominator"'],
  ['(10).conjugate()', 'error: a int has no attribute "conjugate"'],
  ['(2.5).as_integer_ratio()', 'error: a float has no attribute "as_integer_ratio"'],
  ['(2.5).hex()', 'error: a float has no attribute "hex"'],
  ['(3.5).real', 'error: a float has no attribute "real"'],
  ["('2023-01-15 10:30:00' | to_datetime).timetuple()", 'error: a datetime has no attribute "timetuple"'],
  // What Python gives as a view or a range is a list here: it prints, compares and is indexed as one.
  ['d.keys()[0]', "'b'"],
  ['d.items()[0]', "('b', 2)"],
  ["d.keys() == ['b', 'a', 'c']", 'True'],
  ['range(3) == [0, 1, 2]', 'True'],
  ['range(3) | string', "'[0, 1, 2]'"],
  ['range(1, 5) | string', "'[1, 2, 3, 4]'"],
  ['range(1, 9, 2) | string', "'[1, 3, 5, 7]'"],
  ['range(3) | to_json', "'[0, 1, 2]'"],
  ['d.keys() | to_json', `'["b", "a", "c"]'`],
  ['range(2) | to_yaml', "'[0, 1]\\n'"],
  // Keys are texts, whole numbers, bools and None.
  ['{(1, 2): 3}', 'error: a tuple cannot be the key of a dict'],
  ["{1.5: 'x'}", 'error: a float cannot be the key of a dict'],
  ['{1: 2, none: 3, true: 4, 1.5: 6} | to_json', 'error: a float cannot be the key of a dict'],
  ['{1: 1, 2.5: 2, true: 3, none: 4} | to_nice_yaml', 'error: a float cannot be the key of a dict'],
  ["'1: a\\n2.5: b\\ntrue: c\\nnull: d' | from_yaml", 'error: a float cannot be the key of a dict'],
  // There is no Markup: a text is never escaped twice by itself, nothing is escaped unasked.
  ["('a' | escape) is escaped", 'False'],
  ["'<a>' | safe | escape", "'&lt;a&gt;'"],
  ["'<a>' | escape | escape", "'&amp;lt;a&amp;gt;'"],
  ["('<a>' | escape) + '<b>'", "'&lt;a&gt;<b>'"],
  ["'%s' | escape % '<b>'", "'<b>'"],
  ["('%s' | escape) | format('<b>')", "'<b>'"],
  // Names of arguments that Python only takes by their place.
  ["'aaa'.replace('a', 'b', count=2)", "'bba'"],
  ["d.get('a', default=5)", '1'],
  // Dates in YAML are texts.
  ["'a: 2001-01-01' | from_yaml | to_yaml", `"{a: '2001-01-01'}\\n"`],
  // Not supported, an error.
  [`{'a': 'x'} | to_yaml(default_style='"')`, 'error: the filter "to_yaml" has no option "default_style"'],
  [
    "'pass' | password_hash('blowfish', '1234567890123456789012')",
    'error: the filter "password_hash" makes no bcrypt hashes',
  ],
  [
    "'pass' | password_hash('bcrypt', '1234567890123456789012')",
    'error: the filter "password_hash" makes no bcrypt hashes',
  ],
  ["'abc' | regex_replace('(?i:B)', '!')", 'error: the regular expression holds "(?i:", which is not supported'],
  ["'aaa' | regex_replace('a*+', 'b')", 'error: the regular expression cannot be read: Nothing to repeat'],
  // As later versions of Ansible: the options alone are enough.
  ["query('sequence', start=1, end=3)", "['1', '2', '3']"],
  ["query('sequence', count=3)", "['1', '2', '3']"],
  // An undefined value inside is an error.
  ["{'b': none, 'a': 1.0, 'c': undefined_var} | pprint", 'error: "undefined_var" is not defined'],
  // A test always answers true or false: a condition must be boolean.
  ["{'skipped': 1} is skipped", 'True'],
]);
