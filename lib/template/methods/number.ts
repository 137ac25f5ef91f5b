import { type SpecTable, structure } from '../call.ts';
import { Float } from '../values.ts';

/** Python's methods of int that playbooks use. */
export const intMethods: SpecTable = {
  bit_length: structure('', call => (call.input === 0 ? 0 : Math.abs(call.input as number).toString(2).length)),
};

/** Python's methods of float. */
export const floatMethods: SpecTable = {
  is_integer: structure('', call => Number.isInteger((call.input as Float).value)),
};
