import { rpmModule } from './shared/rpm.ts';

export default rpmModule('yum', {
  use_backend: {
    type: 'string',
    enum: ['auto', 'yum', 'yum4', 'dnf'],
    default: 'auto',
    description: 'The program: yum, or dnf (yum4) by its own name; auto is yum, or dnf where there is no yum.',
  },
});
