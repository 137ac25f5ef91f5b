# The web of a host whose own variables are not at hand: which process it is, is seen by where it stands.
# WEB_PATH, WEB_WAIT (seconds), and WEB_DO:
#   due      prints the processes that are older than their conf
#   restart  ends those and waits until they are gone; pm2 starts them again
set -u
folder=$(cd -P "$WEB_PATH" && pwd) || exit
conf=$folder/config/tars.conf

old() {
  written=$(stat -c %.2Z "$conf") || exit
  written=${written%[.,]*}${written#*[.,]}
  read -r up _ </proc/uptime
  booted=$(($(date +%s%N) / 10000000 - ${up%.*}${up#*.})) ticks=$(getconf CLK_TCK)
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/cwd" 2>/dev/null)" = "$folder" ] || continue
    # the app itself, not the npm or shell that started it
    case $(tr '\0' ' ' <"$process/environ" 2>/dev/null) in *pm_id=*) ;; *) continue ;; esac
    line=$(cat "$process/stat" 2>/dev/null) || continue
    # shellcheck disable=SC2086 # the fields behind the name, which may hold anything
    set -- ${line##*) }
    shift 19
    # a clock of hundredths on both sides: 5 of them are no difference
    [ "$written" -gt $((booted + $1 * 100 / ticks + 5)) ] && printf '%s\n' "${process#/proc/}"
  done
}

restart() {
  pids=$(old)
  [ -n "$pids" ] || return 0
  # shellcheck disable=SC2086 # several
  kill -INT $pids
  left=$((WEB_WAIT * 5))
  while [ -n "$(old)" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { printf 'the web in %s does not end: %s\n' "$WEB_PATH" "$pids" >&2; exit 1; }
    sleep 0.2
  done
}

case $WEB_DO in
  due) old ;;
  restart) restart ;;
esac
