import { type Goal, type Sh, sh } from '../../module.ts';
import { hasMarks, hostPath, normalMode, setAttributes } from './attributes.ts';
import type { FileArgs } from './file-args.ts';
import { probeTimesBelow, setTimes, setTimesBelow, timesBelowGoal, timesGoal } from './file-times.ts';

/** How a directory shall be beside its own attributes: its times, and with recurse all below it. */
export function folderGoal(a: FileArgs): Goal {
  if (!a.recurse) return timesGoal(a);
  return { ...timesBelowGoal(a), differing_below: setAttributes(a) === undefined ? undefined : '0' };
}

/** Makes it, and sets what is asked for, with recurse of all below it too. */
export function makeFolder(a: FileArgs): Sh {
  const path = hostPath(a.path);
  const set = setAttributes(a);
  const words = [a.owner ?? '', a.group ?? '', normalMode(a.mode) ?? ''];
  const times = a.recurse ? setTimesBelow(path, a.follow, a) : setTimes(path, a);
  // a flag like +i, once it is set, forbids to set times
  const first = hasMarks(a) && times;
  return sh.lines(
    sh`tp_mkdir ${[words, path]}`,
    first,
    set && sh`${set} ${path}`,
    a.recurse && set && sh`tp_below ${[a.follow && '-L', '-s', path, words]}`,
    !first && times,
  );
}

/** Prints those keys of folderGoal that are about what is below. */
export function probeBelow(a: FileArgs, want: readonly string[]): Sh {
  const path = hostPath(a.path);
  const words = [a.owner ?? '', a.group ?? '', normalMode(a.mode) ?? ''];
  return sh.lines(
    want.includes('differing_times') && probeTimesBelow(path, a.follow, a),
    want.includes('differing_below') &&
      sh`tp_below ${[a.follow && '-L', path, words]} && tp_kv differing_below "$tp_below"`,
  );
}
