import type { ArgsOf, ArgsSchema } from '../../module.ts';

const solaris = (what: string) => `${what} of Illumos and Solaris; does nothing here, as in Ansible.`;

/** The arguments of the module user: one table for the parts it is made of. */
export const userArgs = {
  properties: {
    name: { type: 'string', aliases: ['user'], description: 'Name of the user.' },
    state: { type: 'string', enum: ['present', 'absent'], default: 'present', description: 'Whether it shall be.' },
    uid: { type: 'integer', minimum: 0, description: 'Its number.' },
    non_unique: { type: 'boolean', default: false, description: 'Lets the number be one that is used already.' },
    group: { type: 'string', description: 'Its own group: a name or a number.' },
    groups: {
      type: 'array',
      items: { type: 'string' },
      description: 'Further groups; an empty list takes it out of all.',
    },
    append: { type: 'boolean', default: false, description: 'Leaves it in other groups than `groups`.' },
    comment: { type: 'string', description: 'Its full name or purpose.' },
    home: { type: 'string', path: true, description: 'Its home folder.' },
    create_home: { type: 'boolean', default: true, aliases: ['createhome'], description: 'Makes the home folder.' },
    move_home: {
      type: 'boolean',
      default: false,
      description: 'With another `home`: moves the old one there, if that is not there yet.',
    },
    skeleton: { type: 'string', description: 'Folder whose contents a new home gets; /etc/skel unless told.' },
    umask: {
      type: 'string',
      mode: true,
      description: 'Umask by which a new home is made: quoted octal digits like "077".',
    },
    shell: { type: 'string', description: 'Its login shell.' },
    system: { type: 'boolean', default: false, description: 'Makes it with a number of the system range.' },
    local: {
      type: 'boolean',
      default: false,
      description: "Only /etc/passwd counts, no directory service; by libuser's luseradd and its kin.",
    },
    expires: {
      type: 'number',
      description: 'When the account ends, in seconds since 1970 (the day counts); a negative number: never.',
    },
    password: {
      type: 'string',
      secret: true,
      description:
        'The hash of its password, as in /etc/shadow; "!" and "*" are none that fits. A user who has none at all, and so needs none to log in, is not as "!" says.',
    },
    update_password: {
      type: 'string',
      enum: ['always', 'on_create'],
      default: 'always',
      description: 'Whether a user who is there gets the password too.',
    },
    password_lock: { type: 'boolean', description: 'Locks the password, or takes the lock away.' },
    password_expire_max: { type: 'integer', description: 'Days after which it must be changed; -1: never.' },
    password_expire_min: { type: 'integer', description: 'Days in which it cannot be changed again.' },
    generate_ssh_key: {
      type: 'boolean',
      default: false,
      description: 'Makes an ssh key for it; one that is there stays, unless `force`.',
    },
    ssh_key_file: {
      type: 'string',
      path: true,
      description: 'File of the private key, from its home when it is no absolute path; .ssh/id_rsa unless told.',
    },
    ssh_key_type: { type: 'string', default: 'rsa', description: 'Kind of the key: ed25519, ecdsa, rsa.' },
    ssh_key_bits: { type: 'integer', minimum: 1, description: "Its size; ssh-keygen's own choice unless told." },
    ssh_key_comment: {
      type: 'string',
      default: 'ansible-generated on $HOSTNAME',
      description: "Its comment; $HOSTNAME is the host's name.",
    },
    ssh_key_passphrase: { type: 'string', secret: true, description: 'Its passphrase; none unless told.' },
    seuser: { type: 'string', description: 'Its SELinux user (user_u); an error on a host without SELinux.' },
    remove: { type: 'boolean', default: false, description: 'With state absent: removes its home and mail too.' },
    force: {
      type: 'boolean',
      default: false,
      description:
        'With state absent: removes it even if it is logged in. With generate_ssh_key: makes a new key each time.',
    },
    login_class: { type: 'string', description: 'Login class of BSD systems; does nothing here, as in Ansible.' },
    authorization: { type: 'string', description: solaris('Authorizations') },
    profile: { type: 'string', description: solaris('Profiles') },
    role: { type: 'string', description: solaris('Roles') },
    hidden: { type: 'boolean', description: 'Of macOS: hides it at the login; does nothing here, as in Ansible.' },
  },
  required: ['name'],
} as const satisfies ArgsSchema;

export type UserArgs = ArgsOf<typeof userArgs>;
