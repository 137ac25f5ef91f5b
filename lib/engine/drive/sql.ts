import {
  type Locals,
  type SqlLogin,
  type SqlModule,
  type SqlPlan,
  type SqlProgram,
  type SqlResult,
  type SqlStatement,
  sh,
} from '../../module.ts';
import type { Outcome } from '../../outcome.ts';
import type { Session } from '../../remote/session.ts';
import type { SqlConnection } from '../../remote/sql.ts';
import { SqlError } from '../../remote/sql-error.ts';
import type { SqlLease } from '../../remote/sql-pool.ts';
import { sql } from '../../text/sql.ts';
import type { Mode } from './converge.ts';
import { lastLines, moduleFailure, runFrame } from './frame.ts';
import { changedKeys } from './state.ts';
import { Late, Stop } from './stop.ts';

/** Where the connections to databases come from (remote/sql-pool.ts). */
export interface SqlDoor {
  open(session: Session, login: SqlLogin): Promise<SqlLease>;
}

export interface SqlDrive extends Mode {
  readonly session: Session;
  readonly locals: Locals;
  readonly sql: SqlDoor;
  /** Of the task, for programs that are run on the host. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Looks at a database, runs what is missing, and looks again. */
export async function driveSql(module: SqlModule, args: never, at: SqlDrive): Promise<Outcome> {
  const stop = new Stop(at);
  try {
    const logins = module.login(args, await loginFiles(module, args, at));
    const { lease, login } = await stop.within(openFirst(logins, at), late => late.lease.close());
    await using db = lease;
    stop.onStop(() => db.close());
    return await stop.within(reach(module, args, { ...at, db, login }));
  } catch (error) {
    if (error instanceof Late)
      return failed('timeout', `${module.name}: no answer within ${(at.timeoutMs ?? 0) / 1000} s`);
    if (error instanceof SqlError) return at.check ? dryFailure(module, error) : failure(module, error);
    throw error;
  } finally {
    stop.done();
  }
}

const FILE_MARK = '%% tplay file ';

/** What stands in the files of the host that the login needs: one frame, none without such files. */
async function loginFiles(module: SqlModule, args: never, at: SqlDrive): Promise<ReadonlyMap<string, string>> {
  const wanted = module.loginFiles?.(args) ?? [];
  if (wanted.length === 0) return new Map();
  const look = wanted.map(({ path, optional }, i) => {
    const home = path.startsWith('~/') ? sh`"$HOME"/${path.slice(2)}` : sh`${path}`;
    const read = sh`printf '%s\n' ${`${FILE_MARK}${i}`}; cat <${home} || exit; printf '\n'`;
    return optional ? sh.lines(sh`if [ -r ${home} ]; then`, read, sh`fi`) : read;
  });
  const reply = await runFrame(sh.lines(...look), { ...at, environment: {} });
  if (reply.rc !== 0) throw new SqlError('denied', `cannot read what the login needs: ${lastLines(reply)}`, {});
  const parts = `\n${reply.stdout}`.split(`\n${FILE_MARK}`).slice(1);
  return new Map(
    parts.map(part => {
      const end = part.indexOf('\n');
      return [wanted[Number(part.slice(0, end))]?.path ?? '', part.slice(end + 1)];
    }),
  );
}

interface Opened {
  readonly lease: SqlLease;
  readonly login: SqlLogin;
}

/** The first login that the server takes; when none is taken, the error of the last. */
async function openFirst(logins: readonly SqlLogin[], at: SqlDrive): Promise<Opened> {
  for (const [i, login] of logins.entries()) {
    try {
      return { lease: await at.sql.open(at.session, login), login };
    } catch (error) {
      if (!(error instanceof SqlError && error.kind === 'denied') || i === logins.length - 1) throw error;
    }
  }
  throw new Error('internal: a module without a login');
}

type Reaching = SqlDrive & { readonly db: SqlConnection; readonly login: SqlLogin };

async function reach(module: SqlModule, args: never, at: Reaching): Promise<Outcome> {
  const plan = await module.plan(args, at.db, at.locals);
  if ('failed' in plan) {
    if (at.check && plan.later) return { status: 'unknown', why: `not yet: ${plan.failed}`, values: {} };
    return failed('exit-status', `${module.name}: ${plan.failed}`);
  }
  const values = (results: readonly SqlResult[]) => ({ ...plan.values, ...module.values?.(args, results) });
  if (plan.program !== undefined) return await runProgram(module, { plan, program: plan.program }, at);
  if (plan.statements.length === 0) return { status: 'ok', values: values([]) };
  const diff = { state: changedKeys(plan.before, plan.after) };
  if (at.check && plan.command === 'maybe')
    return { status: 'unknown', why: `${module.name} runs no statement in a dry run`, values: {} };
  if (at.check) return { status: 'changed', values: values([]), diff };
  const results = await runAll(plan, at.db);
  if (plan.command !== undefined) {
    const changed = module.changed?.(args, results) ?? true;
    return changed ? { status: 'changed', values: values(results), diff } : { status: 'ok', values: values(results) };
  }
  const missing = await whatIsMissing(module, args, at);
  if (missing !== undefined)
    return failed('not-converged', `${module.name}: the state is still not what was asked for: ${missing}`);
  return { status: 'changed', values: values(results), diff };
}

/** Statements that a program needs, and the program: as a command, of which nothing is looked at again. */
async function runProgram(
  module: SqlModule,
  { plan, program }: { readonly plan: SqlPlan; readonly program: SqlProgram },
  at: Reaching,
): Promise<Outcome> {
  const frames = { ...at, environment: at.environment ?? {} };
  const diff = { state: changedKeys(plan.before, plan.after) };
  if (at.check || plan.statements.length > 0) {
    const look = await runFrame(program.look, frames);
    if (look.rc !== 0 && at.check)
      return { status: 'unknown', why: `not yet: ${lastLines(look)}`, values: plan.values ?? {} };
    if (look.rc !== 0) return moduleFailure(module.name, lastLines(look), look);
  }
  if (at.check) return { status: 'changed', values: plan.values ?? {}, diff };
  await runAll(plan, at.db);
  const reply = await runFrame(sh.lines(program.look, program.run(at.login)), frames);
  if (reply.rc !== 0) return moduleFailure(module.name, lastLines(reply) || `exit status ${reply.rc}`, reply);
  return { status: 'changed', values: { ...plan.values, ...program.values?.(reply) }, diff };
}

async function runAll(plan: SqlPlan, db: SqlConnection): Promise<readonly SqlResult[]> {
  const results: SqlResult[] = [];
  if (plan.transaction) await db.run(sql`START TRANSACTION`);
  for (const statement of plan.statements) results.push(await runOne(statement, db));
  if (plan.transaction) await db.run(sql`COMMIT`); // without it the server rolls back when the connection is given back
  return results;
}

async function runOne(statement: SqlStatement, db: SqlConnection): Promise<SqlResult> {
  try {
    return await db.run(statement.sql);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    if (error.number !== undefined && statement.ignore?.includes(error.number))
      return { rows: [], affected: 0, remarks: [], ignored: true };
    if (statement.from === undefined) throw error;
    const { kind, number, statement: shown } = error;
    throw new SqlError(kind, `${statement.from}: ${error.message}`, {
      number,
      ...(shown !== undefined && { statement: shown }),
    });
  }
}

async function whatIsMissing(
  module: SqlModule,
  args: never,
  at: SqlDrive & { readonly db: SqlConnection },
): Promise<string | undefined> {
  const again = await module.plan(args, at.db, at.locals);
  if ('failed' in again) return again.failed;
  if (again.statements.length === 0) return undefined;
  const changes = Object.entries(changedKeys(again.before, again.after));
  return changes.map(([key, [is, want]]) => `${key} is "${is}", not "${want}"`).join(', ');
}

function failed(reason: 'exit-status' | 'not-converged' | 'timeout', message: string, command?: string): Outcome {
  return { status: 'failed', reason, message, ...(command !== undefined && { command }), ignored: false };
}

function failure(module: SqlModule, error: SqlError): Outcome {
  return failed('exit-status', `${module.name}: ${error.message}`, error.statement);
}

// unknown: a database, a column, a table, a procedure, an account (GRANT)
const NOT_THERE_YET = new Set([1049, 1054, 1146, 1305, 1133]);

/** In a dry run the server, the account or the table may be what a task before would have made. */
function dryFailure(module: SqlModule, error: SqlError): Outcome {
  const unknown = (why: string): Outcome => ({ status: 'unknown', why: `${why}: ${error.message}`, values: {} });
  if (error.kind === 'refused') return unknown('the database does not answer yet');
  if (error.kind === 'denied') return unknown('the database does not let this login in yet');
  if (error.kind === 'unknown-database' || (error.number !== undefined && NOT_THERE_YET.has(error.number)))
    return unknown('what it works on is not there yet');
  return failure(module, error);
}
