import type { LabSpec } from '../../lab/lab.ts';
import { lock } from '../../lab/state.ts';

/** Hosts with Python, the same for both tools but for their addresses. */
const twins = (name: string, subnet: string): LabSpec => ({
  name,
  subnet,
  hosts: ['web1', 'web2'].map(host => ({ name: host, kind: 'twin' })),
});

export const ANSIBLE_TWINS: LabSpec = twins('twina', '10.92.0.0/24');
export const TPLAY_TWINS: LabSpec = twins('twint', '10.93.0.0/24');

/** To be held while twins are up: of two runs at once one would take the other's hosts down. */
export const holdTwins = (): Promise<AsyncDisposable> =>
  lock('twins', () => process.stderr.write('waiting for another run to give the twins back\n'));
