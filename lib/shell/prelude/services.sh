# Services of the three managers. Every probe prints the keys asked for: state (started, stopped, or missing), enabled.
# shellcheck disable=SC2154 # set in core.sh and by the modules

# tp_systemd UNIT KEY...: prints state, enabled and masked of a unit, from one call. The module sets tp_enable to what is
# wanted (true or false): a unit that can be neither enabled nor disabled is as it is wanted.
tp_systemd() {
  tp_unit=$1
  shift
  tp_show=$(systemctl show -p LoadState,ActiveState,UnitFileState,Type,RemainAfterExit,Result -- "$tp_unit") || return
  tp_load='' tp_active='' tp_unit_file='' tp_type='' tp_remain='' tp_result=
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
    esac
  done
}

# tp_systemd_state: prints started, stopped or missing. A oneshot unit is over when it is started: after an apply (then
# tp_before is set, see tp_converge) its success counts as started.
tp_systemd_state() {
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
    *:generated | *:) if systemctl -q is-enabled -- "$tp_unit" >/dev/null 2>&1; then echo true; else echo false; fi ;;
    *) echo false ;;
  esac
}

# tp_systemd_known UNIT: fails with a message when systemd knows no such unit.
tp_systemd_known() {
  case $(systemctl show -p LoadState -- "$1") in
    *LoadState=not-found*) tp_error "there is no unit $1 on this host: install what brings it, or look at systemctl list-unit-files" ;;
  esac
}

# tp_sysv NAME KEY...: prints state and enabled of a script in /etc/init.d.
tp_sysv() {
  tp_unit=$1
  shift
  tp_script=${tp_etc-/etc}/init.d/$tp_unit
  for tp_key; do
    if [ ! -x "$tp_script" ]; then tp_kv "$tp_key" missing
    elif [ "$tp_key" = state ]; then
      if "$tp_script" status >/dev/null 2>&1; then tp_kv state started; else tp_kv state stopped; fi
    elif tp_exists "${tp_etc-/etc}"/rc[2345].d/S[0-9][0-9]"$tp_unit" "${tp_etc-/etc}"/rc.d/rc[2345].d/S[0-9][0-9]"$tp_unit"; then tp_kv enabled true
    else tp_kv enabled false
    fi
  done
}

# tp_sysv_enable NAME true|false: makes or removes the links by which a service starts with the host.
tp_sysv_enable() {
  if tp_has update-rc.d; then
    update-rc.d "$1" defaults
    if [ "$2" = true ]; then update-rc.d "$1" enable; else update-rc.d "$1" disable; fi
  elif tp_has chkconfig; then
    chkconfig --add "$1"
    if [ "$2" = true ]; then chkconfig "$1" on; else chkconfig "$1" off; fi
  else tp_error "this host has neither update-rc.d nor chkconfig to enable $1 with"
  fi
}

# tp_sysv_script NAME: sets tp_script to the path of a service's script; fails with a message when there is none.
tp_sysv_script() {
  tp_script=${tp_etc-/etc}/init.d/$1
  [ -x "$tp_script" ] || tp_error "there is no service $1 on this host: no $tp_script"
}

# tp_openrc NAME RUNLEVEL KEY...: prints state and enabled of a service of OpenRC.
tp_openrc() {
  tp_unit=$1 tp_level=$2
  shift 2
  for tp_key; do
    if [ ! -e "${tp_etc-/etc}/init.d/$tp_unit" ]; then tp_kv "$tp_key" missing
    elif [ "$tp_key" = state ]; then
      if rc-service "$tp_unit" status >/dev/null 2>&1; then tp_kv state started; else tp_kv state stopped; fi
    elif tp_exists "${tp_etc-/etc}/runlevels/$tp_level/$tp_unit"; then tp_kv enabled true
    else tp_kv enabled false
    fi
  done
}

# tp_hostname KEY...: prints the host's name as it is now (current) and as it will be (permanent).
tp_hostname() {
  for tp_key; do
    tp_value=
    case $tp_key in
      current) tp_value=$(uname -n) ;;
      permanent) read -r tp_value 2>/dev/null <"${tp_etc-/etc}/hostname" || : ;;
    esac
    tp_kv "$tp_key" "$tp_value"
  done
}

# tp_set_hostname NAME: sets the host's name, now and for its next start. Prints nothing.
tp_set_hostname() {
  if [ -d /run/systemd/system ] && tp_has hostnamectl; then hostnamectl set-hostname "$1"
  else
    hostname "$1"
    printf '%s\n' "$1" >"${tp_etc-/etc}/hostname"
  fi
}
