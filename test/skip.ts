/** Says that a test was not run and why; the runner counts these lines. */
export function skipped(name: string, why: string): void {
  process.stdout.write(`SKIP ${name}: ${why}\n`);
}
