import type { LocalContext } from '../module.ts';
import type { Play } from '../playbook/program.ts';
import type { Prompt } from '../playbook/prompts.ts';
import { hashPassword, randomSalt, render, TemplateError, toText } from '../template/index.ts';
import { type Raw, Secret, type Value } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { LayeredScope, VarEntry } from '../vars/scope.ts';
import type { RunContext } from './context.ts';
import { plain } from './values.ts';

/** How a play's prompts are answered. */
export interface Answering {
  readonly run: RunContext;
  /** The play's own scope: what prompts and defaults may use. */
  readonly scope: LayeredScope;
  /** Asks the person at the terminal; undefined where nobody is asked: then the defaults hold. */
  readonly ask: LocalContext['ask'] | undefined;
  /** Whether a variable without an answer is an error: not where tasks are only listed. */
  readonly needed: boolean;
  readonly found: Diagnostics;
}

/** The play with the variables of its `vars_prompt`: asked for in their order; one that -e gives is not asked for. */
export async function answered(play: Play, by: Answering): Promise<Play> {
  if (play.prompts.length === 0) return play;
  const prompted = new Map<string, VarEntry>();
  for (const prompt of play.prompts) {
    if (by.run.extraVars.has(prompt.name)) continue;
    const value = await guarded(() => answer(prompt, by), by.found);
    if (value !== undefined) prompted.set(prompt.name, { value, data: true, span: prompt.span });
  }
  const [first] = prompted.values();
  if (by.ask === undefined && by.needed && first?.span !== undefined) {
    const message = `nobody is there to ask: ${[...prompted.keys()].join(', ')} ${prompted.size === 1 ? 'has its default' : 'have their defaults'}`;
    by.found.warning('missing-argument', message, { span: first.span });
  }
  return { ...play, prompted };
}

async function guarded(work: () => Promise<Value | undefined>, found: Diagnostics): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    found.add(error.diagnostic);
    return undefined;
  }
}

async function answer(prompt: Prompt, by: Answering): Promise<Value | undefined> {
  const otherwise = prompt.default === undefined ? undefined : textOf(prompt.default, by.scope);
  const typed = by.ask === undefined ? '' : await asked(prompt, { ask: by.ask, otherwise, scope: by.scope });
  const text = typed === '' ? otherwise : typed;
  if (by.ask !== undefined || text !== undefined) return kept(text ?? '', prompt, by);
  const suggestion = `give it with -e ${prompt.name}=...`;
  const message = `nobody is there to ask for "${prompt.name}", which has no default`;
  if (by.needed) by.found.error('undefined-variable', message, { span: prompt.span, suggestion });
  return undefined;
}

/** What is typed is data, never a template. */
function kept(text: string, prompt: Prompt, { run }: Answering): Value {
  const { encrypt, salt, saltSize } = prompt;
  if (prompt.private && text !== '') run.redactor.add(text);
  const value = encrypt === undefined ? text : hashPassword(text, encrypt, salt ?? randomSalt(saltSize));
  return prompt.private ? new Secret(value) : value;
}

interface Question {
  readonly ask: NonNullable<LocalContext['ask']>;
  readonly otherwise: string | undefined;
  readonly scope: LayeredScope;
}

async function asked(prompt: Prompt, { ask, otherwise, scope }: Question): Promise<string> {
  const text = prompt.prompt === undefined ? prompt.name : textOf(prompt.prompt, scope);
  const shown = otherwise === undefined ? '' : ` [${prompt.private ? '***' : otherwise}]`;
  const question = `${text}${shown}: `;
  const options = { secret: prompt.private };
  let again = '';
  for (;;) {
    const first = await ask(again + question, options);
    if (!prompt.confirm || first === (await ask(`confirm ${question}`, options))) return first;
    again = 'the two are not the same\n';
  }
}

function textOf(raw: Raw, scope: LayeredScope): string {
  return String(plain(toText(plain(render(raw, scope)))));
}
