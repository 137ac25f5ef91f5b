/** `npm run bench`: all sections; `npm run bench -- hosts` (or `templates`, `lab`, `transfer`): some of them. `lab` and `transfer` need a lab. */
const SECTIONS: Readonly<Record<string, () => Promise<unknown>>> = {
  templates: async () => {
    const { printTemplates } = await import('./templates.ts');
    process.exitCode = Math.max(Number(process.exitCode ?? 0), printTemplates());
  },
  hosts: () => import('./hosts.ts'),
  lab: () => import('./lab.ts'),
  transfer: () => import('./transfer.ts'),
};

const asked = process.argv.slice(2);
const unknown = asked.find(name => !Object.hasOwn(SECTIONS, name));
if (unknown !== undefined) {
  process.stdout.write(`bench: there is no section "${unknown}": it takes ${Object.keys(SECTIONS).join(', ')}\n`);
  process.exit(1);
}
for (const [name, run] of Object.entries(SECTIONS)) if (asked.length === 0 || asked.includes(name)) await run();

export {};
