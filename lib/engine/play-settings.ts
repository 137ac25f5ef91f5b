import { ORDERS, type Order, type Play, STRATEGIES, type Strategy } from '../playbook/program.ts';
import { render, TemplateError } from '../template/index.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import type { LayeredScope } from '../vars/scope.ts';
import { flagOf, numberOf, plain, textOf } from './values.ts';

/** Keywords of a play that are about all of its hosts: known before anything runs. */
export interface PlaySettings {
  /** The patterns of `hosts`, joined by commas. */
  readonly pattern: string;
  /** Undefined where the play does not say. */
  readonly gatherFacts: boolean | undefined;
  readonly forceHandlers: boolean | undefined;
  /** Sizes of batches: numbers and percentages. */
  readonly serial: readonly (number | string)[];
  readonly maxFail: number | undefined;
  readonly strategy: Strategy;
  readonly order: Order;
}

/** Renders them with what the play itself and -e set, on top of the run's settings; or says what is wrong with them. */
export function playSettings(
  play: Play,
  scope: LayeredScope,
  defaults: { readonly strategy: Strategy },
): PlaySettings | readonly Diagnostic[] {
  try {
    const hosts = plain(render(play.hosts, scope));
    return {
      pattern: Array.isArray(hosts) ? hosts.map(p => String(plain(p))).join(',') : String(hosts),
      gatherFacts: flagOf(play.gatherFacts, scope),
      forceHandlers: flagOf(play.forceHandlers, scope),
      serial: serialOf(play, scope),
      maxFail: numberOf(play.maxFailPercentage, scope),
      strategy: strategyOf(play, scope) ?? defaults.strategy,
      order: orderOf(play, scope),
    };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const suggestion = 'a play knows only its own vars and those of -e before it starts';
    return [{ suggestion, ...error.diagnostic }];
  }
}

function serialOf(play: Play, scope: LayeredScope): readonly (number | string)[] {
  if (play.serial === undefined) return [];
  const value = plain(render(play.serial, scope));
  const sizes = (Array.isArray(value) ? value.map(plain) : [value]).map(v => (typeof v === 'number' ? v : String(v)));
  const bad = sizes.find(size => !/^\d+(\.\d+)?%?$/.test(String(size)));
  if (bad === undefined) return sizes;
  const message = `"${bad}" is not a size for serial`;
  const suggestion = 'a number of hosts, or a percentage like "30%"';
  throw new TemplateError({ code: 'bad-value', severity: 'error', message, span: play.span, suggestion });
}

function strategyOf(play: Play, scope: LayeredScope): Strategy | undefined {
  const text = textOf(play.strategy, scope)?.replace(/^ansible\.builtin\./, '');
  return text === undefined ? undefined : oneOf(text, STRATEGIES, { play, what: 'strategy' });
}

function orderOf(play: Play, scope: LayeredScope): Order {
  return oneOf(textOf(play.order, scope) ?? 'inventory', ORDERS, { play, what: 'order' });
}

/** One of a keyword's words; a text in the file was checked when it was read, what a template gave is checked here. */
function oneOf<W extends string>(text: string, words: readonly W[], at: { play: Play; what: string }): W {
  const word = words.find(w => w === text);
  if (word !== undefined) return word;
  const message = `"${text}" is not a value for ${at.what}`;
  const suggestion = didYouMean(text, words) ?? `it takes ${words.join(', ')}`;
  throw new TemplateError({ code: 'bad-value', severity: 'error', message, span: at.play.span, suggestion });
}
