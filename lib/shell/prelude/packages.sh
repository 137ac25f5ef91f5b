# Packages of Alpine by apk. The module defines tp_apk_run, which is apk with the flags of the task.
# shellcheck disable=SC2154 # set by the module, or in core.sh

# tp_apk WORLD SPEC...: sets tp_states to a line SPEC=STATE for each package of Alpine: present, absent, or dependency when it
# is installed but not among the packages that were asked for, in the file WORLD.
tp_apk() {
  tp_has apk || tp_error 'there is no apk on this host' || return
  tp_world=$1 tp_states='' tp_plan='' tp_fault=''
  shift
  tp_wanted=$tp_nl$(sed 's/[@<>=~ ].*//' "$tp_world" 2>/dev/null)$tp_nl
  for tp_spec; do
    tp_state=absent
    # the repository after @ is no part of what is installed
    if [ -n "$(apk info -e -- "${tp_spec%%@*}" 2>/dev/null)" ]; then
      case $tp_wanted in *"$tp_nl${tp_spec%%[@<>=~]*}$tp_nl"*) tp_state=present ;; *) tp_state=dependency ;; esac
    fi
    tp_rpm_label "$tp_spec"
    tp_states=$tp_states$tp_label=$tp_state$tp_nl
  done
}

# tp_apk_latest SPEC...: what is present and could be newer becomes outdated in tp_states, else latest.
tp_apk_latest() {
  tp_news=$tp_nl$(tp_apk_run version -q -l '<' 2>/dev/null)$tp_nl
  tp_states=$(printf '%s' "$tp_states" | while read -r tp_line; do
    case $tp_line in
      *=present)
        tp_label=${tp_line%=*}
        case $tp_news in *"$tp_nl${tp_label%%[ @]*}"[-\ ][0-9]* | *"$tp_nl${tp_label%%[ @]*}$tp_nl"*) tp_line=$tp_label=outdated ;; *) tp_line=$tp_label=latest ;; esac
        ;;
    esac
    printf '%s\n' "$tp_line"
  done)$tp_nl
}

# tp_apk_plan WORD...: adds to tp_plan the names of packages that apk would change, and to tp_fault why it cannot. The second
# look, after the work, need not ask again.
tp_apk_plan() {
  [ -z "${tp_before-}" ] || return 0
  if tp_said=$(tp_apk_run --simulate "$@" 2>&1); then
    tp_plan=$tp_plan$(printf '%s\n' "$tp_said" | sed -n 's/^([0-9]*\/[0-9]*) [A-Z][a-z]* \([^ ]*\) .*/\1/p')$tp_nl
  else tp_fault=$tp_fault$tp_said
  fi
}

# tp_apk_tell: prints the details.
tp_apk_tell() {
  tp_kv plan "$tp_plan"
  tp_kv fault "$tp_fault"
}
