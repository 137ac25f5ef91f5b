#!/usr/bin/env node
import { main } from '../dist/cli/main.js';

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Only a bug of tplay's gets here; what users write wrong is a diagnostic, what hosts do wrong an outcome.
  process.stderr.write(`tplay: internal error, please report it: ${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
}
