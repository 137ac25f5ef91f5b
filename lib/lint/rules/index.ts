import type { Rule } from '../rule.ts';
import { alwaysChanged, commandForModule, needlessShell, secretInCommand } from './commands.ts';
import { comparedToBoolean, comparedToEmpty } from './conditions.ts';
import { missingMode, packageLatest } from './files.ts';
import { loopVarClash, tagsOnInclude } from './includes.ts';
import { becomeUserAlone, delegatedBecome } from './privilege.ts';
import { duplicateName, ignoredErrors, unnamedTask, unusedHandler, unusedRegister, withLoop } from './tasks.ts';
import { plainSecret, shadowedName, unusedDefault } from './vars.ts';

/** All rules, in the order of docs/lint.md. */
export const RULES: readonly Rule[] = [
  alwaysChanged,
  commandForModule,
  needlessShell,
  secretInCommand,
  plainSecret,
  missingMode,
  packageLatest,
  becomeUserAlone,
  delegatedBecome,
  comparedToBoolean,
  comparedToEmpty,
  tagsOnInclude,
  loopVarClash,
  withLoop,
  ignoredErrors,
  unnamedTask,
  duplicateName,
  unusedHandler,
  unusedRegister,
  unusedDefault,
  shadowedName,
];
