/** How one task, or one item of its loop, ended on a host. */
export interface Ended {
  readonly host: string;
  /** The same in every run of the same files: file, line and column of the task. */
  readonly place: string;
  readonly title: string;
  readonly item: string | undefined;
  readonly status: string;
  /** A loop as a whole, whose items were told one by one. */
  readonly whole: boolean;
}

/** A run of tplay that is over. */
export interface Ran {
  /** Null when it was killed. */
  readonly status: number | null;
  readonly ended: readonly Ended[];
  readonly seconds: number;
  /** What a person would want to read of it: titles and ends of tasks, messages, failures, diagnostics. */
  readonly text: string;
}

interface Line {
  readonly type: string;
  readonly task?: { readonly name: string; readonly role?: string; readonly span: Place };
  readonly host?: string;
  readonly item?: unknown;
  readonly looped?: boolean;
  readonly outcome?: Outcome;
  readonly text?: string;
  readonly play?: string;
  readonly diagnostic?: { readonly severity: string; readonly message: string; readonly span?: Place };
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface Outcome {
  readonly status: string;
  readonly message?: string;
  readonly why?: string;
  readonly reason?: string;
  readonly command?: string;
  readonly reply?: { readonly stdout: string; readonly stderr: string };
  readonly values?: Readonly<Record<string, unknown>>;
}

/** The title of the task that starts with this line of output, if one does. */
export function startedTask(text: string): string | undefined {
  const line = parsed(text);
  return line?.type === 'task-started' || line?.type === 'host-started' ? line.task?.name : undefined;
}

/** Reads what `tplay --output json` printed. */
export function readRun(stdout: string, stderr: string): Pick<Ran, 'ended' | 'text'> {
  const lines = stdout.split('\n').flatMap(text => parsed(text) ?? []);
  const shown = [...lines.flatMap(textOf), stderr.trim()].filter(line => line !== '');
  return { ended: lines.flatMap(endOf), text: shown.join('\n') };
}

function parsed(text: string): Line | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined; // the last line of a run that was killed
  }
}

function endOf({ type, task, host, item, looped, outcome }: Line): Ended[] {
  if ((type !== 'task-finished' && type !== 'item-finished') || !task || !outcome || host === undefined) return [];
  const label = type === 'item-finished' ? JSON.stringify(item) : undefined;
  const { status } = outcome;
  return [{ host, place: placeOf(task.span), title: titleOf(task), item: label, status, whole: looped === true }];
}

function textOf(line: Line): string[] {
  if (line.type === 'play-started') return [`PLAY ${line.play}`];
  if (line.type === 'message') return [line.text ?? ''];
  if (line.diagnostic !== undefined) {
    const { severity, message, span } = line.diagnostic;
    return [`${severity}: ${message}${span === undefined ? '' : ` (${placeOf(span)})`}`];
  }
  const [ended] = endOf(line);
  if (ended === undefined || ended.whole) return [];
  const { message, why, reason, command, reply, values } = line.outcome ?? {};
  const said = typeof values?.['msg'] === 'string' ? values['msg'] : undefined;
  const more = [message, why, reason, command, reply?.stderr, reply?.stdout, said].filter(
    (part): part is string => part !== undefined && part.trim() !== '',
  );
  const item = ended.item === undefined ? '' : ` ${ended.item}`;
  return [`${ended.host} ${ended.status}: ${ended.title}${item}`, ...more.map(part => `    ${part.trim()}`)];
}

function titleOf({ name, role }: { readonly name: string; readonly role?: string }): string {
  return role === undefined ? name : `${role} : ${name}`;
}

function placeOf({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
