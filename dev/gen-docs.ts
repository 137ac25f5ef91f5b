import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generated, root } from './generated.ts';

/** `npm run generate`: writes docs/ and schemas/ from the code, and the README's tables. */
// of modules that there are no more
rmSync(`${root}docs/modules`, { recursive: true, force: true });
for (const [path, text] of await generated()) {
  mkdirSync(dirname(root + path), { recursive: true });
  writeFileSync(root + path, text);
  process.stdout.write(`${path}\n`);
}
