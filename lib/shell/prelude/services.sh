# Services of the three managers. Every probe prints the keys asked for: state (started, stopped, or missing), enabled.
# shellcheck disable=SC2154 # set in core.sh and by the modules

# tp_ctl WORD...: systemctl of the scope that the module sets in tp_scope: --user, --global, or the system's when it is empty.
tp_ctl() {
  tp_has systemctl || tp_error 'this host has no systemctl: systemd does not run it, use the module service' || return
  # sudo and cron bring no session with them, though the user may have one
  if [ "$tp_scope" = --user ] && [ -z "${XDG_RUNTIME_DIR-}" ] && [ -d "/run/user/$(id -u)" ]; then
    XDG_RUNTIME_DIR=/run/user/$(id -u)
    export XDG_RUNTIME_DIR
  fi
  systemctl ${tp_scope:+"$tp_scope"} "$@"
}

# tp_systemd UNIT KEY...: prints state, enabled, masked and status (all that systemd shows) of a unit, from one call. The
# module sets tp_scope, tp_enable to what is wanted (true or false): a unit that can be neither enabled nor disabled is as
# it is wanted; and tp_started to the state that is wanted.
tp_systemd() {
  tp_unit=$1 tp_load='' tp_active='' tp_unit_file='' tp_type='' tp_remain='' tp_result=
  shift
  if [ "$tp_scope" = --global ]; then
    # of all users' managers there is none to ask: what they will find in their folders
    tp_show=''
    tp_unit_file=$(tp_ctl is-enabled -- "$tp_unit" 2>/dev/null)
    case $tp_unit_file in '' | not-found) tp_load=not-found tp_unit_file='' ;; esac
  else tp_show=$(tp_ctl show -- "$tp_unit") || return
  fi
  while IFS='=' read -r tp_key tp_value; do
    case $tp_key in
      LoadState) tp_load=$tp_value ;;
      ActiveState) tp_active=$tp_value ;;
      UnitFileState) tp_unit_file=$tp_value ;;
      Type) tp_type=$tp_value ;;
      RemainAfterExit) tp_remain=$tp_value ;;
      Result) tp_result=$tp_value ;;
    esac
  done <<TP_END
$tp_show
TP_END
  for tp_key; do
    case $tp_key in
      state) tp_kv state "$(tp_systemd_state)" ;;
      enabled) tp_kv enabled "$(tp_systemd_enabled)" ;;
      masked) case $tp_load:$tp_unit_file in masked:* | *:masked*) tp_kv masked true ;; *) tp_kv masked false ;; esac ;;
      status) tp_kv status "$tp_show" ;;
    esac
  done
}

# tp_systemd_state: prints started, stopped or missing. After an apply (then tp_before is set, see tp_converge) a oneshot
# unit is over when it is started: its success counts as started; and with tp_no_block what was asked for is on its way.
tp_systemd_state() {
  case ${tp_no_block-}:${tp_before+after} in
    1:after)
      echo "${tp_started:-stopped}"
      return
      ;;
  esac
  case $tp_load:$tp_active in
    not-found:inactive | not-found:) echo missing ;;
    *:active | *:activating | *:reloading | *:refreshing | *:deactivating) echo started ;;
    *:inactive)
      case $tp_type:$tp_remain:$tp_result:${tp_before+after} in
        oneshot:no:success:after) echo "${tp_started:-stopped}" ;;
        *) echo stopped ;;
      esac
      ;;
    *) echo stopped ;;
  esac
}

# tp_systemd_enabled: prints true, false or missing. The script of an old-style service is asked in the old way.
tp_systemd_enabled() {
  case $tp_load:$tp_unit_file in
    *:enabled | *:enabled-runtime | *:alias) echo true ;;
    not-found:) echo missing ;;
    *:static | *:indirect | *:transient) echo "${tp_enable:-true}" ;;
    *:generated | *:) if tp_ctl -q is-enabled -- "$tp_unit" >/dev/null 2>&1; then echo true; else echo false; fi ;;
    *) echo false ;;
  esac
}

# tp_systemd_known UNIT: fails with a message when systemd knows no such unit.
tp_systemd_known() {
  if [ "$tp_scope" = --global ]; then
    tp_load=$(tp_ctl is-enabled -- "$1" 2>/dev/null)
    [ -n "$tp_load" ] && [ "$tp_load" != not-found ]
  else
    case $(tp_ctl show -p LoadState -- "$1") in *LoadState=not-found*) false ;; esac
  fi || tp_error "there is no unit $1 on this host: install what brings it, or look at systemctl list-unit-files"
}

