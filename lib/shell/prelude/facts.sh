# Functions of the facts: each prints for its parser in lib/facts/.
# shellcheck disable=SC2154 # set in core.sh

# tp_exists PATH...: is there any of these, be it a broken link? Prints nothing.
tp_exists() {
  for tp_path in "$@"; do
    if [ -e "$tp_path" ] || [ -L "$tp_path" ]; then return 0; fi
  done
  return 1
}

# tp_within SECONDS COMMAND...: runs it, and kills it when it takes longer; prints what it prints.
tp_within() {
  if tp_has timeout && timeout -s KILL 1 true 2>/dev/null; then
    timeout -s KILL "$@"
    return
  fi
  tp_secs=$1
  shift
  "$@" &
  tp_pid=$!
  (
    exec >/dev/null 2>&1
    while [ "$tp_secs" -gt 0 ]; do
      sleep 1
      kill -0 "$tp_pid" || exit 0
      tp_secs=$((tp_secs - 1))
    done
    kill -9 "$tp_pid"
  ) &
  wait "$tp_pid"
}

# tp_known_host: does /etc/hosts name this host? Prints nothing.
tp_known_host() {
  read -r tp_name </proc/sys/kernel/hostname || return
  while read -r tp_line; do
    case " $tp_line " in *[[:space:]]"$tp_name"[[:space:]]*) return 0 ;; esac
  done </etc/hosts 2>/dev/null
  return 1
}

# tp_own_user: prints the line of the password database for the user who runs this.
tp_own_user() {
  while read -r tp_key tp_uid _; do
    [ "$tp_key" = Uid: ] && break
  done </proc/self/status
  if tp_has getent; then tp_within 5 getent passwd "$tp_uid"
  else grep "^[^:]*:[^:]*:$tp_uid:" /etc/passwd
  fi
}

# tp_mounts: prints "mount" and a line of /proc/mounts for every device, "size" lines with what stat -f says of each
# (unit, total, available, inodes, free inodes, block size, path), and "uuid" lines with links of /dev/disk/by-uuid.
tp_mounts() {
  tp_list=$(grep -E '^(/|[^ ]*:/)' /proc/mounts) || return 0
  set --
  tp_ifs=$IFS
  IFS=$tp_nl
  set -f
  for tp_line in $tp_list; do
    IFS=' '
    # shellcheck disable=SC2086 # to be split: the fields of the line
    tp_mount $tp_line && set -- "$@" "$tp_at"
  done
  set +f
  IFS=$tp_ifs
  [ $# = 0 ] || stat -f -c 'size %S %b %a %c %d %s %n' -- "$@" 2>/dev/null
  # shellcheck disable=SC2012 # its names are made by udev: no odd characters
  if [ -d /dev/disk/by-uuid ]; then ls -l /dev/disk/by-uuid | sed 's/^/uuid /'; fi
  wait
}

# tp_mount DEVICE PATH TYPE OPTIONS...: prints its "mount" line. Sets tp_at to the path when it is a local file system;
# one on a network is asked for its size at once, apart from the others, and not for long.
tp_mount() {
  printf 'mount %s %s %s %s\n' "$1" "$2" "$3" "$4"
  tp_at=$2
  case $tp_at in *\\*) tp_at=$(printf '%b' "$tp_at") ;; esac
  case $3:$1 in
    nfs* | cifs:* | smb* | ceph:* | glusterfs:* | fuse.* | 9p:* | afs:* | lustre:* | davfs:* | *:*:/*)
      tp_within 1 stat -f -c 'size %S %b %a %c %d %s %n' -- "$tp_at" 2>/dev/null &
      return 1
      ;;
  esac
}

# tp_addresses: prints what ip -o addr does; where there is no ip, "kernel" and the kernel's tables of addresses.
tp_addresses() {
  if tp_has ip; then ip -o addr
  else
    printf 'kernel\n'
    cat /proc/net/fib_trie /proc/net/if_inet6 2>/dev/null
  fi
}

# tp_local_facts FOLDER: prints for every *.fact file in it "fact STATUS PATH" and its lines (what it prints, when it is
# executable), each behind a blank.
tp_local_facts() {
  for tp_path in "$1"/*.fact; do
    [ -f "$tp_path" ] || continue
    if [ -x "$tp_path" ]; then tp_text=$(tp_within 10 "$tp_path" 2>/dev/null)
    else tp_text=$(cat -- "$tp_path")
    fi
    printf 'fact %s %s\n' "$?" "$tp_path"
    printf '%s\n' "$tp_text" | sed 's/^/ /'
  done
}
