import { defineLocal } from '../module.ts';

export default defineLocal({
  name: 'pause',
  once: true,
  doc: 'Waits for a time, or for a person to press enter or answer.',
  args: {
    properties: {
      seconds: { type: 'number', minimum: 0, description: 'How long to wait.' },
      minutes: { type: 'number', minimum: 0, description: 'How long to wait.' },
      prompt: { type: 'string', description: 'What to ask; with a time, what is shown while it lasts.' },
      echo: { type: 'boolean', default: true, description: 'Shows what is typed.' },
    },
    exclusive: [['seconds', 'minutes']],
  },
  examples: `
- pause:
    seconds: 5
- pause:
    prompt: Make sure the load balancer is drained
`,
  returns: {
    user_input: 'What was typed.',
    stdout: 'How long it took, as a sentence.',
    delta: 'Seconds it took.',
    start: 'When it began.',
    stop: 'When it ended.',
    echo: 'Whether typing was shown.',
  },
  async run(a, context) {
    const start = new Date();
    let user_input = '';
    const seconds = a.seconds ?? (a.minutes === undefined ? undefined : a.minutes * 60);
    if (seconds !== undefined) {
      if (a.prompt !== undefined) context.say(a.prompt);
      await context.sleep(seconds * 1000);
    }
    // As Ansible: without a terminal there is nobody to wait for.
    else if (context.ask !== undefined)
      user_input = await context.ask(a.prompt ?? 'Press enter to continue', { secret: !a.echo });
    const stop = new Date();
    const delta = Math.round((stop.getTime() - start.getTime()) / 1000);
    const took = a.minutes === undefined ? `${seconds ?? delta} seconds` : `${a.minutes} minutes`;
    return {
      values: {
        user_input,
        echo: a.echo,
        delta,
        rc: 0,
        stdout: `Paused for ${took}`,
        stderr: '',
        start: start.toISOString(),
        stop: stop.toISOString(),
      },
    };
  },
});
