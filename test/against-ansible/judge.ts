import { diffArrays } from 'diff';
import { type Case, type Lines, type Recorded, readRecorded } from './cases.ts';

export interface Verdict {
  readonly kind: 'equal' | 'meant' | 'other';
  /** Of an `other` difference: what is wrong, lines of it with `-` as expected and `+` as it is. */
  readonly why: readonly string[];
}

/** Compares what both tools did, and both with what was recorded, where something was. */
export function judge(given: Case, ran: { ansible: Lines; tplay: Lines }, recorded: Recorded | undefined): Verdict {
  const stale = recorded === undefined ? [] : staleness(given, ran.ansible, recorded);
  if (stale.length > 0) return { kind: 'other', why: stale };
  const difference = compare(ran.ansible, withoutWords(ran.tplay));
  const says = ran.tplay.filter(isWords);
  if (given.meant === undefined)
    return difference.length === 0 ? { kind: 'equal', why: [] } : { kind: 'other', why: [...difference, ...says] };
  if (difference.length === 0) return { kind: 'other', why: [`"${given.meant}" is no difference any more`] };
  const changed = recorded?.tplay === undefined ? [] : compare(recorded.tplay, ran.tplay);
  return { kind: changed.length === 0 ? 'meant' : 'other', why: changed };
}

/** What is wrong with what tplay did, by what was recorded. */
export function againstRecord(given: Case, tplay: Lines): readonly string[] {
  const recorded = readRecorded(given.feature)[given.title];
  if (recorded === undefined) return ['not recorded: npm run test:ansible -- --record'];
  return judge(given, { ansible: recorded.ansible, tplay }, recorded).why;
}

function staleness(given: Case, ansible: Lines, recorded: Recorded): readonly string[] {
  if (recorded.case !== given.hash) return ['the case has changed since it was recorded'];
  const difference = compare(recorded.ansible, ansible);
  return difference.length === 0 ? [] : ['ansible-playbook differs from what was recorded of it', ...difference];
}

/** What tplay says when it refuses is pinned where the difference is meant; Ansible has words of its own. */
function withoutWords(lines: Lines): Lines {
  return lines.filter(line => !isWords(line));
}

const isWords = (line: string) => line.startsWith('says ');

/** The lines that differ, in order. */
export function compare(expected: Lines, actual: Lines): readonly string[] {
  return diffArrays([...expected], [...actual]).flatMap(part => {
    if (part.added) return part.value.map(line => `+ ${line}`);
    return part.removed ? part.value.map(line => `- ${line}`) : [];
  });
}
