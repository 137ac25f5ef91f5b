import type { PlayRun } from '../engine/context.ts';
import type { HostRun } from '../engine/host-run.ts';
import { loadVarsFiles } from '../engine/play.ts';
import { layersFor, scopeFor } from '../engine/scopes.ts';
import { EVERY_TASK, type HostOptions, hostOptions } from '../options.ts';
import { emptyPlay } from '../playbook/ad-hoc.ts';
import type { Role } from '../playbook/program.ts';
import makeAdHoc from '../reporters/ad-hoc.ts';
import { Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import { spanName } from '../text/source.ts';
import { namesSet } from '../vars/levels.ts';
import type { CommandLine } from './commands.ts';
import type { FlagValues } from './flags.ts';
import { playbookSource } from './playbooks.ts';
import { loneSource, type Source } from './prepare.ts';
import { type Terminal, terminalColour } from './terminal.ts';
import { hidePasswords, type Seen } from './vars-seen.ts';
import { explained, explainedJson, listed, listedJson } from './vars-text.ts';
import { report, withPlays } from './with-plays.ts';

/** `tplay vars <inventory> <host>`: the host's variables and where they are set. Returns the exit status. */
export async function run({ operands, values }: CommandLine, terminal: Terminal): Promise<number> {
  const found = new Diagnostics();
  const target = targetOf(operands, values, found);
  const options = quiet(hostOptions(values, target.inventories));
  if (found.failed) return report(found, options, terminal);
  const source = sourceOf(target.host, values, { cwd: terminal.cwd, found });
  const reporter = (redactor: Seen['redactor']) =>
    makeAdHoc({
      write: text => terminal.err(text),
      colour: terminalColour(options, terminal),
      verbosity: options.verbosity,
      redactor,
      oneLine: false,
    });
  const needs = { source, found, terminal, reporter, asks: false, checkRoles: false } as const;
  return withPlays({ ...options, ...EVERY_TASK }, needs, async ({ plays, context }) => {
    const wrong = new Diagnostics(); // what was found before is printed
    const place = placeOf(plays, { ...target, values, found: wrong });
    if (place === undefined) return report(wrong, options, terminal);
    loadVarsFiles(place.at, [place.host]);
    const what = { role: place.role };
    const { at, host } = place;
    const { redactor } = context;
    const seen = { scope: scopeFor(at, host, what), layers: layersFor(at, host, what), redactor };
    hidePasswords(seen);
    const names = namesOf(seen, values, wrong);
    if (wrong.failed) return report(wrong, options, terminal);
    const head = values.varsPlaybook === undefined || values.json ? '' : `# ${placeName(place)}\n`;
    terminal.out(head + textOf(seen, names, values));
    return 0;
  });
}

interface Target {
  readonly inventories: readonly string[];
  readonly host: string;
}

function targetOf(operands: readonly string[], { inventory, given }: FlagValues, found: Diagnostics): Target {
  const [host, ...others] = operands.toReversed();
  const [own, ...more] = others.toReversed();
  const inventories = own === undefined ? inventory : [own, ...(given.has('inventory') ? inventory : [])];
  if (host === undefined)
    found.error('bad-option', 'vars needs a host', { suggestion: 'type: tplay vars inventory/prod.yml web1' });
  else if (more.length > 0)
    found.error('bad-option', `one inventory and one host are expected, and ${host} follows`, {
      suggestion: `several inventories: tplay vars ${host} ${others.map(o => `-i ${o}`).join(' ')}`,
    });
  else if (inventories.length === 0)
    found.error('bad-option', 'no inventory is given', { suggestion: `type: tplay vars inventory/prod.yml ${host}` });
  return { inventories, host: host ?? '' };
}

/** Nobody is asked for passwords: no host is touched. */
export function quiet(options: HostOptions): HostOptions {
  const { connection, become } = options;
  return { ...options, connection: { ...connection, askPassword: false }, become: { ...become, askPassword: false } };
}

function sourceOf(host: string, values: FlagValues, at: { readonly cwd: string; readonly found: Diagnostics }): Source {
  const { varsPlaybook: playbook, varsRole: role } = values;
  if (playbook !== undefined) return playbookSource([playbook], { ...at, byName: true });
  return loneSource('vars', () => Promise.resolve(emptyPlay(host, { role })), at.cwd);
}

interface Place {
  readonly at: PlayRun;
  readonly host: HostRun;
  readonly role: Role | undefined;
}

interface Asked extends Target {
  readonly values: FlagValues;
  readonly found: Diagnostics;
}

/** The play and role from which variables are looked at; undefined where there is none, which is said. */
function placeOf(plays: readonly PlayRun[], { host: name, values, found }: Asked): Place | undefined {
  const wrong = (message: string, suggestion?: string) => {
    found.error('bad-option', message, { ...(suggestion !== undefined && { suggestion }) });
    return undefined;
  };
  const { varsPlaybook: playbook, varsRole: roleName } = values;
  const inventory = plays[0]?.run.inventory;
  if (inventory !== undefined && inventory.host(name) === undefined) {
    const hosts = inventory.groups.get(name)?.hosts;
    if (hosts !== undefined) return wrong(`"${name}" is a group`, `name one of its hosts: ${hosts.join(', ')}`);
    return wrong(
      `there is no host "${name}"`,
      didYouMean(
        name,
        inventory.hosts.map(h => h.name),
      ),
    );
  }
  const at = plays.find(play => play.hosts.some(host => host.name === name));
  const host = at?.hosts.find(host => host.name === name);
  if (at === undefined || host === undefined) return wrong(`no play of ${playbook} has the host ${name}`);
  if (roleName === undefined) return { at, host, role: undefined };
  const role = at.play.roles.find(role => role.name === roleName);
  if (role !== undefined) return { at, host, role };
  const names = at.play.roles.map(role => role.name);
  return wrong(`the play "${at.play.name}" has no role "${roleName}"`, didYouMean(roleName, names));
}

function placeName({ at: { play }, role }: Place): string {
  const inside = role === undefined ? '' : `the role ${role.name} in `;
  return `as seen by ${inside}the play "${play.name}", ${spanName(play.span)}`;
}

/** The variables asked for: those of --explain, or all that are set. */
function namesOf(seen: Seen, { explain }: FlagValues, found: Diagnostics): readonly string[] {
  if (explain.length === 0) return namesSet(seen.layers);
  const known = [...new Set(seen.scope.names())];
  for (const name of explain)
    if (!known.includes(name)) {
      const suggestion = didYouMean(name, known);
      found.error('undefined-variable', `there is no variable "${name}"`, { ...(suggestion && { suggestion }) });
    }
  return explain;
}

function textOf(seen: Seen, names: readonly string[], { explain, json }: FlagValues): string {
  if (explain.length > 0) return (json ? explainedJson : explained)(seen, names);
  return (json ? listedJson : listed)(seen, names);
}
