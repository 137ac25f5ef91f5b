/**
 * The schema of one value, as far as tplay uses JSON schema: one declaration from which the check, the TypeScript type,
 * the documentation and the editor's schema are made.
 */
export interface ValueSchema {
  /** `any` takes every YAML value. */
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'any';
  readonly description?: string;
  readonly enum?: readonly (string | number)[];
  readonly default?: unknown;
  readonly items?: ValueSchema;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  /** What to say when the pattern does not match, e.g. `a mode is quoted octal digits like "0644"`. */
  readonly patternHint?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

type Known<S extends ValueSchema> = S['enum'] extends readonly (infer E)[]
  ? E
  : S['type'] extends 'string'
    ? string
    : S['type'] extends 'integer' | 'number'
      ? number
      : S['type'] extends 'boolean'
        ? boolean
        : S['type'] extends 'array'
          ? S['items'] extends ValueSchema
            ? readonly FromSchema<S['items']>[]
            : readonly unknown[]
          : S['type'] extends 'object'
            ? S['properties'] extends Readonly<Record<string, ValueSchema>>
              ? FromProperties<S['properties'], S['required'] extends readonly string[] ? S['required'][number] : never>
              : Readonly<Record<string, unknown>>
            : unknown;

/** The TypeScript type of the values a schema lets through. */
export type FromSchema<S extends ValueSchema> = Known<S>;

type Present<P, R extends string> = {
  [K in keyof P]: K extends R ? K : P[K] extends { readonly default: unknown } ? K : never;
}[keyof P];

/** The type of an object of these properties: required ones and those with a default are always there. */
export type FromProperties<P extends Readonly<Record<string, ValueSchema>>, R extends string = never> = {
  readonly [K in Present<P, R>]: FromSchema<P[K]>;
} & { readonly [K in Exclude<keyof P, Present<P, R>>]?: FromSchema<P[K]> | undefined };