# tp_sysv NAME LEVELS PATTERN KEY...: prints state and enabled of a script in /etc/init.d. enabled is about the runlevels
# of LEVELS (2345, of which one is enough, when it is empty); with PATTERN a process whose line in ps holds it is the
# state. The module sets tp_started to what is wanted, and tp_forced where that is done whatever the state is.
tp_sysv() {
  tp_unit=$1 tp_levels=$2 tp_pattern=$3
  shift 3
  tp_script=${tp_etc-/etc}/init.d/$tp_unit
  for tp_key; do
    if [ ! -x "$tp_script" ]; then tp_kv "$tp_key" missing
    elif [ "$tp_key" = enabled ]; then tp_kv enabled "$(tp_sysv_enabled)"
    elif [ -n "$tp_pattern" ]; then tp_kv state "$(tp_service_process "$tp_pattern")"
    else
      tp_now=$(tp_sysv_status) || return
      tp_kv state "$tp_now"
    fi
  done
}

# tp_sysv_status: prints started or stopped as $tp_script says by its status; fails with a message for a script that cannot
# say it, unless it is run whatever it says (tp_forced). Old scripts end with 0 whatever they say, or with 1: then a text of
# one line counts, as to Ansible. What is longer may be a log.
tp_sysv_status() {
  tp_rc=0
  tp_said=$("$tp_script" status 2>&1 </dev/null) || tp_rc=$?
  tp_line=${tp_said%%"
"*}
  case $tp_line in
    *[Uu]sage:*)
      [ -n "${tp_forced-}" ] || tp_error "$tp_script does not know \`status\`: give \`pattern\`, a text in the line of its process in ps" || return
      echo "$tp_started"
      return
      ;;
  esac
  if [ "$tp_line" = "$tp_said" ]; then
    case $tp_line in
      *stopped* | *stop/*) tp_rc=3 ;;
      *"is running"*) tp_rc=0 ;;
    esac
  fi
  if [ "$tp_rc" = 0 ]; then echo started; else echo stopped; fi
}

# tp_sysv_enabled: prints true or false, or some when only some of the runlevels in tp_levels are as the others are not.
tp_sysv_enabled() {
  tp_on='' tp_off=''
  for tp_level in ${tp_levels:-2 3 4 5}; do
    if tp_exists "${tp_etc-/etc}/rc$tp_level.d"/S[0-9][0-9]"$tp_unit" "${tp_etc-/etc}/rc.d/rc$tp_level.d"/S[0-9][0-9]"$tp_unit"; then tp_on=1
    else tp_off=1
    fi
  done
  case $tp_on:$tp_off:$tp_levels in
    1:*: | 1::*) echo true ;;
    1:1:*) echo some ;;
    *) echo false ;;
  esac
}

# tp_service_process PATTERN: prints started or stopped: is there a process whose line holds the text? After an apply
# it may come or go a little later.
tp_service_process() {
  for tp_n in 1 2 3 4 5; do
    tp_ps=$(ps auxww 2>/dev/null || ps w 2>/dev/null || ps 2>/dev/null) || tp_ps=$(tp_processes)
    case $tp_ps in *"$1"*) tp_now=started ;; *) tp_now=stopped ;; esac
    case ${tp_before+after}:${tp_started:-$tp_now} in after:"$tp_now" | :*) break ;; esac
    sleep 1
  done
  echo "$tp_now"
}

# tp_processes: prints the command line of every process, for hosts without ps.
tp_processes() {
  for tp_p in "${tp_proc-/proc}"/[0-9]*/cmdline; do
    { tr '\0' ' ' <"$tp_p"; } 2>/dev/null && echo
  done
}

