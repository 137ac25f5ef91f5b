# What every session is fed once, first. POSIX sh only; every name starts with tp_.
# tp_tag is set before this text: a random word nobody else on the host can know.
LC_ALL=C
LANGUAGE=
export LC_ALL LANGUAGE
IFS=' 	
'
PATH=${PATH:-/usr/bin:/bin}
for tp_path in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
  case ":$PATH:" in *":$tp_path:"*) ;; *) PATH=$PATH:$tp_path ;; esac
done
export PATH
tp_nl='
'
tp_dir=${TMPDIR:-/tmp}/.tplay-$tp_tag
# also: a list of files elsewhere that must not stay either
trap '[ ! -f "$tp_dir/also" ] || while IFS= read -r tp_also; do rm -f -- "$tp_also"; done <"$tp_dir/also"; [ ! -d "$tp_dir" ] || rm -rf "$tp_dir"' EXIT
trap 'exit 129' HUP
trap 'exit 143' TERM
trap 'exit 141' PIPE

# tp_has NAME: is there such a command? Prints nothing.
tp_has() { command -v "$1" >/dev/null 2>&1; }

# tp_temp: prints the path of a new empty file that only this user can read; all are removed when the session ends.
tp_temp() {
  (
    umask 077
    [ -d "$tp_dir" ] || mkdir "$tp_dir" || exit
    tp_n=1
    while [ -e "$tp_dir/$tp_n" ]; do tp_n=$((tp_n + 1)); done
    : >"$tp_dir/$tp_n" && printf '%s\n' "$tp_dir/$tp_n"
  )
}

# tp_kv KEY VALUE: prints a line of state, key=value; backslash and line break in the value as \\ and \n.
tp_kv() {
  case $2 in
    *\\* | *"$tp_nl"*) printf '%s=%s\n' "$1" "$(printf '%s\n' "$2" | sed -e 's/\\/\\\\/g' -e '$!s/$/\\n/' | tr -d '\n')" ;;
    *) printf '%s=%s\n' "$1" "$2" ;;
  esac
}

# tp_converge GOAL PROBE APPLY MODE: prints the state before, "--", and the state after an apply.
# The state must begin with the goal's lines; what follows them is detail. MODE: 0 reach the goal, 1 look only
# (dry run), 2 apply whatever the state is, 3 apply without a look before. Returns 90 when the probe failed, 91 without
# apply when the state says `fault=why` or `lacks=why`, else apply's status. tp_mode is MODE for probes that ask more in a dry run, whether what they would do can be done; in the look
# after an apply it is `after`.
tp_converge() {
  tp_mode=$4
  if [ "$4" != 3 ]; then
    tp_before=$(eval "$2") || return 90
    printf '%s\n' "$tp_before"
  fi
  printf '%s\n' --
  [ "$4" = 1 ] && return 0
  [ "$4" = 3 ] || case $tp_nl$tp_before in *"${tp_nl}fault="[!"$tp_nl"]* | *"${tp_nl}lacks="[!"$tp_nl"]*) return 91 ;; esac
  if [ "$4" = 0 ]; then
    case $tp_before$tp_nl in "$1$tp_nl"*) return 0 ;; esac
  fi
  (
    set -e
    eval "$3"
  ) >&2
  tp_rc=$?
  [ "$tp_rc" = 0 ] || return "$tp_rc" # not "|| return" above: set -e is off on the left of ||
  tp_mode=after
  eval "$2" || return 90
}

# tp_tools: prints one line for the controller: the package manager, the service manager, both by Ansible's names.
tp_tools() {
  tp_pkg=
  for tp_name in apt-get dnf yum apk zypper pacman; do
    tp_has "$tp_name" && tp_pkg=${tp_name%-get} && break
  done
  if [ -d /run/systemd/system ]; then tp_svc=systemd
  elif tp_has rc-service; then tp_svc=openrc
  elif [ -d /etc/init.d ]; then tp_svc=sysvinit
  else tp_svc=service
  fi
  printf '%s %s\n' "${tp_pkg:--}" "$tp_svc"
}
