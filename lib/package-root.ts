import { fileURLToPath } from 'node:url';

/** Folder of the installed package: where its playbooks and roles are. The built file is `dist/lib/package-root.js`. */
export const packageRoot: string = fileURLToPath(new URL('../../', import.meta.url));
