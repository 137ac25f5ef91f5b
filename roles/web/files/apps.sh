# Looks at the apps that pm2 runs. WEB_APPS: "NAME=FOLDER" with blanks between, WEB_DO, and for start WEB_ONE:
#   due    prints "NAME FOLDER why" for every app that must be (re)started
#   start  (re)starts WEB_ONE ("NAME FOLDER") and remembers it for the next boot
# Not by the module pm2: how an app is started is the package's say (`npm run prd`), which may be other words in each version, and
# whether it must be is seen by its process and the release's files, of which pm2 knows nothing.
set -u

# list: prints "NAME PID STATUS" of what pm2 runs, one a line
list() {
  pm2 jlist 2>/dev/null | node -e '
    const text = require("fs").readFileSync(0, "utf8");
    const at = text.lastIndexOf("\n[") + 1;
    for (const app of JSON.parse(text.slice(Math.max(at, text.indexOf("[")))))
      console.log(app.name, app.pid || 0, app.pm2_env.status);
  '
}

# younger FOLDER PID: is anything of the app (no link) younger than its process? npm's packages by their stamp
younger() {
  line=$(cat "/proc/$2/stat" 2>/dev/null) || return 1
  folder_of=$1
  # shellcheck disable=SC2086 # the fields behind the name, which may hold anything
  set -- ${line##*) }
  shift 19
  read -r up _ </proc/uptime
  # hundredths of a second since 1970; 5 of them are no difference
  began=$(($(date +%s%N) / 10000000 - ${up%.*}${up#*.} + $1 * 100 / $(getconf CLK_TCK) + 5))
  set -- "$folder_of"
  found=$(find "$1" "$1/node_modules/.tplay" \( -path "$1/log" -o -path "$1/node_modules" -o -path "$1/demo" -o -path "$1/.tplay-release" \) -prune -o \
    -type f -newerct "@$((began / 100)).$(printf %02d $((began % 100)))" -print 2>/dev/null | head -n 1)
  [ -n "$found" ]
}

# saved NAME: will pm2 start it at boot?
saved() { grep -q "\"name\": *\"$1\"" "$PM2_HOME/dump.pm2" 2>/dev/null; }

due() {
  running=
  # without a daemon pm2 would start one, apart from its unit
  [ ! -S "$PM2_HOME/rpc.sock" ] || running=$(list)
  for app in $WEB_APPS; do
    name=${app%%=*} folder=${app#*=} why='it is not running'
    # the folder is a link to a release, a process stands in the release that it was started from
    release=$(cd -P "$folder" 2>/dev/null && pwd) || release=$folder
    while read -r called pid status; do
      [ "$called" = "$name" ] || continue
      why=
      if [ "$status" != online ]; then why="it is $status"
      elif where=$(readlink "/proc/$pid/cwd") && [ "$where" != "$release" ]; then why="it runs in $where"
      elif younger "$release" "$pid"; then why='its files are newer than the process'
      elif ! saved "$name"; then why='pm2 would not start it at boot'
      fi
    done <<END
$running
END
    [ -z "$why" ] || printf '%s %s %s\n' "$name" "$folder" "$why"
  done
}

start() {
  # deleted, not restarted: pm2 keeps the environment of an app that it knows
  pm2 delete "$1" >/dev/null 2>&1
  cd "$2" || exit
  # npm stands in the release itself: pm2 shall know the link, which leads to the release of the day at each start
  npm run prd -- --cwd "$2" >log/start.log 2>&1 </dev/null || { cat log/start.log >&2; exit 1; }
  pm2 save --force >/dev/null
}

# shellcheck disable=SC2086 # WEB_ONE is two words
case $WEB_DO in
  due) due ;;
  start) start $WEB_ONE ;;
esac
