# Folders made the same as one of the controller (synchronize).
# shellcheck disable=SC2034,SC2154 # names that other files of the prelude set or read

# tp_sync_ids OWNER UID GROUP GID: sets tp_eo and tp_eg to the numbers that files shall have, as rsync has it: by name where
# the host knows it; empty where this user may not give files away.
tp_sync_ids() {
  tp_eo='' tp_eg=''
  [ -n "$2$4" ] || return 0
  if [ "$(id -u)" = 0 ]; then
    tp_eo=$2 tp_eg=$4
    if [ -n "$1" ]; then tp_eo=$(id -u "$1" 2>/dev/null) || tp_eo=$2; fi
    if [ -n "$3" ] && tp_line=$(grep "^$3:" /etc/group); then
      tp_line=${tp_line#*:*:}
      tp_eg=${tp_line%%:*}
    fi
  elif [ -n "$4" ]; then
    case " $(id -G) " in *" $4 "*) tp_eg=$4 ;; esac
  fi
}

# tp_sync_clear [-r] ROOT PATH...: removes what stands where something else shall be; folders only when they are empty, or -r.
tp_sync_clear() {
  tp_flag=''
  [ "$1" != -r ] || { tp_flag=1; shift; }
  tp_root=$1
  shift
  for tp_p in "$@"; do
    if [ -d "$tp_root/$tp_p" ] && [ ! -L "$tp_root/$tp_p" ]; then
      if [ -n "$tp_flag" ]; then rm -rf -- "$tp_root/$tp_p" || return
      else rmdir -- "$tp_root/$tp_p" || tp_error "$tp_root/$tp_p is a folder that is not empty: write delete: true to replace it" || return
      fi
    else
      rm -f -- "$tp_root/$tp_p" || return
    fi
  done
}

# tp_sync_remove ROOT PATH...: removes paths below ROOT, folders only when they are empty.
tp_sync_remove() (
  cd -- "$1" || exit
  shift
  for tp_p in "$@"; do
    # what stood in the way of something else is gone already
    [ -e "./$tp_p" ] || [ -L "./$tp_p" ] || continue
    if [ -d "./$tp_p" ] && [ ! -L "./$tp_p" ]; then
      rmdir -- "./$tp_p" || tp_error "./$tp_p cannot be removed: it is not empty; what is excluded is left alone" || exit
    else
      rm -f -- "./$tp_p" || exit
    fi
  done
)

# tp_sync_own OWNER UID GROUP GID ROOT PATH...: gives paths to whom tp_sync_ids says.
tp_sync_own() {
  tp_sync_ids "$1" "$2" "$3" "$4" || return
  shift 4
  [ -n "$tp_eo$tp_eg" ] || return 0
  tp_sync_each "chown -h $tp_eo${tp_eg:+:$tp_eg} --" "$@"
}

# tp_sync_each COMMAND ROOT PATH...: runs the words of COMMAND with all paths below ROOT.
tp_sync_each() {
  tp_command=$1 tp_root=$2 tp_words='' tp_n=2
  shift 2
  set -- "" "" "$@"
  while [ "$tp_n" -lt "$#" ]; do
    tp_n=$((tp_n + 1))
    # without a slash for the root itself: mkdir of busybox takes none
    tp_words="$tp_words \"\$tp_root\${$tp_n:+/}\${$tp_n}\""
  done
  eval "$tp_command $tp_words"
}

# tp_sync_time SECONDS ROOT PATH...: sets the modification time (seconds since 1970).
tp_sync_time() {
  tp_time=$1
  shift
  tp_sync_each "touch -m -d @$tp_time --" "$@"
}

# tp_sync_move FROM ROOT PATH...: moves files that were unpacked to their places, those of one folder by one command.
tp_sync_move() {
  tp_if=$1 tp_ir=$2 tp_words='' tp_folder='' tp_n=2
  shift 2
  set -- "" "" "$@"
  while [ "$tp_n" -lt "$#" ]; do
    tp_n=$((tp_n + 1))
    eval "tp_p=\${$tp_n}"
    case $tp_p in */*) tp_parent=$tp_ir/${tp_p%/*} ;; *) tp_parent=$tp_ir ;; esac
    if [ "$tp_parent" != "$tp_folder" ]; then
      [ -z "$tp_words" ] || eval "mv -f -- $tp_words \"\$tp_folder/\"" || return
      tp_words='' tp_folder=$tp_parent
    fi
    tp_words="$tp_words \"\$tp_if/\${$tp_n}\""
  done
  [ -z "$tp_words" ] || eval "mv -f -- $tp_words \"\$tp_folder/\""
}

# tp_sync_mode DEST NEW: gives an unpacked file the mode of the file DEST or, where there is none, what umask leaves of its own.
tp_sync_mode() {
  tp_kind "$1"
  if [ "$tp_kind" = file ]; then
    tp_attrs "$1" && chmod "0$tp_f_mode" -- "$2"
    return
  fi
  tp_attrs "$2" || return
  tp_bits=$((0$tp_f_mode & 0777 & ~0$(umask)))
  chmod "0$((tp_bits >> 6 & 7))$((tp_bits >> 3 & 7))$((tp_bits & 7))" -- "$2"
}

# tp_sync_unpack [-m] ARCHIVE ROOT END CODE: unpacks a tar into $tp_from, a private folder of ROOT that is gone afterwards, and
# runs CODE if END, a folder of the tar, has arrived; -m: the times are now.
tp_sync_unpack() (
  tp_flags=xpf
  [ "$1" != -m ] || { tp_flags=xpmf; shift; }
  tp_has tar || tp_error 'this host has no tar: install tar' || exit
  tp_n=0
  while [ -e "$2/.tplay.$$.$tp_n" ] || [ -L "$2/.tplay.$$.$tp_n" ]; do tp_n=$((tp_n + 1)); done
  tp_from=$2/.tplay.$$.$tp_n
  mkdir -m 0700 -- "$tp_from" || exit
  trap 'chmod -R u+rwx -- "$tp_from" 2>/dev/null; rm -rf -- "$tp_from"' EXIT
  trap 'exit 129' HUP
  trap 'exit 143' TERM
  trap 'exit 141' PIPE
  tp_take "$1" | (cd -- "$tp_from" && tar -$tp_flags -) || {
    tp_error 'the files did not arrive' || :
    # GNU tar says of a full disk only how much it wrote
    dd if=/dev/zero of="$tp_from/.room" bs=65536 count=1 2>&1 | grep -i 'no space\|quota' >&2 || :
    exit 1
  }
  rmdir -- "$tp_from/$3" 2>/dev/null || tp_error 'not all files arrived: nothing was put in place' || exit
  eval "$4"
)
