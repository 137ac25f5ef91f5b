import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** One playbook that both tools run, as a file of cases/ has it. README.md here says what each field is. */
interface Written {
  readonly playbook: string;
  readonly inventory?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly folder?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly setup?: string;
  readonly typed?: string;
  readonly diff?: boolean;
  readonly free?: boolean;
  readonly prints?: boolean;
  readonly needs?: 'hosts';
  readonly resets?: boolean;
  readonly meant?: string;
}

export interface Case extends Written {
  /** The file of cases, from the folder they are in: language/loops. */
  readonly feature: string;
  /** A sentence. */
  readonly title: string;
  /** Changes with everything that was written. */
  readonly hash: string;
}

/** What one tool did with a case, a line each; `lines` are compared with the other tool's. */
export type Lines = readonly string[];

/** What was recorded of a case; `tplay` only where the difference is meant. */
export interface Recorded {
  readonly case: string;
  readonly ansible: Lines;
  readonly tplay?: Lines;
}

// What is compiled runs from dist/; cases and records stay beside the source.
export const here = fileURLToPath(new URL('../../../test/against-ansible/', import.meta.url));

const FIELDS = [
  'playbook',
  'inventory',
  'files',
  'folder',
  'args',
  'env',
  'setup',
  'typed',
  'diff',
  'free',
  'prints',
  'needs',
  'resets',
  'meant',
];

/** All cases whose feature or its last part begins with, or whose title holds, one of the words; without words all. */
export function readCases(words: readonly string[] = []): readonly Case[] {
  const isOf = (feature: string, word: string) => feature.startsWith(word) || feature.split('/')[1]?.startsWith(word);
  return features()
    .flatMap(casesOf)
    .filter(c => words.length === 0 || words.some(w => isOf(c.feature, w) || c.title.includes(w)));
}

export function features(): readonly string[] {
  const all = readdirSync(`${here}cases`, { recursive: true, encoding: 'utf8' });
  const files = all.filter(f => f.endsWith('.yml'));
  return files.map(f => f.replace(/\.yml$/, '')).sort();
}

function casesOf(feature: string): readonly Case[] {
  const written: Readonly<Record<string, Written>> = parse(readFileSync(`${here}cases/${feature}.yml`, 'utf8'));
  return Object.entries(written).map(([title, fields]) => {
    const unknown = Object.keys(fields).filter(f => !FIELDS.includes(f));
    if (unknown.length > 0) throw new Error(`cases/${feature}.yml: "${title}" has unknown fields: ${unknown}`);
    const given = fields.folder === undefined ? fields : { ...fields, files: filesOf(fields.folder, fields.files) };
    const hash = createHash('sha256').update(JSON.stringify(given)).digest('hex').slice(0, 12);
    return { ...given, feature, title, hash };
  });
}

function filesOf(folder: string, more: Written['files']): Readonly<Record<string, string>> {
  const root = `${here}folders/${folder}`;
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(f => statSync(`${root}/${f}`).isFile());
  return { ...Object.fromEntries(files.sort().map(f => [f, readFileSync(`${root}/${f}`, 'utf8')])), ...more };
}

/** What was recorded of a feature's cases, by title; nothing yet is an empty record. */
export function readRecorded(feature: string): Readonly<Record<string, Recorded>> {
  try {
    return JSON.parse(readFileSync(`${here}recorded/${feature}.json`, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** The PATH of both tools, that of a Debian system: what is recorded is not about the machine. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
