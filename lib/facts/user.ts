import { sh } from '../shell/sh.ts';
import type { Fact } from './fact.ts';

/** The user that tasks run as. */
export const user: Fact = {
  name: 'user',
  subset: 'min',
  files: ['/proc/self/status'],
  probe: sh`tp_own_user`,
  parse(seen) {
    const ids = (key: string) =>
      new RegExp(`^${key}:\\s+(\\d+)\\s+(\\d+)`, 'm')
        .exec(seen.file('/proc/self/status') ?? '')
        ?.slice(1)
        .map(Number);
    const [realUser, effectiveUser] = ids('Uid') ?? [];
    const [realGroup, effectiveGroup] = ids('Gid') ?? [];
    const [name, , , gid, gecos, home, shell] = (seen.out.split('\n')[0] ?? '').split(':');
    return {
      user_id: name ?? '',
      user_uid: realUser,
      user_gid: gid === undefined || gid === '' ? realGroup : Number(gid),
      user_gecos: gecos ?? '',
      user_dir: home ?? '',
      user_shell: shell ?? '',
      real_user_id: realUser,
      effective_user_id: effectiveUser,
      real_group_id: realGroup,
      effective_group_id: effectiveGroup,
    };
  },
};
