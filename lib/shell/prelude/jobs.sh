# Jobs in the background: each has a folder that only its user can look into, with its output and, at its end, how it ended.
# shellcheck disable=SC2154 # set in core.sh

# tp_job_start DIR JID SECONDS SCRIPT: runs SCRIPT in the background, so many seconds at most, and prints the job's folder
# DIR/JID. The job goes on when the session ends.
tp_job_start() {
  tp_job=$1/$2
  (umask 077 && mkdir -p -- "$1" && mkdir -- "$tp_job") || return
  (
    trap '' HUP
    tp_dir=$tp_job/tmp # a frame's temporary files go with the frame, a job's with the job
    tp_begin=$(date +%s)
    (eval "$4") >"$tp_job/stdout" 2>"$tp_job/stderr"
    printf '%s %s %s\n' "$?" "$tp_begin" "$(date +%s)" >"$tp_job/end" && mv -- "$tp_job/end" "$tp_job/rc"
    [ ! -d "$tp_dir" ] || rm -rf -- "$tp_dir"
  ) </dev/null >/dev/null 2>&1 &
  tp_pid=$!
  printf '%s\n' "$tp_pid" >"$tp_job/pid"
  (
    trap '' HUP
    tp_job_watch "$tp_job" "$tp_pid" "$3"
  ) </dev/null >/dev/null 2>&1 &
  printf '%s\n' "$tp_job"
}

# tp_job_watch FOLDER PID SECONDS: waits for the end of a job, and ends it when its time is over.
tp_job_watch() {
  tp_left=$3
  while [ "$tp_left" -gt 0 ]; do
    tp_step=1
    [ "$tp_left" -le 60 ] || tp_step=5
    sleep "$tp_step"
    tp_left=$((tp_left - tp_step))
    if [ -e "$1/rc" ] || ! tp_runs "$2"; then return 0; fi
  done
  # said before it is done: whoever looks while the job is being ended must not find it lost
  [ ! -d "$1" ] || : >"$1/late"
  tp_kill_tree "$2"
}

# tp_job_state FOLDER MODE: prints a line: "none" (no such job), "running", "timeout", "lost" (it ended without having said
# how), or "RC BEGIN END"; behind that what it printed, on both streams. MODE: look, or take (removes a job that has ended).
tp_job_state() {
  if [ ! -d "$1" ]; then
    printf 'none\n'
    return
  fi
  tp_alive=
  ! tp_runs "$(cat -- "$1/pid")" || tp_alive=1
  if [ -e "$1/rc" ]; then
    cat -- "$1/rc" "$1/stdout"
    cat -- "$1/stderr" >&2
  elif [ -n "$tp_alive" ]; then
    printf 'running\n'
    return
  elif [ -e "$1/late" ]; then printf 'timeout\n'
  else printf 'lost\n'
  fi
  [ "$2" = look ] || rm -rf -- "$1"
}

# tp_job_end FOLDER: ends a job that runs and removes its folder.
tp_job_end() {
  [ -e "$1/rc" ] || tp_kill_tree "$(cat -- "$1/pid")"
  rm -rf -- "$1"
}

# tp_runs PID: is there such a process that has not ended? One whose parent has not asked for its status is over too.
tp_runs() {
  kill -0 "$1" 2>/dev/null || return
  tp_line=
  IFS= read -r tp_line 2>/dev/null <"/proc/$1/stat"
  case $tp_line in *") Z "*) return 1 ;; esac
}

# tp_kill_tree PID: ends a process and all its children, those that do not listen after two seconds by force. /proc rather
# than `ps`, which a minimal system has not; a process's children are those that name it as their parent.
tp_kill_tree() {
  tp_tree=$1
  tp_all=
  for tp_stat in /proc/[0-9]*/stat; do
    IFS= read -r tp_line <"$tp_stat" || continue
    tp_pid=${tp_stat#/proc/}
    tp_rest=${tp_line##*) ?}
    tp_rest=${tp_rest# }
    tp_all="$tp_all ${tp_pid%/stat}:${tp_rest%% *}"
  done 2>/dev/null
  tp_grew=1
  while [ "$tp_grew" = 1 ]; do
    tp_grew=0
    for tp_pair in $tp_all; do
      tp_pid=${tp_pair%:*}
      case " $tp_tree " in
        *" $tp_pid "*) continue ;;
        *" ${tp_pair#*:} "*)
          tp_tree="$tp_tree $tp_pid"
          tp_grew=1
          ;;
      esac
    done
  done
  # shellcheck disable=SC2086 # a list of numbers
  kill -TERM $tp_tree 2>/dev/null
  tp_n=0
  while [ "$tp_n" -lt 20 ]; do
    tp_alive=
    for tp_pid in $tp_tree; do ! tp_runs "$tp_pid" || tp_alive=1; done
    [ -n "$tp_alive" ] || return 0
    tp_n=$((tp_n + 1))
    sleep 0.1 2>/dev/null || sleep 1
  done
  # shellcheck disable=SC2086
  kill -KILL $tp_tree 2>/dev/null
  return 0
}
