import type { Example, Rule } from '../../lib/lint/rule.ts';
import { RULES } from '../../lib/lint/rules/index.ts';

/** A rule of lint with its examples. */
function ruleText({ name, doc, bad, good }: Rule): string {
  const example = (title: string, { text, files = {} }: Example) => {
    const more = Object.entries(files).map(([path, inside]) => `# ${path}\n${inside}`);
    return `${title}:\n\n\`\`\`yaml\n${[text, ...more].join('\n').trim()}\n\`\`\``;
  };
  return `## ${name}\n\n${doc}\n\n${example('Found', bad)}\n\n${example('Fine', good)}`;
}

const LINT = `# Rules of lint

Made from the rules by \`npm run generate\`. \`tplay lint site.yml\` looks for these in playbooks, their roles and what their
includes bring. A comment silences rules on its line, on the line below it, or for the task whose first line it stands on:
\`# tplay:ignore rule-name - the reason\`; \`# noqa\` is taken too.

No rule looks for variables that nothing sets. Names also come from \`-e\`, inventories that are not named here, their scripts,
facts and files that only a run reads, so that such a rule would call right playbooks wrong. What a role needs is certain where
its \`meta/schema.yml\` says so: then a run without it is refused before any host is touched.`;

/** docs/lint.md: every rule with its examples. */
export function lintPage(): string {
  return `${LINT}\n\n${RULES.map(ruleText).join('\n\n')}\n`;
}
