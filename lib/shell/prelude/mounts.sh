# Entries of fstab, and what is mounted. Paths and sources of both are escaped as they write them (a space is \040).
# shellcheck disable=SC2154,SC2086 # set in core.sh; fields of a line are words

# tp_mount_state FSTAB POINT SRC ACTIVE... KEY...: prints fstab (the entry, its fields with one blank between them, or absent),
# mounted (true, false, or other when it is something else) and backup_file. ACTIVE: the five words of tp_mounted.
tp_mount_state() {
  tp_fstab_entry "$1" "$2" "$3" || return
  shift 3
  tp_m1=$1 tp_m2=$2 tp_m3=$3 tp_m4=$4 tp_m5=$5
  shift 5
  for tp_key; do
    case $tp_key in
      fstab) tp_kv fstab "${tp_entry:-absent}" ;;
      mounted)
        tp_mounted "$tp_m1" "$tp_m2" "$tp_m3" "$tp_m4" "$tp_m5"
        tp_kv mounted "$tp_mounted"
        ;;
      backup_file)
        tp_value=
        tp_taken_backup
        tp_kv backup_file "$tp_value"
        ;;
    esac
  done
}

# tp_fstab_entry FSTAB POINT SRC: sets tp_entry to the entry of a mount point (with SRC of that source), its six fields with
# one blank between them; empty when there is none, and `several` when there are more.
tp_fstab_entry() {
  tp_entry=
  [ -e "$1" ] || return 0
  [ -f "$1" ] && [ -r "$1" ] || tp_error "$1 cannot be read" || return
  while IFS= read -r tp_line || [ -n "$tp_line" ]; do
    tp_fstab_is "$tp_line" "$2" "$3" || continue
    if [ -n "$tp_entry" ]; then tp_entry=several; else tp_entry=$tp_fields; fi
  done <"$1"
}

# tp_fstab_is LINE POINT SRC: is this the entry? Sets tp_fields to its fields.
tp_fstab_is() {
  case $1 in *"$2"*) ;; *) return 1 ;; esac
  tp_is_point=$2 tp_is_src=$3
  set -f
  set -- $1
  set +f
  case ${1-} in '' | '#'*) return 1 ;; esac
  [ "${2-}" = "$tp_is_point" ] || [ "${2-}" = "$tp_is_point/" ] || return 1
  [ -z "$tp_is_src" ] || [ "$1" = "$tp_is_src" ] || return 1
  tp_fields="$1 $tp_is_point ${3:-auto} ${4:-defaults} ${5:-0} ${6:-0}"
}

# tp_fstab_write FSTAB POINT SRC ENTRY [-b]: puts ENTRY where the (first) entry is, or at the end; with an empty ENTRY takes
# it away. The other lines stay as they are, and so does a line that says the same already.
tp_fstab_write() {
  tp_out=$(tp_temp) || return
  tp_wanted=$4
  [ ! -e "$1" ] || while IFS= read -r tp_line || [ -n "$tp_line" ]; do
    if tp_fstab_is "$tp_line" "$2" "$3"; then
      [ -n "$tp_wanted" ] || continue
      [ "$tp_fields" = "$tp_wanted" ] || tp_line=$tp_wanted
      tp_wanted=
    fi
    printf '%s\n' "$tp_line"
  done <"$1" >"$tp_out" || return
  [ -z "$tp_wanted" ] || printf '%s\n' "$tp_wanted" >>"$tp_out"
  # -L: a link stays one
  tp_install -L ${5-} "$tp_out" "$1" || return
  rm -f -- "$tp_out"
}

