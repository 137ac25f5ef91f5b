# Looks at the Tars servers of this host, starts and stops them. Needs bash, ps, GNU stat: as the package's own scripts.
# TARS_PATH, TARS_SERVERS (in the order of their start, blanks between), TARS_WAIT (seconds), TARS_JOB (what cron runs), and
# TARS_DO: due      prints "SERVER why" for every server that must be (re)started
#          start    (re)starts TARS_ONE and waits until it is well
#          stop     stops all of TARS_SERVERS, tarsnode first
#          health   prints what is wrong with any of them; ends with 1 then
set -u
newline='
'
conf_of() { conf=$TARS_PATH/$1/conf/tars.$1.config.conf; }
copy_of() { copy=$TARS_PATH/tarsnode/data/tars.$1/conf/tars.$1.config.conf; }

look() { running=$(ps -ww -eo pid=,args=); }

# pids SERVER: sets pids, as ps had it when looked
pids() {
  pids=
  while read -r pid args; do
    case $args in
      *' --monitor'* | *' --version'*) ;;
      "$TARS_PATH/$1/bin/$1" | "$TARS_PATH/$1/bin/$1 "*) pids="$pids $pid" ;;
    esac
  done <<END
$running
END
}

# began PID: sets began, hundredths of a second since 1970; 1 when the process is gone
began() {
  line=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # shellcheck disable=SC2086 # the fields behind the name, which may hold anything
  set -- ${line##*) }
  shift 19
  began=$((booted + $1 * 100 / ticks))
}

# changed FILE: sets changed, when it was last written, renamed or given another mode, in the same unit; 1 without file
changed() {
  changed=$(stat -c %.2Z "$1" 2>/dev/null) || return 1
  changed=${changed%[.,]*}${changed#*[.,]}
}

# why SERVER: sets why it must be started, or nothing
why() {
  why=
  pids "$1"
  if [ -z "$pids" ]; then
    why='it is not running'
    return
  fi
  conf_of "$1"
  for pid in $pids; do
    began "$pid" || continue
    case $(readlink "/proc/$pid/exe") in
      "$TARS_PATH/"*' (deleted)') why='its program is another one' ;;
    esac
    # a clock of hundredths on both sides: 5 of them are no difference
    changed "$TARS_PATH/$1/bin/$1" && [ "$changed" -gt $((began + 5)) ] && why='its program is newer than the process'
    changed "$conf" && [ "$changed" -gt $((began + 5)) ] && why='its conf is newer than the process'
    [ -z "$why" ] || return
  done
}

# stale SERVER: is the copy of its conf that tarsnode made missing or older than the conf?
stale() {
  conf_of "$1"
  copy_of "$1"
  changed "$conf" || return 1
  conf_changed=$changed
  changed "$copy" || return 0
  [ "$changed" -lt "$conf_changed" ]
}

due() {
  look
  read -r up _ </proc/uptime
  booted=$(($(date +%s%N) / 10000000 - ${up%.*}${up#*.})) ticks=$(getconf CLK_TCK)
  for server in $TARS_SERVERS; do
    why "$server"
    if [ -z "$why" ] && [ "$server" = tarsnode ]; then
      for other in $TARS_SERVERS; do
        [ "$other" = tarsnode ] && continue
        if stale "$other"; then why="its copy of the conf of $other is old or missing"; fi
      done
    fi
    [ -z "$why" ] || printf '%s %s\n' "$server" "$why"
  done
}

# well SERVER: does it answer, and listen everywhere its conf says? Sets ill to what is missing.
well() {
  ill=
  conf_of "$1"
  pids "$1"
  if [ -z "$pids" ]; then
    ill="$1 is not running"
    return 1
  fi
  if ! "$TARS_PATH/$1/bin/$1" --monitor --config="$conf" >/dev/null 2>&1 </dev/null; then
    ill="$1 runs, but does not answer --monitor"
    return 1
  fi
  listening=$(ss -Hltn 2>/dev/null || true)
  [ -n "$listening" ] || return 0
  while read -r line; do
    case $line in endpoint*=*' -h '*' -p '* | local*=*' -h '*' -p '*) ;; *) continue ;; esac
    host=${line#*' -h '} port=${line#*' -p '}
    host=${host%% *} port=${port%% *}
    case $listening in
      *" $host:$port "* | *" 0.0.0.0:$port "* | *" *:$port "*) ;;
      *) ill="$ill${ill:+, }$1 does not listen on $host:$port" ;;
    esac
  done <"$conf"
  [ -z "$ill" ]
}

# the copies that tarsnode must have written; sets ill
copies() {
  ill=
  for other in $TARS_SERVERS; do
    copy_of "$other"
    [ "$other" = tarsnode ] || [ -f "$copy" ] || ill="$ill${ill:+, }tarsnode has not written $copy"
  done
  [ -z "$ill" ]
}

# wait_for COMMAND...: until it succeeds, at most TARS_WAIT seconds
wait_for() {
  left=$((TARS_WAIT * 5))
  until look; "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep 0.2
  done
}

start() {
  log=$TARS_PATH/app_log/start-$1.log
  mkdir -p "$TARS_PATH/app_log"
  # start.sh takes tarsnode's copy of the conf where there is one, even an old one: tarsnode, started last, makes it anew
  if [ "$1" = tarsnode ]; then
    for other in $TARS_SERVERS; do
      [ "$other" = tarsnode ] || ! stale "$other" || rm -f "$copy"
    done
  elif stale "$1"; then
    rm -f "$copy"
  fi
  bash "$TARS_PATH/$1/util/start.sh" >"$log" 2>&1 </dev/null
  if wait_for well "$1" && { [ "$1" != tarsnode ] || wait_for copies; }; then return; fi
  printf '%s; %s and %s say why. The end of them:\n' "$ill" "$log" "$TARS_PATH/app_log/tars/$1" >&2
  tail -n 5 "$log" "$TARS_PATH/app_log/tars/$1"/*.log >&2 2>/dev/null
  exit 1
}

gone() {
  pids "$1"
  [ -z "$pids" ]
}

# stop.sh of any other server is undone by a tarsnode that still runs
stop() {
  order=
  for server in $TARS_SERVERS; do
    case $server in tarsnode) order="$server $order" ;; *) order="$order $server" ;; esac
  done
  look
  for server in $order; do
    gone "$server" && continue
    bash "$TARS_PATH/$server/util/stop.sh" >/dev/null 2>&1 </dev/null
    wait_for gone "$server" || { printf '%s does not stop: processes%s\n' "$server" "$pids" >&2; exit 1; }
    printf 'stopped %s\n' "$server"
  done
}

# the scripts by which tarsnode, cron and people start a server; prints those that are not there
scripts() {
  for server in $TARS_SERVERS; do
    set -- "$TARS_PATH/$server/util/start.sh"
    [ "$server" != tarsnode ] || set -- "$@" "$TARS_PATH/tarsnode/util/monitor.sh"
    for script; do
      [ -x "$script" ] || printf '%s is missing or not executable\n' "$script"
    done
  done
  [ -z "${TARS_JOB:-}" ] || [ -x "${TARS_JOB%% *}" ] || printf '%s, which cron shall run, is not there\n' "${TARS_JOB%% *}"
}

health() {
  all=
  look
  for server in $TARS_SERVERS; do
    well "$server" || all="$all$ill$newline"
  done
  case " $TARS_SERVERS " in *' tarsnode '*) copies || all="$all$ill$newline" ;; esac
  # shellcheck disable=SC2044 # no odd names there
  for conf in $(find "$TARS_PATH"/*/conf "$TARS_PATH"/*/util -type f 2>/dev/null); do
    if grep -qE 'TARS_PATH/|UPLOAD_PATH|(localip|registry|db)\.tars\.com|registryAddress' "$conf"; then
      all="${all}a placeholder was not replaced in $conf$newline"
    fi
  done
  all=$all$(scripts)
  printf '%s' "$all"
  [ -z "$all" ]
}

case $TARS_DO in
  start) start "$TARS_ONE" ;;
  due | stop | health) "$TARS_DO" ;;
esac
