import { type Api, ApiFault, type Values } from '../../module.ts';
import type { TarsWeb } from './tars-web.ts';

export interface TarsCommand {
  readonly server_id: string;
  readonly command: 'patch_tars' | 'start' | 'stop' | 'restart' | 'undeploy_tars';
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface Patience {
  /** Milliseconds since 1970. */
  readonly deadline: number;
  /** Seconds between two looks. */
  readonly poll: number;
  /** What was given, for messages. */
  readonly seconds: number;
}

interface Item {
  readonly [key: string]: unknown;
}

const [GOOD, FAILED] = [3, 4];

/** Has the web do something and waits until it is done: the number of its task and what it says of it. */
export async function carryOut(web: TarsWeb, api: Api, command: TarsCommand, wait: Patience): Promise<Values> {
  const items = [command];
  const number = await web.post('add_task', { serial: true, elegant: false, eachnum: 1, items });
  if ((typeof number !== 'string' && typeof number !== 'number') || number === '')
    throw new ApiFault('answer', `the web gave no number of a task for ${command.command}`);
  const task_no = String(number);
  for (;;) {
    const task = (await web.get('task', { task_no })) as { status?: unknown; items?: unknown } | null;
    const done = ended(task_no, task ?? {});
    if (done !== undefined) return done;
    if (Date.now() > wait.deadline)
      throw new ApiFault('answer', `task ${task_no} is not done after ${wait.seconds} s: ${sayItems(task?.items)}`);
    await api.wait(wait.poll * 1000);
  }
}

/** Undefined while it is under way: right after add_task the web may not know it yet. */
function ended(task_no: string, task: { readonly status?: unknown; readonly items?: unknown }): Values | undefined {
  const status = task.status === undefined || task.status === null ? Number.NaN : Number(task.status);
  if (!(status >= GOOD)) return undefined;
  const items = Array.isArray(task.items) ? (task.items as Item[]) : [];
  if (status === GOOD) return { task_no, items };
  const how = status === FAILED ? 'failed' : `ended with status ${status}`;
  throw new ApiFault('answer', `task ${task_no} ${how}: ${sayItems(task.items)}`);
}

function sayItems(items: unknown): string {
  if (!Array.isArray(items) || items.length === 0) return 'the web says nothing of it';
  return (items as Item[]).map(sayItem).join('; ');
}

function sayItem(item: Item): string {
  const said = [item['status_info'], item['execute_info']].filter(t => t !== undefined && t !== null && t !== '');
  const what = `${String(item['command'])} of ${String(item['server_name'])} on ${String(item['node_name'])}`;
  return `${what}: ${said.length === 0 ? `status ${String(item['status'])}` : said.map(String).join(', ')}`;
}
