import { rpmModule } from './shared/rpm.ts';

export default rpmModule('dnf');
