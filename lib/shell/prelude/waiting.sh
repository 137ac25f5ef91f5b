# Waiting for ports and files, with whatever a host has.
# shellcheck disable=SC2154,SC2016 # set in core.sh; texts in single quotes are for bash and perl

# tp_wait TIMEOUT DELAY SLEEP CHECK: evaluates CHECK again and again until it holds: prints "met" or, after TIMEOUT
# seconds, "timeout", and the seconds it took. Returns 2 when CHECK does: it can never hold.
tp_wait() {
  tp_begin=$(date +%s)
  [ "$2" = 0 ] || sleep "$2"
  while :; do
    eval "$4"
    case $? in
      0) tp_verdict=met ;;
      2) return 2 ;;
      *) tp_verdict= ;;
    esac
    tp_took=$(($(date +%s) - tp_begin))
    [ -n "$tp_verdict" ] || [ "$tp_took" -lt "$1" ] || tp_verdict=timeout
    [ -z "$tp_verdict" ] || break
    # the last look is at the end
    tp_pause=$(($1 - tp_took))
    [ "$tp_pause" -lt "$3" ] || tp_pause=$3
    sleep "$tp_pause"
  done
  printf '%s %s\n' "$tp_verdict" "$tp_took"
}

# tp_connector: sets tp_by to what can open a TCP connection on this host: bash, nc, busybox (its nc), perl, or table
# (the kernel's list of listening ports, good for this host only).
tp_connector() {
  [ -z "${tp_by-}" ] || return 0
  tp_by=table
  if tp_has bash; then
    case $(bash -c ': <>/dev/tcp/127.0.0.1/0' 2>&1) in *"No such file"*) ;; *) tp_by=bash ;; esac
  fi
  if [ "$tp_by" = table ] && tp_has nc; then
    case $(nc -h 2>&1) in *-z*) tp_by=nc ;; *"-e PROG"*) tp_by=busybox ;; esac
  fi
  if [ "$tp_by" = table ] && tp_has perl; then tp_by=perl; fi
}

# tp_port_open HOST PORT SECONDS: does somebody accept connections there? Prints nothing; 2 when this host cannot tell.
tp_port_open() {
  tp_connector
  case $tp_by in
    bash) tp_within "$3" bash -c ': <>"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null ;;
    nc) nc -z -w "$3" "$1" "$2" </dev/null >/dev/null 2>&1 ;;
    busybox) nc -w "$3" "$1" "$2" -e true </dev/null >/dev/null 2>&1 ;;
    perl) perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => $ARGV[2])' "$1" "$2" "$3" ;;
    table) tp_listening "$1" "$2" ;;
  esac
}

# tp_port_closed HOST PORT SECONDS: does nobody accept connections there? Prints nothing; 2 when this host cannot tell.
tp_port_closed() {
  tp_port_open "$@"
  case $? in
    0) return 1 ;;
    2) return 2 ;;
  esac
}

# tp_listening HOST PORT: does this host listen on a port? Prints nothing; 2 when HOST is another.
tp_listening() {
  case $1 in
    localhost | 127.* | ::1 | 0.0.0.0 | "$(uname -n)") ;;
    *)
      tp_error "this host has no bash, nc or perl to reach $1:$2 with; install one of them"
      return 2
      ;;
  esac
  grep -qE "^ *[0-9]+: [0-9A-F]+:$(printf '%04X' "$2") 0+:0000 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# tp_port_says HOST PORT SECONDS REGEX [i]: does a server there begin with lines of which one matches, with i in any case?
# Prints that line; 2 when this host cannot tell.
tp_port_says() {
  tp_connector
  case $tp_by in
    bash)
      tp_within "$(($3 + 1))" bash -c 'exec 3<>"/dev/tcp/$0/$1" || exit 1
        while IFS= read -r -t "$2" line <&3 || [ -n "$line" ]; do
          if printf "%s\n" "$line" | grep "-qE$4" -e "$3"; then printf "%s\n" "$line"; exit 0; fi
          line=
        done
        exit 1' "$1" "$2" "$3" "$4" "${5-}" 2>/dev/null
      ;;
    nc | busybox) tp_within "$(($3 + 1))" nc -w "$3" "$1" "$2" </dev/null 2>/dev/null | tp_first_match "$4" "${5-}" ;;
    *)
      tp_error "this host has no bash or nc to read from $1:$2 with; install one of them"
      return 2
      ;;
  esac
}

