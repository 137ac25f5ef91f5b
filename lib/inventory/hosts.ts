import type { Span } from '../text/source.ts';
import type { Layer, Levels } from './layer.ts';

/** A host of the inventory. */
export interface Host {
  /** `inventory_hostname`. */
  readonly name: string;
  /** Its own variables in the inventory's sources, merged. */
  readonly vars: Layer;
  /** The same, one for each place they stand at, in the order read. */
  readonly layers: readonly Layer[];
  /** The groups that name it, without their parents, in the order of the inventory. */
  readonly groups: readonly string[];
  /** Where a source named it first; of an implicit host nowhere. */
  readonly span: Span | undefined;
  /** Path of the source that named it first, for `inventory_file`; none for a host of a comma list. */
  readonly source: string | undefined;
  /** Whether it is the controller, which no source named: part of no group and never of `all`. */
  readonly implicit: boolean;
}

/** A group of the inventory; `all` and `ungrouped` are always there. */
export interface Group {
  readonly name: string;
  /** Where a source named it first. */
  readonly span: Span | undefined;
  /** Its longest way down from `all`, which has 0. */
  readonly depth: number;
  /** `ansible_group_priority`: 1 unless set. */
  readonly priority: number;
  readonly vars: Layer;
  readonly layers: readonly Layer[];
  readonly parents: readonly string[];
  readonly children: readonly string[];
  /** Names of its hosts and of those of all its children, nearer groups first. */
  readonly hosts: readonly string[];
}

/** Variables of the folders `group_vars` and `host_vars` at one level of precedence. */
export interface VarsFiles {
  /** Paths read, in order. */
  readonly files: readonly string[];
  layersOf(host: string): Levels;
  /** Of one group alone. */
  ofGroup(group: string): readonly Layer[];
}

/** Hosts, groups and their variables: never changed after it is read. */
export interface Inventory {
  /** Every host of the group `all`, in its order: the order in which they are run and printed. */
  readonly hosts: readonly Host[];
  /** The same in the order of first mention; wildcards match in this order. */
  readonly named: readonly Host[];
  readonly groups: ReadonlyMap<string, Group>;
  /** Paths of the sources, as given; host lists are left out. */
  readonly sources: readonly string[];
  /** The `group_vars` and `host_vars` beside the sources. */
  readonly varsFiles: VarsFiles;
  /** A host by name. `localhost`, `127.0.0.1` and `::1` are the controller where no source names one of them. */
  host(name: string): Host | undefined;
  /** Every group a host is in, `all` included, by depth, priority and name: as their variables win. */
  groupsOf(host: string): readonly Group[];
  /** What the sources themselves set for a host; `varsFiles.layersOf` has what the files beside them set. */
  layersOf(host: string): Levels;
}

/** Names by which the controller can be meant without being in the inventory. */
export const LOCAL_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1'];
