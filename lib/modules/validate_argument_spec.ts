import { defineLocal } from '../module.ts';
import { type Options, specErrors } from './shared/argument-spec.ts';

export default defineLocal({
  name: 'validate_argument_spec',
  doc: 'Checks variables by a specification, as that of a role (`meta/argument_specs.yml`) is checked when it starts.',
  args: {
    properties: {
      argument_spec: {
        type: 'object',
        description: 'By the name of a variable: type, required, choices, elements and options (of a dict).',
      },
      provided_arguments: { type: 'object', default: {}, description: 'Values that stand for the variables.' },
      validate_args_context: { type: 'object', default: {}, description: 'What is checked; only returned.' },
    },
    required: ['argument_spec'],
  },
  examples: `
- validate_argument_spec:
    argument_spec:
      port: { type: int, required: true }
      mode: { choices: [active, passive] }
`,
  returns: { argument_errors: 'What is wrong, a sentence each.', validate_args_context: 'As given.', msg: 'In words.' },
  run({ argument_spec, provided_arguments, validate_args_context }) {
    const argument_errors = specErrors(argument_spec as Options, provided_arguments);
    if (argument_errors.length === 0)
      return { values: { msg: 'The arg spec validation passed', validate_args_context } };
    return {
      failed: `Validation of arguments failed:\n${argument_errors.join('\n')}`,
      values: { argument_errors, validate_args_context },
    };
  },
});
