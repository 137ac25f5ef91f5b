import { type Kind, type Lab, labDown, labMissing, labUp } from '../../lab/lab.ts';
import { lock } from '../../lab/state.ts';
import { modules } from '../../lib/modules/index.ts';
import { makeSessions } from '../../lib/remote/sessions.ts';
import { readCases } from './case.ts';
import { runHost } from './host.ts';
import { labPlace } from './lab-place.ts';
import { installNode } from './node-tools.ts';
import { type Result, report } from './table.ts';
import { installPodman, installTools } from './tools.ts';

/**
 * `npm run test:modules [-- names] [--kind KIND] [--keep]`: the cases of modules on real hosts, one of each kind, over SSH
 * as a run would reach them: dry run, first run, second run. Ends with a table of modules and kinds.
 */
const KINDS: readonly Kind[] = ['debian', 'user', 'dnf', 'openrc', 'busybox'];
/** Kinds that get Node: one without become, one with. */
const NODE: ReadonlySet<Kind> = new Set(['debian', 'user']);
const words = process.argv.slice(2);
const keep = words.includes('--keep');
const kinds = chosenKinds(words);
const names = words.filter((word, at) => !word.startsWith('--') && words[at - 1] !== '--kind');
const say = (line: string) => process.stdout.write(`${line}\n`);

const cases = readCases(new URL('../../../test/modules/', import.meta.url), names).filter(
  c => c.case.bad === undefined,
);
const missing = labMissing();
if (missing.length > 0) {
  say(`no lab here: ${missing.join('; ')}`);
  process.exitCode = 1;
} else if (cases.length === 0 || kinds.length === 0) {
  say(
    cases.length === 0 ? `no module with cases is called ${names.join(' or ')}` : `the kinds are ${KINDS.join(', ')}`,
  );
  process.exitCode = 1;
} else process.exitCode = await main();

async function main(): Promise<number> {
  const name = 'modules';
  const hosts = KINDS.map(kind => ({ name: kind, kind })).filter(host => kinds.includes(host.kind));
  // two at once on one lab would spoil each other's hosts
  await using _held = await lock(`test-${name}`, () => say('waiting for another process that runs this'));
  if (!keep) await labDown(name); // of a run that was killed
  try {
    return await onLab(await labUp({ name, subnet: '10.95.0.0/24', hosts }, { report: say }));
  } finally {
    if (!keep) await labDown(name);
  }
}

async function onLab(lab: Lab): Promise<number> {
  await using sessions = makeSessions();
  const began = performance.now();
  const results = await Promise.all(
    lab.hosts.map(async (host): Promise<readonly Result[]> => {
      const place = labPlace(lab, host, sessions);
      await installTools(place, say);
      await installPodman(place, cases, say);
      if (NODE.has(host.kind) && cases.some(c => /^(npm|pm2)$/.test(c.module))) await installNode(place, say);
      return await runHost(place, cases, say);
    }),
  );
  const status = report(results.flat(), { kinds, say, seconds: (performance.now() - began) / 1000 });
  if (names.length === 0) for (const line of await untold(cases.map(c => c.module))) say(line);
  return status;
}

/** The modules that no case here is about, so that the table leaves none out in silence. */
async function untold(told: readonly string[]): Promise<readonly string[]> {
  const rest = Object.entries(modules).filter(([name]) => !told.includes(name));
  const kinds = await Promise.all(rest.map(async ([name, load]) => [name, (await load()).default.kind] as const));
  const here = kinds.filter(([, kind]) => kind === 'local' || kind === 'vars').map(([name]) => name);
  const other = kinds.filter(([name]) => !here.includes(name)).map(([name]) => name);
  return [
    `no host is needed by: ${here.join(', ')}`,
    ...(other.length === 0 ? [] : [`tested elsewhere (npm test): ${other.join(', ')}`]),
  ];
}

function chosenKinds(argv: readonly string[]): readonly Kind[] {
  const given = argv.filter((_, at) => argv[at - 1] === '--kind');
  return given.length === 0 ? KINDS : KINDS.filter(kind => given.includes(kind));
}
