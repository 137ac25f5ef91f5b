import { rpmModule } from './shared/rpm.ts';

export default rpmModule('dnf', {
  allowerasing: { type: 'boolean', default: false, description: 'Lets other packages be removed for it.' },
  nobest: {
    type: 'boolean',
    default: false,
    description: 'Takes an older version where the newest cannot be installed.',
  },
});
