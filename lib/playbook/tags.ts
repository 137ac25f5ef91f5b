/** What -t and --skip-tags ask for. */
export interface TagChoice {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/**
 * Whether a task with these tags runs. As Ansible: untagged tasks carry "untagged"; `always` runs unless skipped by
 * name, `never` only when one of its tags is asked for.
 */
export function tagged(tags: readonly string[], choice: TagChoice): boolean {
  const only = choice.only.length === 0 ? ['all'] : choice.only;
  const own = tags.length === 0 ? ['untagged'] : tags;
  const shares = (list: readonly string[]) => list.some(t => own.includes(t));
  const never = own.includes('never');
  // As Ansible: a task may be given the tag "untagged", and is untagged then.
  const isTagged = own.some(t => t !== 'untagged');
  const runs =
    own.includes('always') ||
    (only.includes('all') && !never) ||
    shares(only) ||
    (only.includes('tagged') && isTagged && !never);
  if (!runs) return false;
  const { skip } = choice;
  if (skip.includes('all') && (!own.includes('always') || skip.includes('always'))) return false;
  return !(shares(skip) || (skip.includes('tagged') && isTagged));
}
