# Looking into archives before and after they are unpacked.
# shellcheck disable=SC2034,SC2154,SC2254 # names that other files of the prelude set or read; patterns are meant

# tp_archive_kind FILE OTHERWISE: sets tp_packed_as to the kind of an archive by its first bytes, as tp_extract calls it;
# OTHERWISE where the host has no od.
tp_archive_kind() {
  tp_packed_as=$2
  tp_has od || return 0
  # a tar begins with a name, which may be PKG-INFO or BZh
  case $(od -An -tx1 -N 6 <"$1" 2>/dev/null | tr -d ' \n') in
    504b0304* | 504b0506* | 504b0708*) tp_packed_as=zip ;;
    1f8b08*) tp_packed_as=tgz ;;
    425a683[1-9]3141 | 425a683[1-9]1772) tp_packed_as=tbz ;;
    fd377a585a00) tp_packed_as=txz ;;
    28b52ffd*) tp_packed_as=tzst ;;
    ?*) tp_packed_as=tar ;;
  esac
}

# tp_members KIND ARCHIVE SAID: sets tp_members to the names in an archive, a line each. An error where one would land
# outside of the folder it is unpacked in, or be written through a link of the archive. SAID is its name in errors.
tp_members() {
  tp_links=''
  if [ "$1" = zip ]; then
    tp_has unzip || tp_error 'this host has no unzip: install unzip' || return
    # busybox's unzip has no -Z: its list has three columns before the names, and lines around it
    tp_members=$(unzip -Z1 "$2" 2>/dev/null) || tp_members=$(unzip -l "$2" | sed -n 's/^ *[0-9][0-9]* *[0-9][0-9-]* *[0-9][0-9]*:[0-9:]* *//p') || return
  else
    tp_said=$(tp_temp) || return
    tp_members=$(tp_tar_list "$1" "$2" -tf 2>"$tp_said") || { cat -- "$tp_said" >&2; tp_error "$3 cannot be read as a tar archive"; } || return
    tp_cleaned=$(grep -i 'removing leading' <"$tp_said")
    rm -f -- "$tp_said"
    # mode, owner, size, date and time stand before the name
    tp_links=$(tp_tar_list "$1" "$2" -tvf | sed -n -e 's/^l[^ ]*  *[^ ]*  *[^ ]*  *[^ ]*  *[^ ]* //' -e 't p' -e d -e ':p' -e 's/ -> .*//p') || return
  fi
  # by tools that see all names at once: a loop of the shell takes minutes for some thousands of them
  tp_next=$(printf '%s\n' "$tp_members" | grep -E '^/|(^|/)\.\.(/|$)' | head -n 1)
  [ -z "$tp_next" ] || tp_error "$3 cannot be unpacked: its member $tp_next would land outside of dest" || return
  [ -z "$tp_links" ] || tp_each "$tp_links" tp_no_way_through "$3" || return
  # busybox's tar shows names only after it has cleaned them
  [ "$1" = zip ] || [ -z "$tp_cleaned" ] || tp_error "$3 cannot be unpacked: a member would land outside of dest ($tp_cleaned)"
}

# tp_no_way_through SAID LINK...: fails when one of tp_members would be written through one of the links. Prints nothing.
tp_no_way_through() {
  tp_said=$1
  shift
  for tp_link in "$@"; do
    tp_link=${tp_link#./} tp_link=${tp_link%/}
    for tp_p in "$tp_link" "./$tp_link"; do
      case $tp_nl$tp_members in
        *"$tp_nl$tp_p/"[!"$tp_nl"]*)
          tp_rest=${tp_members#*"$tp_p/"}
          tp_error "$tp_said cannot be unpacked: its member $tp_p/${tp_rest%%"$tp_nl"*} would be written through the link $tp_link" || return
          ;;
      esac
    done
  done
}

# tp_tar_list KIND ARCHIVE FLAGS: prints what tar tells of an archive.
tp_tar_list() {
  tp_has tar || tp_error 'this host has no tar: install tar' || return
  case $1 in
    tgz) set -- "$@" gzip ;;
    tbz) set -- "$@" bzip2 ;;
    txz) set -- "$@" xz ;;
    tzst) set -- "$@" zstd ;;
    *)
      tar "$3" "$2"
      return
      ;;
  esac
  tp_has "$4" || tp_error "this host has no $4: install ${4%2}" || return
  "$4" -dc <"$2" | tar "$3" -
}

# tp_choose INCLUDE EXCLUDE: takes everything out of tp_from that is not asked for: where INCLUDE (patterns, a line each) is
# not empty what none of them names, and what one of EXCLUDE names. As tar's, a pattern names a whole path, the end of one,
# or a folder above. An error when nothing is left.
tp_choose() {
  tp_paths=$(cd -- "$tp_from" && find . ! -path .) || return
  tp_left=''
  tp_each "$tp_paths" tp_choose_each "$1" "$2" || return
  [ -n "$tp_left" ] || tp_error 'nothing in the archive is asked for'
}

# tp_choose_each INCLUDE EXCLUDE PATH...: part of tp_choose; folders above what is asked for stay.
tp_choose_each() {
  tp_in=$1 tp_out=$2
  shift 2
  for tp_p in "$@"; do
    tp_p=${tp_p#./}
    if { [ -z "$tp_in" ] || tp_named "$tp_p" "$tp_in"; } && ! { [ -n "$tp_out" ] && tp_named "$tp_p" "$tp_out"; }; then
      tp_left=1
    elif [ -d "$tp_from/$tp_p" ] && [ ! -L "$tp_from/$tp_p" ] && [ -n "$tp_in" ]; then
      # perhaps it holds what is asked for
      :
    else
      rm -rf -- "${tp_from:?}/$tp_p" || return
    fi
  done
  [ -z "$tp_in" ] || (cd -- "$tp_from" && find . -depth -type d ! -path . | while IFS= read -r tp_p; do
    tp_named "${tp_p#./}" "$tp_in" || rmdir -- "$tp_p" 2>/dev/null || :
  done)
}

# tp_named PATH PATTERNS: does one of the patterns (a line each) name the path?
tp_named() {
  tp_list=$2
  while [ -n "$tp_list" ]; do
    tp_next "$tp_list"
    case /$1/ in */$tp_next/*) return 0 ;; esac
  done
  return 1
}

# tp_drop_older DIRECTORY: takes those files out of tp_from that are older than those of the same path in the directory.
tp_drop_older() {
  tp_paths=$(cd -- "$tp_from" && find . -type f) || return
  tp_each "$tp_paths" tp_drop_older_each "$1"
}

# tp_drop_older_each DIRECTORY PATH...: part of tp_drop_older.
tp_drop_older_each() {
  tp_root=$1
  shift
  for tp_p in "$@"; do
    # shellcheck disable=SC3013 # every sh of a host has -nt
    if [ -f "$tp_root/$tp_p" ] && [ "$tp_root/$tp_p" -nt "$tp_from/$tp_p" ]; then rm -f -- "$tp_from/$tp_p" || return; fi
  done
}

# tp_times_as FROM ROOT: gives the files of ROOT the times of those in FROM.
tp_times_as() {
  tp_paths=$(cd -- "$1" && find . -type f) || return
  tp_each "$tp_paths" tp_times_each "$1" "$2"
}

# tp_times_each FROM ROOT PATH...: part of tp_times_as.
tp_times_each() {
  tp_src=$1 tp_root=$2
  shift 2
  for tp_p in "$@"; do touch -r "$tp_src/$tp_p" -- "$tp_root/$tp_p" || return; done
}
