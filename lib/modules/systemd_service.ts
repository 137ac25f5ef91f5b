import { defineExpand } from '../module.ts';
import systemd from './systemd.ts';

/** The module's full name since ansible-core 2.15; `systemd` stays its other name. */
export default defineExpand({
  name: 'systemd_service',
  doc: 'Another name of systemd.',
  args: systemd.args,
  expand: args => ({ module: 'systemd', args }),
});
