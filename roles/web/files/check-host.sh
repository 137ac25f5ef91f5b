# Looks whether this host can take the servers; prints a line for everything that stands in the way. Changes nothing.
# TARS_IP TARS_PATH TARS_PORTS (blanks between) TARS_MB: its address, where the servers are, their ports, free MiB wanted.

# the listening TCP ports and who has them, one a line: PORT PID (PID is - where it cannot be known)
listening() {
  if command -v ss >/dev/null 2>&1; then
    ss -Hltnp | while read -r _ _ _ address _ users; do
      pid=${users#*pid=}
      case $users in *pid=*) pid=${pid%%,*} ;; *) pid=- ;; esac
      printf '%s %s\n' "${address##*:}" "$pid"
    done
    return
  fi
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ address _ state _; do
    [ "$state" = 0A ] && printf '%d -\n' "0x${address##*:}"
  done
}

# is this process one of ours? by what it runs and where it stands
ours() {
  [ "$1" != - ] || return 1
  command=$(tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null)
  case $command in *"$TARS_PATH/"*) return 0 ;; esac
  case $(readlink "/proc/$1/cwd" 2>/dev/null) in "$TARS_PATH" | "$TARS_PATH"/*) return 0 ;; esac
  return 1
}

check_ports() {
  listening | sort -u | while read -r port pid; do
    case " $TARS_PORTS " in *" $port "*) ;; *) continue ;; esac
    ours "$pid" && continue
    who=${command:-another program}
    [ "$pid" != - ] || who='a program that ss does not name'
    printf 'port %s is taken by %s (process %s)\n' "$port" "$who" "$pid"
  done
}

check_address() {
  if command -v ip >/dev/null 2>&1; then
    case "$(ip -o addr)" in *" $TARS_IP/"*) return ;; esac
  else
    case " $(hostname -I 2>/dev/null) " in *" $TARS_IP "*) return ;; esac
  fi
  printf '%s is no address of this host: set tars_hostip, or tars_inet to the name of the interface\n' "$TARS_IP"
}

check_space() {
  dir=$TARS_PATH
  while [ ! -d "$dir" ]; do dir=${dir%/*}; dir=${dir:-/}; done
  # shellcheck disable=SC2046 # the fields of df
  set -- $(df -Pk "$dir" | tail -n 1)
  free=$((${4:-0} / 1024))
  [ "$free" -ge "$TARS_MB" ] || printf 'only %s MiB are free below %s, not %s (tars_min_free_mb)\n' "$free" "$dir" "$TARS_MB"
}

check_ports
check_address
check_space
:
