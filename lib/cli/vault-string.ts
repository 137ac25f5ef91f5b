import { seal, type VaultSecret } from '../vault/vault.ts';
import type { FlagValues } from './flags.ts';
import { readInput, replaceFile } from './replace-file.ts';
import { askSecret } from './terminal.ts';
import type { VaultWork } from './vault.ts';

/** A text to encrypt, and the variable it is for. */
interface Text {
  readonly name: string | undefined;
  readonly text: string;
}

/** Whether a text comes from standard input, as ansible-vault: asked for by `-` or a name, or when there is no other. */
export function wantsStdin(operands: readonly string[], { vaultPrompt, stdinName }: FlagValues): boolean {
  return operands.includes('-') || stdinName !== undefined || (operands.length === 0 && !vaultPrompt);
}

/** Prints texts as YAML, encrypted. */
export async function encryptStrings(work: VaultWork): Promise<void> {
  const { secret, terminal, found, values } = work;
  if (secret === undefined) throw new Error('internal: nothing to encrypt with');
  const texts = await textsOf(work);
  for (const { name, text } of texts)
    if (text === '') found.error('bad-option', `the text${name === undefined ? '' : ` of "${name}"`} is empty`);
  if (found.failed) return;
  const yaml = texts.map(text => yamlOf(text, secret)).join('');
  const { vaultOutput = '-' } = values;
  if (vaultOutput === '-') return terminal.out(yaml);
  const fault = replaceFile(vaultOutput, Buffer.from(yaml), { cwd: terminal.cwd, keepMode: false });
  if (fault !== undefined) found.error('bad-value', `${vaultOutput} cannot be written: ${fault}`);
}

const INDENT = ' '.repeat(10); // as ansible-vault

function yamlOf({ name, text }: Text, secret: VaultSecret): string {
  const lines = seal(Buffer.from(text), secret).trimEnd().split('\n');
  return [`${name === undefined ? '' : `${name}: `}!vault |`, ...lines.map(line => INDENT + line), ''].join('\n');
}

/** As ansible-vault: asked for, then from standard input, then of the command line, whose names come in their order. */
async function textsOf(work: VaultWork): Promise<readonly Text[]> {
  const { operands, values, found } = work;
  const names = [...values.vaultName];
  const texts: Text[] = [];
  if (values.vaultPrompt) texts.push({ name: names.shift(), text: await askText(work) });
  if (wantsStdin(operands, values)) texts.push({ name: values.stdinName ?? names.shift(), text: stdinText(work) });
  texts.push(...operands.filter(o => o !== '-').map(text => ({ name: names.shift(), text })));
  for (const name of names)
    found.error('bad-option', `there is no text for the name "${name}"`, { suggestion: 'give a text for each name' });
  return texts;
}

async function askText({ values, terminal, found }: VaultWork): Promise<string> {
  if (values.showInput) return terminal.ask('String to encrypt: ');
  const text = await askSecret(terminal, 'String to encrypt (hidden): ');
  if ((await askSecret(terminal, 'Confirm string to encrypt (hidden): ')) !== text)
    found.error('bad-option', 'the two texts are not the same');
  return text;
}

function stdinText({ terminal, found }: VaultWork): string {
  if (terminal.isKeyboard) terminal.err('The text to encrypt, ended by ctrl-d:\n');
  const read = readInput('-', terminal.cwd);
  if (typeof read === 'string') {
    found.error('missing-file', `standard input cannot be read: ${read}`);
    return '';
  }
  const text = read.toString('utf8');
  if (text.endsWith('\n'))
    found.warning('bad-value', 'the text of standard input ends in a line break, which is encrypted with it', {
      suggestion: 'printf \'%s\' "$text" prints none',
    });
  return text;
}
