import type { Word } from '../../shell/sh.ts';
import type { ContainerArgs } from './container-args.ts';

/** What inspect prints of a container: the keys of docker, which podman has too. */
export type Inspected = Readonly<Record<string, unknown>>;

/** The label in which a container that tplay made keeps what inspect does not show. */
export const LABEL = 'tplay.options';

/** A value brought into one form, so that two of them are the same when they mean the same. */
export type Normal = string | readonly string[] | Readonly<Record<string, string>>;

/** One option of a container: what is wanted, what inspect shows, and how it is given to `docker create`. */
export interface ContainerOption {
  readonly name: string;
  /** As Ansible: sets and mappings may have more than what was asked for, unless `comparisons` says strict. */
  readonly kind: 'value' | 'list' | 'set' | 'dict';
  /** Undefined where it is not asked for. The image is the one that the container is to be compared by. */
  want(a: ContainerArgs, image?: Inspected): Normal | undefined;
  /** Undefined where inspect does not show it: then the label that tplay gives its containers tells. */
  is(c: Inspected): Normal | undefined;
  flags(a: ContainerArgs): readonly Word[];
  /** What a container has without being asked: no more than what was asked for in a strict comparison. */
  inherited?(a: ContainerArgs, image: Inspected | undefined): readonly string[];
  /** As Ansible: it counts only where `comparisons` says so. */
  readonly ignored?: true;
  /** Docker changes it without making the container anew. */
  readonly update?: true;
}

/** What stands at a path of names in plain data. */
export function at(data: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      data,
    );
}

/** Nothing as ''. */
export function textAt(data: unknown, path: string): string {
  const value = at(data, path);
  return value === undefined || value === null ? '' : String(value);
}

export function listAt(data: unknown, path: string): readonly unknown[] {
  const value = at(data, path);
  return Array.isArray(value) ? value : [];
}

export function textsAt(data: unknown, path: string): readonly string[] {
  return listAt(data, path).map(String);
}

export function dictAt(data: unknown, path: string): Readonly<Record<string, unknown>> {
  const value = at(data, path);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A mapping with texts as values: true and false as docker writes them. */
export function textsOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([k, v]) => [k, v === null || v === undefined ? '' : String(v)]),
  );
}
