import type { At } from './error.ts';
import type { Float } from './values.ts';

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression; readonly at: At }[];
  /** `*list` and `**dict`. */
  readonly rest: Expression | undefined;
  readonly extra: Expression | undefined;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export type Expression = { readonly at: At } & (
  | { readonly type: 'constant'; readonly value: string | number | boolean | null | Float }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'list' | 'tuple'; readonly items: readonly Expression[] }
  | { readonly type: 'dict'; readonly pairs: readonly (readonly [Expression, Expression])[] }
  | { readonly type: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly type: 'subscript'; readonly of: Expression; readonly key: Expression }
  | { readonly type: 'slice'; readonly of: Expression; readonly bounds: readonly (Expression | undefined)[] }
  | { readonly type: 'call'; readonly callee: Expression; readonly arguments: Arguments }
  | {
      readonly type: 'filter';
      readonly of: Expression;
      readonly name: string;
      readonly arguments: Arguments;
      readonly nameAt: At;
    }
  | {
      readonly type: 'test';
      readonly of: Expression;
      readonly name: string;
      readonly arguments: Arguments;
      readonly nameAt: At;
    }
  | { readonly type: 'not' | 'negative' | 'positive'; readonly of: Expression }
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: 'concat'; readonly parts: readonly Expression[] }
  | {
      readonly type: 'compare';
      readonly first: Expression;
      readonly rest: readonly { readonly operator: CompareOperator; readonly value: Expression }[];
    }
  | {
      readonly type: 'if';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression | undefined;
    }
);

/** What a loop or `set` assigns to: a name, several (nested), or an attribute of a namespace. */
export type Target =
  | { readonly type: 'name'; readonly name: string; readonly at: At }
  | { readonly type: 'tuple'; readonly items: readonly Target[]; readonly at: At }
  | { readonly type: 'attribute'; readonly object: string; readonly name: string; readonly at: At };

export interface Parameter {
  readonly name: string;
  readonly otherwise: Expression | undefined;
}

export interface FilterCall {
  readonly name: string;
  readonly nameAt: At;
  readonly arguments: Arguments;
}

export type Statement = { readonly at: At } & (
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'print'; readonly value: Expression }
  | { readonly type: 'set'; readonly target: Target; readonly value: Expression }
  | {
      readonly type: 'set-block';
      readonly target: Target;
      readonly filters: readonly FilterCall[];
      readonly body: Body;
    }
  | {
      readonly type: 'for';
      readonly target: Target;
      readonly iterable: Expression;
      readonly condition: Expression | undefined;
      readonly recursive: boolean;
      readonly body: Body;
      readonly otherwise: Body;
    }
  | {
      readonly type: 'if';
      readonly branches: readonly { readonly test: Expression; readonly body: Body }[];
      readonly otherwise: Body;
    }
  | { readonly type: 'macro'; readonly name: string; readonly parameters: readonly Parameter[]; readonly body: Body }
  | { readonly type: 'call'; readonly call: Expression; readonly parameters: readonly Parameter[]; readonly body: Body }
  | { readonly type: 'filter'; readonly filters: readonly FilterCall[]; readonly body: Body }
  | {
      readonly type: 'with';
      readonly assignments: readonly { readonly target: Target; readonly value: Expression }[];
      readonly body: Body;
    }
  | { readonly type: 'do'; readonly value: Expression }
  | { readonly type: 'break' | 'continue' }
  | {
      readonly type: 'include';
      readonly file: Expression;
      readonly ignoreMissing: boolean;
      readonly withContext: boolean;
    }
  | { readonly type: 'import'; readonly file: Expression; readonly as: string; readonly withContext: boolean }
  | {
      readonly type: 'from';
      readonly file: Expression;
      readonly names: readonly { readonly name: string; readonly as: string; readonly at: At }[];
      readonly withContext: boolean;
    }
  | { readonly type: 'extends'; readonly file: Expression }
  | {
      readonly type: 'block';
      readonly name: string;
      readonly scoped: boolean;
      readonly required: boolean;
      readonly body: Body;
    }
);
export type Body = readonly Statement[];