# tp_file_says PATH REGEX [i]: is there a line in the file that matches? Prints the first.
tp_file_says() { [ -e "$1" ] && tp_first_match "$2" "${3-}" <"$1" 2>/dev/null; }

# tp_first_match REGEX [i]: prints the first line of the input that matches; else fails. A NUL would make it binary to grep.
tp_first_match() {
  tr -d '\000' | grep "-E${2-}" -e "$1" | {
    IFS= read -r tp_line || [ -n "$tp_line" ] || return 1
    printf '%s\n' "$tp_line"
  }
}

# tp_drained PORT STATES ADDRESSES OTHERS: has a port of this host no connection? STATES (their numbers) and the addresses
# (tp_tcp_addresses) are regular expressions; connections from OTHERS do not count. Prints nothing; 2 when it cannot tell.
tp_drained() {
  tp_tcp=${tp_proc-/proc}/net/tcp
  [ -r "$tp_tcp" ] || tp_error "$tp_tcp cannot be read: this host does not show its connections" || return 2
  cat "$tp_tcp" "${tp_tcp}6" 2>/dev/null | grep -E "^ *[0-9]+: ($3):$(printf '%04X' "$1") [0-9A-F]+:[0-9A-F]+ ($2) " |
    grep -vE "^ *[0-9]+: [0-9A-F]+:[0-9A-F]+ (${4:-none}):" | {
    if IFS= read -r tp_line; then return 1; fi
  }
}

# tp_tcp_addresses HOST...: prints their addresses as the kernel's list of connections has them, with | between them; an
# address that stands for all is any.
tp_tcp_addresses() {
  tp_all=
  for tp_h; do
    case $tp_h in
      *:*) tp_found=$tp_h ;;
      *[!0-9.]*) tp_found=$(tp_resolve "$tp_h") || return ;;
      *) tp_found=$tp_h ;;
    esac
    for tp_a in $tp_found; do
      case $tp_a in
        0.0.0.0 | ::) tp_hex='[0-9A-F]+' ;;
        *:*) tp_hex=$(tp_hex6 "$tp_a") ;;
        *)
          tp_hex=$(IFS=. && set -- $tp_a && printf '%02X%02X%02X%02X' "$4" "$3" "$2" "$1")
          tp_hex="(0000000000000000FFFF0000)?$tp_hex"
          ;;
      esac
      tp_all="$tp_all${tp_all:+|}$tp_hex"
    done
  done
  printf '%s\n' "$tp_all"
}

# tp_resolve NAME: prints the addresses of a name, as this host knows it; fails with a message where there are none.
tp_resolve() {
  if tp_has getent; then tp_found=$(getent ahosts "$1" | while read -r tp_a tp_rest; do printf '%s\n' "$tp_a"; done | sort -u)
  else
    tp_found=$(while read -r tp_a tp_rest; do
      case " $tp_rest " in *" $1 "*) printf '%s\n' "$tp_a" ;; esac
    done <"${tp_etc-/etc}/hosts")
    [ -n "$tp_found" ] || tp_found=$(nslookup "$1" 2>/dev/null | sed -n '/^Name/,$s/^Address[ 0-9]*: *\([0-9a-fA-F.:]*\).*/\1/p')
  fi
  [ -n "$tp_found" ] || tp_error "this host knows no address of $1: give its address" || return
  printf '%s\n' "$tp_found"
}

# tp_hex6 ADDRESS: prints an address of IPv6 as the kernel's list of connections has it: four words, their bytes turned.
tp_hex6() (
  tp_a=${1%%\%*}
  case $tp_a in
    *.*)
      IFS=.
      set -- ${tp_a##*:}
      tp_a=${tp_a%:*}:$(printf '%x:%x' "$(($1 << 8 | $2))" "$(($3 << 8 | $4))")
      ;;
  esac
  IFS=:
  tp_tail=''
  case $tp_a in *::*) tp_tail=${tp_a#*::} tp_a=${tp_a%%::*} ;; esac
  tp_n=0
  for tp_g in $tp_a $tp_tail; do tp_n=$((tp_n + 1)); done
  tp_zeros=
  while [ "$tp_n" -lt 8 ]; do tp_zeros=$tp_zeros:0 tp_n=$((tp_n + 1)); done
  set -- $tp_a ${tp_zeros#:} $tp_tail
  while [ "$#" -gt 1 ]; do
    printf '%02X%02X%02X%02X' "$((0x$2 & 255))" "$((0x$2 >> 8))" "$((0x$1 & 255))" "$((0x$1 >> 8))"
    shift 2
  done
)
