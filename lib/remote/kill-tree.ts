import { quote } from '../shell/sh.ts';
import type { Link } from './link.ts';
import { type StartOptions, startProgram } from './start-program.ts';
import { settled } from './waiting.ts';

/**
 * Ends a process of the host and all its children: closing a channel does not stop what runs there. /proc rather
 * than `ps`, which a minimal system has not; a process's children are those that name it as their parent.
 */
function script(pid: number): string {
  return `
tree=${pid}
all=
for f in /proc/[0-9]*/stat; do
  IFS= read -r line <"$f" || continue
  p=\${f#/proc/}; rest=\${line##*) }
  set -- $rest
  all="$all \${p%/stat}:$2"
done 2>/dev/null
grew=1
while [ "$grew" = 1 ]; do
  grew=0
  for pair in $all; do
    p=\${pair%:*}
    case " $tree " in *" $p "*) continue ;; *" \${pair#*:} "*) tree="$tree $p"; grew=1 ;; esac
  done
done
kill -TERM $tree 2>/dev/null
n=0
while [ "$n" -lt 20 ] && kill -0 $tree 2>/dev/null; do n=$((n + 1)); sleep 0.1 2>/dev/null || sleep 1; done
kill -KILL $tree 2>/dev/null
exit 0
`;
}

/** Ends a session's shell and what it runs, through a channel of its own. Gives up quietly: the link may be the fault. */
export async function killTree(link: Link, options: StartOptions, pid: number): Promise<void> {
  const work = async () => {
    const channel = await startProgram(link, quote(options.shell), { ...options, timeoutMs: 3000 });
    channel.stdout.resume();
    channel.stderr.resume();
    channel.stdin.on('error', () => undefined); // the link is gone, and with it what it ran
    channel.stdin.end(script(pid));
    if (!(await settled(channel.ended, 4000))) channel.close();
  };
  await settled(work(), 5000);
}
