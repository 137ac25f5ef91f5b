import { fileURLToPath } from 'node:url';

/**
 * Folder of the installed package, with a slash: where its playbooks, roles and prelude are. Right for
 * `dist/lib/package-root.js` and for the bundle's files in `dist/cli/`, which are as deep.
 */
export const packageRoot: string = fileURLToPath(new URL('../../', import.meta.url));
