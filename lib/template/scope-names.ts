import type { Body, Statement, Target } from './nodes.ts';

/** Every name a template sets itself, anywhere: all others are variables, and are looked for nowhere else. */
export function localNames(body: Body, names = new Set<string>()): Set<string> {
  for (const statement of body) collect(statement, names);
  return names;
}

function collect(statement: Statement, names: Set<string>): void {
  switch (statement.type) {
    case 'set':
      return targetNames(statement.target, names);
    case 'set-block':
      targetNames(statement.target, names);
      break;
    case 'for':
      names.add('loop');
      targetNames(statement.target, names);
      localNames(statement.otherwise, names);
      break;
    case 'if':
      for (const branch of statement.branches) localNames(branch.body, names);
      localNames(statement.otherwise, names);
      return;
    case 'macro':
    case 'call':
      for (const name of ['caller', 'varargs', 'kwargs']) names.add(name);
      if (statement.type === 'macro') names.add(statement.name);
      for (const parameter of statement.parameters) names.add(parameter.name);
      break;
    case 'with':
      for (const assignment of statement.assignments) targetNames(assignment.target, names);
      break;
    case 'import':
      names.add(statement.as);
      return;
    case 'from':
      for (const imported of statement.names) names.add(imported.as);
      return;
    case 'block':
      for (const name of ['super', 'self']) names.add(name);
      break;
    case 'filter':
      break;
    default:
      return;
  }
  localNames(statement.body, names);
}

function targetNames(target: Target, names: Set<string>): void {
  if (target.type === 'name') names.add(target.name);
  else if (target.type === 'tuple') for (const item of target.items) targetNames(item, names);
}
