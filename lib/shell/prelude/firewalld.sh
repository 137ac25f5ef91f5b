# Settings of firewalld, by its own commands.
# shellcheck disable=SC2154 # set in core.sh

# tp_firewalld ZONE WORD VALUE RUNS KEY...: prints permanent and immediate (enabled, disabled, or what firewalld says that
# knows no such zone or name), target, and zone (present or absent). WORD is firewall-cmd's for the setting; with RUNS
# firewalld must not be stopped.
tp_firewalld() {
  tp_zone=${1:+--zone=$1} tp_name=$1 tp_word=$2 tp_query=--query-$2${3:+=$3} tp_must=$4
  shift 4
  tp_has firewall-cmd || tp_error "this host has no firewall-cmd: install the package firewalld" || return
  tp_fw_state
  [ -z "$tp_must" ] || [ "$tp_fw_state" = running ] || tp_error "firewalld does not run, and offline is false: start it" || return
  for tp_key; do
    case $tp_key in
      permanent) tp_value=$(tp_fw_ask tp_fw_permanent ${tp_zone:+"$tp_zone"} "$tp_query") || return ;;
      immediate)
        [ "$tp_fw_state" = running ] || tp_error "firewalld does not run: start it, or give permanent: true alone" || return
        tp_value=$(tp_fw_ask firewall-cmd ${tp_zone:+"$tp_zone"} "$tp_query") || return
        ;;
      target)
        tp_value=$(tp_fw_permanent ${tp_zone:+"$tp_zone"} --get-target 2>/dev/null) ||
          tp_value=$(tp_fw_ask tp_fw_permanent ${tp_zone:+"$tp_zone"} --get-target) || return
        ;;
      zone)
        tp_value=$(tp_fw_permanent --get-zones) || return
        case " $(printf %s "$tp_value" | tr '\n' ' ') " in *" $tp_name "*) tp_value=present ;; *) tp_value=absent ;; esac
        ;;
    esac
    tp_kv "$tp_key" "$tp_value"
  done
}

# tp_fw_state: sets tp_fw_state to running or stopped, once.
tp_fw_state() {
  [ -z "${tp_fw_state-}" ] || return 0
  tp_fw_state=stopped
  if firewall-cmd -q --state >/dev/null 2>&1; then tp_fw_state=running; fi
}

# tp_fw_permanent WORD...: firewall-cmd for what is permanent, whether firewalld runs or not.
tp_fw_permanent() {
  tp_fw_state
  if [ "$tp_fw_state" = running ]; then tp_fw_run firewall-cmd --permanent "$@"
  else firewall-offline-cmd "$@"
  fi
}

# tp_fw_run COMMAND WORD...: runs it without its hint about the default zone, which is no part of an answer or an error.
tp_fw_run() {
  tp_rc=0
  tp_said=$("$@") || tp_rc=$?
  printf '%s\n' "$tp_said" | sed -e "/^You're performing an operation/,/^You most likely need/d" -e '/^$/d'
  return "$tp_rc"
}

# tp_fw_ask COMMAND WORD...: prints enabled or disabled, as a question is answered by its status. What an earlier task may
# have to make first (a zone, a service) is printed as firewalld says that it is missing; other faults fail.
tp_fw_ask() {
  tp_said=$("$@" 2>&1)
  tp_rc=$?
  case $tp_rc:$tp_said in
    0:*) echo enabled ;;
    1:*) echo disabled ;;
    *INVALID_ZONE* | *INVALID_SERVICE* | *INVALID_ICMPTYPE*) printf '%s\n' "$tp_said" ;;
    *) tp_error "$tp_said" ;;
  esac
}
