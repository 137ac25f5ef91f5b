# Packages. Every probe prints a line for each package asked for: the package as it is written in the playbook, and how
# it is, by one call of the package manager's own database.
# shellcheck disable=SC2154 # set in core.sh

# tp_apk SPEC...: prints for each package of Alpine "present" or "absent".
tp_apk() {
  tp_found=$tp_nl$(apk info -e -- "$@" 2>/dev/null)$tp_nl
  for tp_spec; do
    case $tp_found in *"$tp_nl$tp_spec$tp_nl"*) tp_kv "$tp_spec" present ;; *) tp_kv "$tp_spec" absent ;; esac
  done
}

# tp_apk_latest SPEC...: prints for each package "latest", "absent", or "outdated".
tp_apk_latest() {
  tp_plan=$tp_nl$(apk -q version -l '<' 2>/dev/null)$tp_nl
  tp_apk "$@" | while IFS='=' read -r tp_spec tp_state; do
    case $tp_state:$tp_plan in
      absent:*) tp_kv "$tp_spec" absent ;;
      *"$tp_nl$tp_spec"-[0-9]*) tp_kv "$tp_spec" outdated ;;
      *) tp_kv "$tp_spec" latest ;;
    esac
  done
}
