import { defineConverge, sh } from '../module.ts';

export default defineConverge({
  name: 'timezone',
  doc:
    'Sets the time zone of the host, and whether the clock of its hardware has UTC or local time: by timedatectl where systemd ' +
    'runs, else by /etc/localtime, /etc/timezone (Debian) and /etc/adjtime. Programs that run go on with the old zone until ' +
    'they are restarted: cron for one.',
  args: {
    properties: {
      name: { type: 'string', description: 'The zone: Europe/Berlin. The host has those of its package tzdata.' },
      hwclock: {
        type: 'string',
        enum: ['local', 'UTC'],
        aliases: ['rtc'],
        description: 'What the clock of the hardware has.',
      },
    },
    oneOf: [['name', 'hwclock']],
  },
  examples: `
- timezone: { name: Asia/Tokyo }
- timezone: { name: UTC, hwclock: UTC }
`,
  returns: { name: 'The zone.', hwclock: 'UTC or local.' },
  check: a =>
    a.name === undefined || (/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/.test(a.name) && !a.name.startsWith('-'))
      ? undefined
      : `"${a.name}" cannot be the name of a time zone: it is like Europe/Berlin`,
  goal: a => ({ name: a.name, hwclock: a.hwclock }),
  detail: a => (a.name === undefined ? [] : ['lacks']),
  probe: (a, want) => sh`tp_zone_name=${a.name ?? ''}; tp_timezone ${[...want]}`,
  apply: a =>
    sh.lines(
      a.name !== undefined && sh`tp_set_timezone ${a.name}`,
      a.hwclock !== undefined && sh`tp_set_hwclock ${a.hwclock}`,
    ),
  values: (_a, { lacks: _, ...state }) => state,
});