# tp_mounted POINT PATH SRC TYPE OPTIONS: sets tp_mounted: true, false, or other when it is surely not SRC (empty: whatever
# it is) that is mounted there. What is on top counts. With tp_exact set another name is another thing.
tp_mounted() {
  tp_mounted=false
  # shellcheck disable=SC2034 # not all fields are looked at
  while read -r tp_dev tp_at tp_rest; do
    [ "$tp_at" = "$1" ] || continue
    tp_mounted=true tp_on=$tp_dev
  done <"${tp_proc-/proc}/self/mounts" || return
  [ "$tp_mounted" = true ] && [ -n "$3" ] || return 0
  # what is bound shows its own device
  case ,$5, in *,bind,* | *,rbind,*) return 0 ;; esac
  case $tp_on in *\\*) tp_on=$(printf '%b' "$tp_on") ;; esac
  case $3 in
    UUID=*) tp_want=/dev/disk/by-uuid/${3#*=} ;;
    LABEL=*) tp_want=/dev/disk/by-label/${3#*=} ;;
    PARTUUID=*) tp_want=/dev/disk/by-partuuid/${3#*=} ;;
    *) tp_want=$3 ;;
  esac
  [ "$tp_want" != "$tp_on" ] || return 0
  if [ -b "$tp_want" ] && [ -b "$tp_on" ]; then
    [ "$(readlink -f "$tp_want")" = "$(readlink -f "$tp_on")" ] || tp_mounted=other
  elif [ -f "$tp_want" ] && [ -e "/sys/block/${tp_on##*/}/loop/backing_file" ]; then
    [ "$(cat "/sys/block/${tp_on##*/}/loop/backing_file")" = "$(readlink -f "$tp_want")" ] || tp_mounted=other
  elif [ -n "${tp_exact-}" ]; then
    # a share or a tmpfs may be shown by another name than it was given: only who would not unmount it takes that for another
    case $3 in UUID=* | LABEL=* | PARTUUID=*) ;; *) tp_mounted=other ;; esac
  fi
}

# tp_mount_point PATH BOUND: makes the mount point: a file where BOUND is one, else a directory.
tp_mount_point() {
  [ ! -e "$1" ] || return 0
  if [ -n "$2" ] && [ -f "$2" ]; then
    case $1 in /*/*) tp_mkdir '' '' '' "${1%/*}" || return ;; esac
    : >"$1"
  else tp_mkdir '' '' '' "$1"
  fi
}

# tp_mount_reach TABLE POINT PATH SRC TYPE OPTIONS new|same|old: mounts what is in the table, or, where it is mounted, gives
# it its options when they are new (`new`) or may be others (`old`); what is something else goes first, but not with `old`.
tp_mount_reach() {
  tp_mounted "$2" "$3" "$4" "$5" "$6"
  case $tp_mounted:$7 in
    true:same) return 0 ;;
    true:*)
      mount -o "remount${6:+,$6}" "$3" && return
      [ "$7" = new ] || return
      tp_unmount "$2" "$3" || return
      ;;
    other:old) tp_error "something else is mounted on $3" || return ;;
    other:*) tp_unmount "$2" "$3" || return ;;
  esac
  mount -T "$1" "$3"
}

# tp_remount FSTAB POINT PATH: mounts again with the options of fstab; what cannot be remounted is mounted anew.
tp_remount() {
  tp_mounted "$2" "$3" '' '' ''
  [ "$tp_mounted" = true ] || tp_error "nothing is mounted on $3: use state mounted" || return
  mount -T "$1" -o remount "$3" && return
  tp_fstab_entry "$1" "$2" ''
  [ -n "$tp_entry" ] || tp_error "$3 has no entry in $1: it is left as it is" || return
  tp_unmount "$2" "$3" && mount -T "$1" "$3"
}

# tp_unmount POINT PATH: unmounts all that is mounted there.
tp_unmount() {
  while tp_mounted "$1" "$2" '' '' '' && [ "$tp_mounted" = true ]; do
    umount -- "$2" || return
  done
}

# tp_mount_point_gone PATH: removes an empty mount point; fails when there is something in it.
tp_mount_point_gone() {
  if [ -d "$1" ] && [ ! -L "$1" ]; then rmdir -- "$1" || tp_error "the mount point $1 is not empty: it stays"
  elif [ -f "$1" ] && [ ! -s "$1" ]; then rm -f -- "$1"
  fi
}
