import type { ArgsOf, ArgsSchema } from '../../module.ts';
import { containerArgs, engineArgs, engineNotTaken } from './container-args.ts';

/** The arguments of docker_container. */
export const dockerArgs = {
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
      patternHint: 'a name has letters, digits, _, . and -',
      description: 'Name of the container.',
    },
    state: {
      type: 'string',
      enum: ['absent', 'present', 'stopped', 'started'],
      default: 'started',
      description: 'present: it is there as asked for, running or not; started and stopped: and runs or does not.',
    },
    image: { type: 'string', description: 'Image, with its tag; it is pulled where it is missing.' },
    pull: { type: 'boolean', default: false, description: 'Pulls it each time; a newer one makes the container anew.' },
    ...engineArgs,
    ...containerArgs,
    networks: {
      type: 'array',
      items: { type: 'object' },
      description: 'Networks: mappings with name, aliases, ipv4_address, ipv6_address, links.',
    },
    networks_cli_compatible: {
      type: 'boolean',
      default: true,
      description: 'As `docker run`: the first of networks takes the place of the default one.',
    },
    purge_networks: { type: 'boolean', default: false, description: 'Leaves networks that are not in networks.' },
    comparisons: {
      type: 'object',
      default: {},
      description: 'How options are compared: option (or * for all) to strict, ignore or allow_more_present.',
    },
    ignore_image: {
      type: 'boolean',
      default: false,
      description: 'Another image is no reason to make the container anew.',
    },
    image_name_mismatch: {
      type: 'string',
      enum: ['recreate', 'ignore'],
      default: 'ignore',
      description: 'What becomes of a container with the same image by another name.',
    },
    image_label_mismatch: {
      type: 'string',
      enum: ['ignore', 'fail'],
      default: 'ignore',
      description: 'fail: labels of the image that are not in labels are an error, where labels are compared strictly.',
    },
    image_comparison: {
      type: 'string',
      enum: ['desired-image', 'current-image'],
      default: 'desired-image',
      description: 'Whose environment and labels count as inherited in strict comparisons.',
    },
    container_default_behavior: {
      type: 'string',
      enum: ['compatibility', 'no_defaults'],
      default: 'no_defaults',
      description:
        'compatibility: auto_remove, init, interactive, paused, privileged, read_only and tty are false and memory is 0 unless given.',
    },
    recreate: { type: 'boolean', default: false, description: 'Makes it anew each time.' },
    restart: { type: 'boolean', default: false, description: 'Restarts it when nothing else is done.' },
    paused: { type: 'boolean', description: 'Whether it is paused, when it runs.' },
    detach: { type: 'boolean', description: 'false: waits for its process, and fails when that fails.' },
    cleanup: { type: 'boolean', default: false, description: 'With detach: false, removes it then.' },
    output_logs: {
      type: 'boolean',
      default: false,
      description: 'Taken as given: with detach: false what it printed is returned.',
    },
    force_kill: { type: 'boolean', default: false, aliases: ['forcekill'], description: 'Kills instead of stopping.' },
    kill_signal: { type: 'string', description: 'Signal for that.' },
    keep_volumes: { type: 'boolean', default: true, description: 'Volumes without a name stay when it is removed.' },
    removal_wait_timeout: {
      type: 'number',
      description: 'Taken as given: the command waits for the end of a removal.',
    },
    command_handling: {
      type: 'string',
      enum: ['correct', 'compatibility'],
      default: 'correct',
      description: 'Only correct: lists are lists.',
    },
  },
  notTaken: {
    kernel_memory: 'kernels and docker no longer have it',
    device_requests: 'neither command takes it so: give GPUs by runtime and env',
    ...engineNotTaken,
  },
  required: ['name'],
} as const satisfies ArgsSchema;
export type DockerArgs = ArgsOf<typeof dockerArgs>;
