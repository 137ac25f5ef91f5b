import type { Diagnostics } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import { LOCAL_NAMES } from './hosts.ts';
import type { Layer } from './layer.ts';

/** A group while sources are read. */
export interface GroupDraft {
  readonly name: string;
  readonly layers: Layer[];
  priority: number;
  /** Hosts it names itself, in order. */
  readonly hosts: Set<string>;
  /** Child groups with the place that made them children. */
  readonly children: Map<string, Span | undefined>;
  /** Where a source named it first. */
  span: Span | undefined;
}

/** A host while sources are read. */
export interface HostDraft {
  readonly name: string;
  readonly layers: Layer[];
  readonly source: string | undefined;
  readonly span: Span;
  readonly port: number | undefined;
}

/** What the sources have said so far; `build` makes an inventory of it. Sources read later add to it. */
export class Draft {
  readonly groups = new Map<string, GroupDraft>();
  readonly hosts = new Map<string, HostDraft>();
  readonly #found: Diagnostics;

  constructor(found: Diagnostics) {
    this.#found = found;
    this.group('all').children.set('ungrouped', undefined);
    this.group('ungrouped');
  }

  group(name: string): GroupDraft {
    const known = this.groups.get(name);
    if (known !== undefined) return known;
    const group: GroupDraft = { name, layers: [], priority: 1, hosts: new Set(), children: new Map(), span: undefined };
    this.groups.set(name, group);
    return group;
  }

  /** The host of this name, made where it is new. As Ansible: a port counts only where the host is named first. */
  host(name: string, at: { span: Span; source?: string | undefined; port?: number | undefined }): HostDraft {
    const known = this.hosts.get(name);
    if (known !== undefined) {
      if (at.port !== undefined && at.port !== known.port) this.#latePort(known, at.port, at.span);
      return known;
    }
    const layers: Layer[] = [];
    if (at.port !== undefined) layers.push(new Map([['ansible_port', { value: at.port, span: at.span }]]));
    const host: HostDraft = { name, layers, source: at.source, span: at.span, port: at.port };
    this.hosts.set(name, host);
    return host;
  }

  #latePort(host: HostDraft, port: number, span: Span): void {
    const message = `the port ${port} is ignored: ${host.name} was named before ${host.port === undefined ? 'without it' : `with ${host.port}`}`;
    const notes = [{ message: 'first named', span: host.span }];
    this.#found.warning('bad-value', message, { span, notes, suggestion: 'set ansible_port instead' });
  }

  /** Makes one group the child of another. */
  child(parent: GroupDraft, child: GroupDraft, span: Span): void {
    if (child.name === 'all')
      return this.#found.error('recursion', `"all" cannot be a child: every group is in it`, { span });
    // As Ansible its hosts would be in no group at all then: they are in another one, so it gives them up.
    if (child.name === 'ungrouped' && parent.name !== 'all')
      return this.#found.error('bad-value', '"ungrouped" cannot be a child: it has the hosts that no other group has', {
        span,
      });
    if (!parent.children.has(child.name)) parent.children.set(child.name, span);
  }

  /** Whether a group is another one or somewhere below it. */
  isBelow(name: string, top: string): boolean {
    const seen = new Set([top]); // a Set is walked to its end even while it grows
    for (const at of seen) for (const child of this.groups.get(at)?.children.keys() ?? []) seen.add(child);
    return seen.has(name);
  }

  /** Puts what is in no group below `all` or into `ungrouped`, and reports groups that contain themselves. */
  finish(): void {
    this.#reportCycles();
    const all = this.group('all');
    const children = new Set([...this.groups.values()].flatMap(g => [...g.children.keys()]));
    for (const name of this.groups.keys()) if (name !== 'all' && !children.has(name)) all.children.set(name, undefined);
    const ungrouped = this.group('ungrouped');
    const grouped = new Set([...this.groups.values()].flatMap(g => (g === all || g === ungrouped ? [] : [...g.hosts])));
    for (const { name, span } of this.hosts.values()) {
      if (grouped.has(name)) ungrouped.hosts.delete(name);
      else ungrouped.hosts.add(name);
      if (this.groups.has(name))
        this.#found.warning('bad-value', `"${name}" is the name of a host and of a group`, { span });
    }
    this.#warnOfSecondLocalhost();
  }

  #warnOfSecondLocalhost(): void {
    const [first, second] = [...this.hosts.values()].filter(h => LOCAL_NAMES.includes(h.name));
    if (first === undefined || second === undefined) return;
    const message = `there are two hosts for this machine: "${first.name}" and "${second.name}"`;
    this.#found.warning('bad-value', message, { span: second.span });
  }

  /** Reports each cycle once, where it closes, and takes that child away so that everybody after can rely on a tree. */
  #reportCycles(): void {
    const done = new Set<string>();
    const way: string[] = [];
    const visit = (name: string): void => {
      way.push(name);
      const group = this.group(name);
      for (const [child, span] of group.children) {
        const from = way.indexOf(child);
        if (from >= 0) {
          const path = [...way.slice(from), child].join(' > ');
          group.children.delete(child);
          this.#found.error('recursion', `the group "${child}" contains itself: ${path}`, span && { span });
        } else if (!done.has(child)) visit(child);
      }
      way.pop();
      done.add(name);
    };
    for (const name of this.groups.keys()) if (!done.has(name)) visit(name);
  }
}
