# Packages of Node by npm. The module defines tp_npm_run, which is npm with the flags of the task.
# shellcheck disable=SC2154 # set by the module, or in core.sh

# tp_npm_open EXECUTABLE: sets tp_npm to npm, and what keeps it from writing anything when it only looks.
tp_npm_open() {
  tp_npm=$(command -v "${1:-npm}") || tp_error "there is no ${1:-npm} on this host: install Node with npm (the package npm)" || return
  # node is beside it, where it is none of the system's
  PATH=${tp_npm%/*}:$PATH
  export PATH npm_config_update_notifier=false npm_config_logs_max=0 npm_config_audit=false npm_config_fund=false npm_config_loglevel=error
}

# tp_npm_has SPEC: is such a package installed, NAME or NAME@VERSION? Prints nothing.
tp_npm_has() { [ -n "$(tp_npm_run ls --depth=0 --parseable -- "$1" 2>/dev/null)" ]; }

# tp_npm_named STATE NAME SPEC: prints how the package is: as STATE when it is so, else absent, other (another version is
# there) or outdated.
tp_npm_named() {
  tp_value=absent tp_fault=
  if [ -n "$tp_npm_there" ] && tp_npm_has "$2"; then
    tp_value=present
    [ "$2" = "$3" ] || tp_npm_has "$3" || tp_value=other
    [ "$1" != latest ] || tp_npm_newest "$2"
  fi
  tp_kv "$2" "$tp_value"
  tp_kv fault "$tp_fault"
}

# tp_npm_newest [NAME]: sets tp_value to latest when npm would update nothing, else to outdated; tp_fault to why it is not known.
tp_npm_newest() {
  tp_said=$(tp_npm_run outdated --parseable -- "$@" 2>&1) || :
  tp_value=latest
  # FOLDER:NAME@WANTED:NAME@CURRENT:NAME@NEWEST, and in later versions who needs it
  tp_said=$(printf '%s\n' "$tp_said" | sed -e '/^$/d' -e '/:\(\(@[^/:@]*\/\)\{0,1\}[^:@/]*@[^:]*\):\1:/d')
  case $tp_said in
    '') ;;
    *"npm ERR"* | *"npm error"*) tp_value=unknown tp_fault=$(printf '%s\n' "$tp_said" | head -n 3) ;;
    *) tp_value=outdated ;;
  esac
}

# tp_npm_whole STATE: prints whether all packages of package.json are there: packages=present, latest, missing or outdated.
tp_npm_whole() {
  tp_value=missing tp_fault=
  if [ -n "$tp_npm_there" ] && [ -f package.json ] && tp_npm_run ls --all --parseable >/dev/null 2>&1; then
    tp_value=present
    [ "$1" != latest ] || tp_npm_newest
  fi
  tp_kv packages "$tp_value"
  tp_kv fault "$tp_fault"
}

# tp_npm_locked CODE: prints whether what is installed is what package-lock.json says: packages=locked or other. CODE is for
# node, with the two files as arguments, and fails when they differ.
tp_npm_locked() {
  tp_value=other tp_fault=
  if [ -n "$tp_npm_there" ] && [ -f package.json ]; then
    tp_lock=package-lock.json
    [ ! -f npm-shrinkwrap.json ] || tp_lock=npm-shrinkwrap.json
    if [ ! -f "$tp_lock" ]; then tp_fault="there is no package-lock.json in $PWD, by which ci installs"
    elif [ -n "${tp_before-}" ] || node -e "$1" "$tp_lock" node_modules/.package-lock.json >/dev/null 2>&1; then tp_value=locked
    fi
  fi
  tp_kv packages "$tp_value"
  tp_kv fault "$tp_fault"
}
