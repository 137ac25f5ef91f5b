/** The argument of modules that bring files of the controller to hosts. */
export const decryptArg = {
  decrypt: {
    type: 'boolean',
    default: true,
    description: 'Opens files of the controller that ansible-vault encrypted.',
  },
} as const;
