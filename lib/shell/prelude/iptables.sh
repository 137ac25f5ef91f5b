# Rules of the packet filter. The module sets tp_ipt_tool (iptables or ip6tables) and tp_ipt_wait.
# shellcheck disable=SC2154 # set in core.sh and by the module

# tp_ipt WORD...: runs the tool; waits for its lock as long as was asked for.
tp_ipt() { "$tp_ipt_tool" ${tp_ipt_wait:+-w "$tp_ipt_wait"} "$@"; }

# tp_ipt_state TABLE CHAIN COUNT KEY... WORD...: COUNT keys, then the words of a rule. Prints rules (how many there are),
# policy, chain and rule (present or absent).
tp_ipt_state() {
  tp_has "$tp_ipt_tool" || tp_error "this host has no $tp_ipt_tool: install the package iptables" || return
  tp_table=$1 tp_chain=$2 tp_n=$3
  shift 3
  tp_keys=
  while [ "$tp_n" -gt 0 ]; do
    tp_keys="$tp_keys $1" tp_n=$((tp_n - 1))
    shift
  done
  for tp_key in $tp_keys; do
    case $tp_key in
      rules | policy)
        tp_ipt_fault=
        if [ -n "$tp_chain" ] && ! tp_ipt_chain "$tp_table" "$tp_chain"; then tp_value=missing
        elif ! tp_shown=$(tp_ipt -t "$tp_table" -S ${tp_chain:+"$tp_chain"}); then return 1
        elif [ "$tp_key" = rules ]; then tp_value=$(printf '%s\n' "$tp_shown" | grep -c '^-A ')
        else tp_value=$(printf '%s\n' "$tp_shown" | sed -n 's/^-P [^ ]* \([^ ]*\).*/\1/p')
        fi
        ;;
      chain) if tp_ipt_chain "$tp_table" "$tp_chain"; then tp_value=present; else tp_value=absent; fi ;;
      rule) if tp_ipt_rule "$tp_table" "$tp_chain" "$@"; then tp_value=present; else tp_value=absent; fi ;;
    esac
    [ -z "${tp_ipt_fault-}" ] || tp_error "$tp_ipt_fault" || return
    tp_kv "$tp_key" "$tp_value"
  done
}

# tp_ipt_chain TABLE CHAIN: is there such a chain? Prints nothing; sets tp_ipt_fault to what else went wrong.
tp_ipt_chain() { tp_ipt_ask -t "$1" -S "$2"; }

# tp_ipt_rule TABLE CHAIN WORD...: is there such a rule? Prints nothing; sets tp_ipt_fault to what else went wrong.
tp_ipt_rule() {
  tp_table_is=$1 tp_chain_is=$2
  shift 2
  tp_ipt_ask -t "$tp_table_is" -C "$tp_chain_is" "$@"
}

# tp_ipt_ask WORD...: runs the tool for its status: 1 is no, and more than that is a fault, but that the chain which a rule
# leads to is not there (yet): then there is no such rule.
tp_ipt_ask() {
  tp_ipt_fault=
  tp_said=$(tp_ipt "$@" 2>&1 >/dev/null)
  tp_rc=$?
  case $tp_rc:$tp_said in
    2:*"does not exist"* | 2:*"load target"*) return 1 ;;
  esac
  [ "$tp_rc" -le 1 ] || tp_ipt_fault=${tp_said:-"$tp_ipt_tool ended with status $tp_rc"}
  return "$tp_rc"
}
