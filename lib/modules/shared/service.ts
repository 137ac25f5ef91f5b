/** Arguments that all service modules have in common. */
export const SERVICE_ARGS = {
  name: { type: 'string', aliases: ['service', 'unit'], description: 'Name of the service.' },
  state: {
    type: 'string',
    enum: ['started', 'stopped', 'restarted', 'reloaded'],
    description: 'started and stopped do something only when it is not so; the others always.',
  },
  enabled: { type: 'boolean', description: 'Whether it starts with the host.' },
} as const;

interface Wanted {
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded' | undefined;
}

/** The state a service is in afterwards. */
export function stateAfter(args: Wanted): 'started' | 'stopped' | undefined {
  return args.state === undefined ? undefined : args.state === 'stopped' ? 'stopped' : 'started';
}

/** Is something asked for that is done whatever the state is? */
export function always(args: Wanted): boolean {
  return args.state === 'restarted' || args.state === 'reloaded';
}
