# Apps that pm2 runs. The module exports PM2_HOME where it is told.
# shellcheck disable=SC2154 # set by the module, or in core.sh

# tp_pm2_open EXECUTABLE: sets tp_pm2 to pm2; its Node is the one beside it where it is none of the system's.
tp_pm2_open() {
  tp_pm2=$(command -v "${1:-pm2}") || tp_error "there is no ${1:-pm2} on this host: install pm2 (npm install -g pm2)" || return
  PATH=${tp_pm2%/*}:$PATH
  export PATH PM2_DISABLE_VERSION_CHECK=1 PM2_PROGRAMMATIC=
  tp_pm2_home=${PM2_HOME:-$HOME/.pm2}
}

# tp_pm2_runs: is there a daemon of pm2? Asked itself it would start one. Prints nothing.
tp_pm2_runs() {
  tp_pid=$(cat "$tp_pm2_home/pm2.pid" 2>/dev/null) && [ -S "$tp_pm2_home/rpc.sock" ] && kill -0 "$tp_pid" 2>/dev/null
}

# tp_pm2 CODE WANTED: prints how the apps are, by CODE for node: apps, saved, and details.
tp_pm2() {
  [ -d "$tp_dir" ] || mkdir -m 0700 "$tp_dir" || return
  tp_saves=$tp_pm2_home/dump.pm2
  # nothing runs that could be remembered or forgotten
  if tp_pm2_runs; then "$tp_pm2" jlist; else tp_saves='' && echo '[]'; fi >"$tp_dir/pm2" 2>/dev/null
  node -e "$1" "$2" "$tp_dir/pm2" "$tp_saves"
}

# tp_pm2_each DETAIL WORD...: calls pm2 with the words and each app of a detail of the first look: due, others or known.
tp_pm2_each() {
  tp_list=$(printf '%s\n' "$tp_before" | sed -n "s/^$1=//p" | tr ',' '\n')
  shift
  [ -z "$tp_list" ] || printf '%s\n' "$tp_list" | while IFS= read -r tp_name; do
    "$tp_pm2" "$@" "$tp_name" </dev/null || exit
  done
}

# tp_pm2_start FILE FLAGS...: starts the apps that are due, of an ecosystem file.
tp_pm2_start() {
  if tp_pm2_runs; then tp_pm2_each gone delete
  elif [ -f "$tp_pm2_home/dump.pm2" ]; then
    # what was remembered runs again, as it would after a boot; else it would be forgotten when this is saved
    "$tp_pm2" resurrect
    printf '%s\n' "$tp_before" | sed -n 's/^due=//p' | tr ',' '\n' | while IFS= read -r tp_name; do
      "$tp_pm2" delete "$tp_name" </dev/null >/dev/null 2>&1 || : # was not among them
    done
  fi
  tp_list=$(printf '%s\n' "$tp_before" | sed -n 's/^due=//p')
  [ -z "$tp_list" ] || "$tp_pm2" start "$@" --only "$tp_list"
}
