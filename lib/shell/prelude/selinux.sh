# The mode of SELinux. The module sets tp_want to the mode wanted until the next start, tp_state to the one after it, and
# tp_policy_wanted to the policy, or to nothing.
# shellcheck disable=SC2154 # set in core.sh and by the module

# tp_selinux FILE KEY...: prints config and policy (of the file), running (enforcing or permissive), enabled (is SELinux in
# the kernel that runs?), kernel (selinux=0 when all kernels have it on their command lines, plain when none has) and lacks
# (what the host has not that is needed).
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
      kernel) tp_value=$(tp_selinux_params) ;;
      lacks) tp_value=$(tp_selinux_lacks "$tp_file" "$@") ;;
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

# tp_selinux_params: prints what the kernels' command lines have: selinux=0, plain, or some; nothing where no tool can tell.
tp_selinux_params() {
  tp_has grubby || return 0
  tp_lines=$(grubby --info=ALL | grep '^args=') || tp_lines=
  tp_off=$(printf '%s\n' "$tp_lines" | grep -cE '[" ]selinux=0[" ]')
  tp_all=$(printf '%s\n' "$tp_lines" | grep -c .)
  case $tp_off in
    0) echo plain ;;
    "$tp_all") echo selinux=0 ;;
    *) echo some ;;
  esac
}

# tp_selinux_lacks FILE KEY...: prints what the host has not that is needed: FILE, the policy, or what sets the key kernel.
tp_selinux_lacks() {
  if [ ! -e "$1" ] && [ "$tp_state" != disabled ]; then
    printf '%s\n' "there is no $1 on this host: install SELinux first, the package selinux-policy-targeted"
  elif [ -e "$1" ] && [ -n "$tp_policy_wanted" ] && [ ! -d "${1%/*}/$tp_policy_wanted" ]; then
    printf '%s\n' "there is no policy $tp_policy_wanted in ${1%/*}: install the package selinux-policy-$tp_policy_wanted"
  elif ! tp_has grubby; then
    case " $* " in *' kernel '*) printf '%s\n' 'update_kernel_param needs grubby, which this host has not: install the package grubby' ;; esac
  fi
}

# tp_selinux_config FILE: sets mode and policy in the file, where there is one; what else is in it stays.
tp_selinux_config() {
  [ -e "$1" ] || return 0
  tp_out=$(tp_temp) || return
  tp_s="SELINUX=$tp_state" tp_p=${tp_policy_wanted:+"SELINUXTYPE=$tp_policy_wanted"}
  while IFS= read -r tp_line || [ -n "$tp_line" ]; do
    # of two such lines the last counts: one stays
    case $tp_line in
      SELINUX=*)
        [ -n "$tp_s" ] || continue
        tp_line=$tp_s tp_s=
        ;;
      SELINUXTYPE=*)
        if [ -n "$tp_policy_wanted" ]; then
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
