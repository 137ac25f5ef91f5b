import { type Call, content, type SpecTable } from '../call.ts';
import { Failure } from '../error.ts';
import type { Value } from '../values.ts';
import { parseJson, toJson } from './json.ts';
import { pformat } from './pprint.ts';
import { readYamlText } from './yaml-read.ts';
import { toYaml } from './yaml-write.ts';

function json(call: Call, nice: boolean, sorts = nice): string {
  const options = new Map(call.extra);
  const indent = call.values[0] ?? options.get('indent') ?? (nice ? 4 : null);
  return toJson(call.input as Value, {
    indent: typeof indent === 'number' ? ' '.repeat(indent) : typeof indent === 'string' ? indent : undefined,
    sortKeys: (options.has('sort_keys') ? options.get('sort_keys') === true : sorts) && 'python',
    ascii: options.get('ensure_ascii') !== false,
    separators: options.get('separators') as readonly string[] | undefined,
  });
}

function fromYaml(call: Call): Value {
  if (typeof call.input !== 'string') return call.input as Value;
  const [first, second] = readYamlText(call.input);
  if (second !== undefined) call.fail('found more than one document', 'use "from_yaml_all"');
  return first ?? null;
}

function fromYamlAll(call: Call): Value {
  return typeof call.input === 'string' ? readYamlText(call.input) : (call.input as Value);
}

const YAML_OPTIONS = ['indent', 'width', 'sort_keys', 'default_flow_style', 'explicit_start', 'explicit_end'];

function yamlText(call: Call, nice: boolean): string {
  const options = new Map(call.extra);
  for (const name of options.keys())
    if (!YAML_OPTIONS.includes(name)) call.fail(`has no option "${name}"`, `it has ${YAML_OPTIONS.join(', ')}`);
  const number = (name: string, otherwise: number) => {
    const value = options.get(name);
    return typeof value === 'number' ? value : otherwise;
  };
  const flow = call.has(0) ? call.value(0) : options.get('default_flow_style');
  return toYaml(call.input as Value, {
    indent: nice ? (call.has(0) ? call.int(0) : number('indent', 4)) : number('indent', 2),
    width: number('width', 80),
    sortKeys: options.get('sort_keys') !== false,
    flow: nice
      ? options.get('default_flow_style') === true
        ? 'all'
        : 'none'
      : flow === true
        ? 'all'
        : flow === false
          ? 'none'
          : 'leaves',
    explicitStart: options.get('explicit_start') === true,
    explicitEnd: options.get('explicit_end') === true,
  });
}

function fromJson(call: Call): Value {
  if (typeof call.input !== 'string')
    return call.wrongInput('a text', 'the value may be data already: leave the filter out');
  try {
    return parseJson(call.input);
  } catch (error) {
    throw new Failure(`from_json cannot read the text: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Filters between data and its text. */
export const dataFilters: SpecTable = {
  from_json: content('', fromJson),
  to_json: content('**options', call => json(call, false)),
  to_nice_json: content('indent? **options', call => json(call, true)),
  tojson: content('indent?', call =>
    json(call, false, true).replace(/[<>&']/g, c => `\\u00${c.charCodeAt(0).toString(16)}`),
  ),
  from_yaml: content('', fromYaml),
  from_yaml_all: content('', fromYamlAll),
  to_yaml: content('default_flow_style? **options', call => yamlText(call, false)),
  to_nice_yaml: content('indent? **options', call => yamlText(call, true)),
  pprint: content('verbose?', call => pformat(call.input as Value)),
};
