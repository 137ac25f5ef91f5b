/** What is wrong with the name of a user or group: what useradd would refuse, and what no account file can hold. */
export function accountFault(what: 'user' | 'group', name: string): string | undefined {
  if (name === '') return `the ${what} needs a name`;
  return /^[^-:,/\s\0][^:,/\s\0]*$/.test(name)
    ? undefined
    : `"${name}" cannot be a ${what}'s name: it holds a blank, ":", "," or "/", or begins with "-"`;
}

/** A text as an extended regular expression of grep that matches just it. */
export function literal(text: string): string {
  return text.replace(/[.[\]{}()*+?^$|\\]/g, '\\$&');
}
