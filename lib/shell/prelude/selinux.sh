# The mode of SELinux. The module sets tp_want to the mode wanted until the next start, and tp_state to the one after it.
# shellcheck disable=SC2154 # set in core.sh and by the module

# tp_selinux FILE KEY...: prints config and policy (of the file), running (enforcing or permissive), enabled (is SELinux in
# the kernel that runs?) and kernel (selinux=0 when all kernels have it on their command lines, plain when none has).
tp_selinux() {
  tp_file=$1 tp_config='' tp_policy=''
  shift
  if [ -e "$tp_file" ]; then
    while IFS= read -r tp_line || [ -n "$tp_line" ]; do
      case $tp_line in
        SELINUX=*) tp_config=$(tp_selinux_word "${tp_line#*=}") ;;
        SELINUXTYPE=*) tp_policy=$(tp_selinux_word "${tp_line#*=}") ;;
      esac
    done <"$tp_file" || return
  elif [ "$tp_state" = disabled ]; then
    # a host without SELinux
    tp_config=disabled
  fi
  tp_enforce=${tp_sys-/sys}/fs/selinux/enforce tp_running=$tp_want tp_on=false
  if [ -e "$tp_enforce" ]; then
    tp_on=true
    case $(cat "$tp_enforce") in 1) tp_running=enforcing ;; *) tp_running=permissive ;; esac
  fi
  for tp_key; do
    case $tp_key in
      config) tp_value=$tp_config ;;
      policy) tp_value=$tp_policy ;;
      running) tp_value=$tp_running ;;
      enabled) tp_value=$tp_on ;;
      kernel) tp_value=$(tp_selinux_params) || return ;;
    esac
    tp_kv "$tp_key" "$tp_value"
  done
}

# tp_selinux_word TEXT: prints a value of the file without blanks around it.
tp_selinux_word() {
  set -f
  # shellcheck disable=SC2086 # its words
  set -- $1
  printf '%s\n' "${1-}" | tr 'A-Z' 'a-z'
}

# tp_selinux_params: prints what the kernels' command lines have: selinux=0, plain, or some.
tp_selinux_params() {
  tp_has grubby || tp_error "update_kernel_param needs grubby, which this host has not: install the package grubby" || return
  tp_lines=$(grubby --info=ALL | grep '^args=') || tp_lines=
  tp_off=$(printf '%s\n' "$tp_lines" | grep -cE '[" ]selinux=0[" ]')
  tp_all=$(printf '%s\n' "$tp_lines" | grep -c .)
  case $tp_off in
    0) echo plain ;;
    "$tp_all") echo selinux=0 ;;
    *) echo some ;;
  esac
}

# tp_selinux_config FILE STATE POLICY: sets both in the file (POLICY unless it is empty); what else is in it stays.
tp_selinux_config() {
  if [ ! -e "$1" ]; then
    [ "$2" != disabled ] || return 0
    tp_error "there is no $1 on this host: install SELinux first, the package selinux-policy-targeted" || return
  fi
  [ -z "$3" ] || [ -d "${1%/*}/$3" ] || tp_error "there is no policy $3 in ${1%/*}: install the package selinux-policy-$3" || return
  tp_out=$(tp_temp) || return
  tp_s="SELINUX=$2" tp_p=${3:+"SELINUXTYPE=$3"}
  while IFS= read -r tp_line || [ -n "$tp_line" ]; do
    # of two such lines the last counts: one stays
    case $tp_line in
      SELINUX=*)
        [ -n "$tp_s" ] || continue
        tp_line=$tp_s tp_s=
        ;;
      SELINUXTYPE=*)
        if [ -n "$3" ]; then
          [ -n "$tp_p" ] || continue
          tp_line=$tp_p tp_p=
        fi
        ;;
    esac
    printf '%s\n' "$tp_line"
  done <"$1" >"$tp_out" || return
  for tp_line in "$tp_s" "$tp_p"; do
    [ -z "$tp_line" ] || printf '%s\n' "$tp_line" >>"$tp_out"
  done
  tp_install -L "$tp_out" "$1" && rm -f -- "$tp_out"
}

# tp_selinux_kernel --args|--remove-args: sets or removes selinux=0 for all kernels.
tp_selinux_kernel() { grubby --update-kernel=ALL "$1" selinux=0 >/dev/null; }

# tp_selinux_now: sets the mode of the kernel that runs, where SELinux is in it.
tp_selinux_now() {
  tp_enforce=${tp_sys-/sys}/fs/selinux/enforce
  [ -e "$tp_enforce" ] || return 0
  tp_bit=0
  [ "$tp_want" != enforcing ] || tp_bit=1
  [ "$(cat "$tp_enforce")" = "$tp_bit" ] || printf %s "$tp_bit" >"$tp_enforce"
}