# tp_sysv_enable NAME true|false LEVEL...: makes or removes the links by which a service starts with the host, in those
# runlevels only where any are given.
tp_sysv_enable() {
  tp_unit=$1 tp_verb=enable tp_on=on
  [ "$2" = true ] || tp_verb=disable tp_on=off
  shift 2
  if tp_has update-rc.d; then
    if [ $# = 0 ]; then update-rc.d "$tp_unit" defaults
    elif tp_exists "${tp_etc-/etc}"/rc[2345].d/[SK][0-9][0-9]"$tp_unit"; then :
    else
      # links are changed only where there are some
      update-rc.d "$tp_unit" defaults-disabled
    fi
    update-rc.d "$tp_unit" "$tp_verb" "$@"
  elif tp_has chkconfig; then
    chkconfig --add "$tp_unit"
    if [ $# = 0 ]; then chkconfig "$tp_unit" "$tp_on"
    else
      tp_levels=$(printf %s "$@")
      chkconfig --level "$tp_levels" "$tp_unit" "$tp_on"
    fi
  else tp_error "this host has neither update-rc.d nor chkconfig to enable $tp_unit with: install one of the packages init-system-helpers or chkconfig"
  fi
}

# tp_sysv_alone COMMAND...: runs a script in a session of its own, its output in a file, so that a service that does not
# let go of them by itself outlives this shell. Prints what it said until it ended.
tp_sysv_alone() {
  tp_out=$(tp_temp) || return
  if tp_has setsid; then setsid "$@" </dev/null >"$tp_out" 2>&1 &
  else (trap '' HUP && exec "$@") </dev/null >"$tp_out" 2>&1 &
  fi
  tp_rc=0
  wait $! || tp_rc=$?
  cat -- "$tp_out"
  rm -f -- "$tp_out"
  return "$tp_rc"
}

# tp_sysv_script NAME: sets tp_script to the path of a service's script; fails with a message when there is none.
tp_sysv_script() {
  tp_script=${tp_etc-/etc}/init.d/$1
  [ -x "$tp_script" ] || tp_error "there is no service $1 on this host: no $tp_script"
}

# tp_openrc NAME RUNLEVEL PATTERN KEY...: prints state and enabled of a service of OpenRC; with PATTERN a process whose
# line in ps holds it is the state.
tp_openrc() {
  tp_unit=$1 tp_level=$2 tp_pattern=$3
  shift 3
  for tp_key; do
    if [ ! -e "${tp_etc-/etc}/init.d/$tp_unit" ]; then tp_kv "$tp_key" missing
    elif [ "$tp_key" = state ] && [ -n "$tp_pattern" ]; then tp_kv state "$(tp_service_process "$tp_pattern")"
    elif [ "$tp_key" = state ]; then
      if rc-service "$tp_unit" status >/dev/null 2>&1; then tp_kv state started; else tp_kv state stopped; fi
    elif tp_exists "${tp_etc-/etc}/runlevels/$tp_level/$tp_unit"; then tp_kv enabled true
    else tp_kv enabled false
    fi
  done
}

# tp_openrc_start NAME WORD...: starts it. What has crashed counts as started to OpenRC, which would leave it as it is.
tp_openrc_start() {
  tp_unit=$1
  shift
  rc-service "$tp_unit" status >/dev/null 2>&1 || [ $? != 32 ] || rc-service "$tp_unit" zap
  rc-service "$tp_unit" start "$@"
}

# tp_services: prints what service_facts reads: under lines `services-NAME` what the host's managers list.
tp_services() {
  tp_any=
  if tp_has chkconfig && [ -d "${tp_etc-/etc}/init.d" ]; then
    tp_any=1
    printf 'services-scripts\n'
    for tp_script in "${tp_etc-/etc}"/init.d/*; do
      case ${tp_script##*/} in README | functions | halt | single | killall | rc | rcS) continue ;; esac
      [ -f "$tp_script" ] && [ -x "$tp_script" ] || continue
      if "$tp_script" status >/dev/null 2>&1; then tp_sign=+; else tp_sign=-; fi
      printf ' [ %s ]  %s\n' "$tp_sign" "${tp_script##*/}"
    done
    printf 'services-chkconfig\n'
    chkconfig --list 2>/dev/null
  elif tp_has service && ! tp_has rc-service && [ -d "${tp_etc-/etc}/init.d" ]; then
    tp_any=1
    printf 'services-scripts\n'
    service --status-all 2>/dev/null
  fi
  if tp_has rc-status; then
    tp_any=1
    printf 'services-openrc\n'
    rc-status -C -s 2>/dev/null || rc-status -s
    printf 'services-runlevels\n'
    rc-update show -v
  fi
  if tp_has systemctl && systemctl list-units --version >/dev/null 2>&1; then tp_services_systemd && tp_any=1; fi
  [ -n "$tp_any" ] || tp_error "this host has no systemctl, rc-status, chkconfig or service to list its services with"
}

# tp_services_systemd: prints the units of systemd, their files, and the state of each that is a file alone or an alias.
tp_services_systemd() {
  tp_units=$(systemctl list-units --no-pager --type service --all --plain --no-legend) || return
  tp_files=$(systemctl list-unit-files --no-pager --type service --all --no-legend) || return
  printf 'services-units\n%s\nservices-files\n%s\nservices-states\n' "$tp_units" "$tp_files"
  set -f
  # a template is no unit that could be asked for
  # shellcheck disable=SC2046 # a name has no blanks
  set -- $(printf '%s\n' "$tp_files" | sed -e 's/^ *\([^ ]*\).*/\1/' -e '/@\.service$/d')
  set +f
  [ $# != 0 ] || return 0
  systemctl show -p ActiveState -- "$@" | while IFS='=' read -r tp_key tp_value; do
    [ "$tp_key" = ActiveState ] || continue
    printf '%s=%s\n' "$1" "$tp_value"
    shift
  done
}
