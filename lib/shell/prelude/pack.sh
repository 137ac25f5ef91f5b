# Packing files of the host.
# shellcheck disable=SC2034,SC2154 # names that other files of the prelude set or read

# tp_pack_tools FORMAT KIND: are the tools there that make and read such a file? KIND: archive, compress.
tp_pack_tools() {
  case $1:$2 in
    zip:*) tp_pack_needs='zip unzip' ;;
    tar:*) tp_pack_needs=tar ;;
    gz:archive) tp_pack_needs='tar gzip' ;;
    bz2:archive) tp_pack_needs='tar bzip2' ;;
    xz:archive) tp_pack_needs='tar xz' ;;
    gz:*) tp_pack_needs=gzip ;;
    bz2:*) tp_pack_needs=bzip2 ;;
    *) tp_pack_needs=xz ;;
  esac
  for tp_tool in $tp_pack_needs; do
    case $tp_tool in xz) tp_package=xz-utils ;; *) tp_package=$tp_tool ;; esac
    tp_has "$tp_tool" || tp_error "this host has no $tp_tool: install $tp_package" || return
    case $tp_tool in xz) ! xz --help 2>&1 | grep -q BusyBox || tp_error "busybox's xz can only unpack: install xz-utils" || return ;; esac
  done
}

# tp_pack_filter FORMAT [-d]: packs stdin, or with -d unpacks it, to stdout.
tp_pack_filter() {
  case $1 in
    gz) gzip ${2:--n} -c ;;
    bz2) bzip2 ${2-} -c ;;
    xz) xz ${2-} -c ;;
    *) cat ;;
  esac
}

# tp_pack_names ROOT EXCLUSIONS PATH...: prints the names, seen from the folder ROOT, of all that goes into an archive:
# each path that is a file, and everything in each that is a folder, but for those that match one of the shell patterns
# EXCLUSIONS (a line each) and the file tp_dest itself. Sorted, each once.
tp_pack_names() (
  tp_root=$1 tp_patterns=$2
  shift 2
  # not piped on: what fails here must not make an archive of the rest
  tp_all=$(
    for tp_p in "$@"; do
      if [ -d "$tp_p" ]; then
        tp_odd=$(find "${tp_p%/}/." -name "*$tp_nl*") || exit
        [ -z "$tp_odd" ] || tp_pack_odd "$tp_odd" || exit
        tp_odd=$(find "${tp_p%/}/." ! -path "${tp_p%/}/.") || exit
        printf '%s\n' "$tp_odd" | sed -e '/^$/d' -e 's:/\./:/:'
      else
        printf '%s\n' "$tp_p"
      fi
    done
  ) || exit
  printf '%s\n' "$tp_all" | sed '/^$/d' | sort -u | while IFS= read -r tp_p; do
    [ "$tp_p" != "$tp_dest" ] || continue
    tp_p=${tp_p#"$tp_root"}
    tp_list=$tp_patterns
    while [ -n "$tp_list" ]; do
      tp_next "$tp_list"
      # shellcheck disable=SC2254 # a pattern is meant
      case $tp_p in $tp_next) continue 2 ;; esac
    done
    printf '%s\n' "$tp_p"
  done
)

# tp_pack_odd PATH: fails with why a name with a line break is not packed. Prints nothing.
tp_pack_odd() { tp_error "a name with a line break cannot be packed here: $1"; }

# tp_pack_sum FORMAT KIND ROOT NAMES: sets tp_packed to a checksum of what would be packed: the tar, the file, or of a zip
# the names and contents.
tp_pack_sum() {
  tp_packed=$(
    cd -- "$3" || exit
    case $1:$2 in
      zip:*)
        printf '%s\n' "$4" | while IFS= read -r tp_p; do if [ -d "./$tp_p" ]; then printf '%s/\n' "$tp_p"; elif [ -f "./$tp_p" ]; then printf '%s\n' "$tp_p"; fi; done | sort
        printf '%s\n' "$4" | while IFS= read -r tp_p; do if [ ! -f "./$tp_p" ]; then continue; fi; cat "./$tp_p" || exit; done
        ;;
      *:compress) cat "./$4" || printf 'unreadable %s\n' "$$" ;;
      *) tp_tar "$4" || printf 'unreadable %s\n' "$$" ;;
    esac | tp_pack_hash
  )
}

# tp_pack_hash: prints the checksum of stdin.
tp_pack_hash() {
  if tp_has sha256sum; then sha256sum; else cksum; fi
}

# tp_tar NAMES: prints a tar of the names (a line each), which are in the working folder.
tp_tar() {
  if [ -z "$1" ]; then
    # no tar makes an empty archive: nothing but zeros, as Python's
    dd if=/dev/zero bs=10240 count=1 2>/dev/null
  elif tar --version 2>/dev/null | grep -q GNU; then
    tp_names=$(tp_temp) && printf '%s\n' "$1" | tr '\n' '\0' >"$tp_names" || return
    tar -c --no-recursion --null -T "$tp_names" -f -
    tp_rc=$?
    rm -f -- "$tp_names"
    return "$tp_rc"
  else
    tp_each "$1" tar -c --no-recursion -f - --
  fi
}

# tp_pack_there FORMAT FILE: sets tp_there to the checksum of what is in FILE, as tp_pack_sum makes it; nothing
# when it cannot be read as that.
tp_pack_there() {
  tp_there=
  [ -f "$2" ] || return 0
  tp_there=$(
    case $1 in
      zip)
        # not unzip -Z: busybox's has none
        tp_pack_zip "$2" && zip -sf "$tp_zip" 2>/dev/null | sed -n 's/^  //p' | sort
        [ "$tp_zip" = "$2" ] || rm -f -- "$tp_zip"
        unzip -p "$2" 2>/dev/null
        ;;
      *) tp_pack_filter "$1" -d <"$2" 2>/dev/null ;;
    esac | tp_pack_hash
  )
}

# tp_pack_zip FILE: sets tp_zip to a path by which zip finds it; of a name without a dot it would look for another one.
tp_pack_zip() {
  tp_zip=$1
  case ${1##*/} in *.*) return ;; esac
  case $1 in /*) tp_p=$1 ;; *) tp_p=$(pwd)/$1 ;; esac
  tp_zip=$(tp_temp) && rm -f -- "$tp_zip" && tp_zip=$tp_zip.zip && ln -s -- "$tp_p" "$tp_zip"
}

# tp_pack_files ROOT NAMES: prints those of the names that are files, or links to one.
tp_pack_files() (
  cd -- "${1:-/}" || exit
  printf '%s\n' "$2" | while IFS= read -r tp_p; do [ ! -f "./$tp_p" ] || printf '%s\n' "$tp_p"; done
)

# tp_pack FORMAT KIND ROOT NAMES FILE: packs into FILE, which is new.
tp_pack() (
  tp_file=$5
  cd -- "$3" || exit
  case $1:$2 in
    zip:*)
      printf '%s\n' "$4" | while IFS= read -r tp_p; do [ ! -d "./$tp_p" ] && [ ! -f "./$tp_p" ] || printf '%s\n' "$tp_p"; done | zip -q -X -@ - >"$tp_file"
      ;;
    *:compress) tp_pack_filter "$1" <"./$4" >"$tp_file" ;;
    *)
      # the status of a pipe is that of its last command
      tp_bad=$(tp_temp) || exit
      { tp_tar "$4" || printf 'tar failed with status %s\n' "$?" >"$tp_bad"; } | tp_pack_filter "$1" >"$tp_file" || exit
      [ ! -s "$tp_bad" ] || tp_error "$(cat -- "$tp_bad")" || exit
      rm -f -- "$tp_bad"
      ;;
  esac
)

# tp_pack_add LIST [-g] PATH...: adds paths to tp_expanded, or to tp_excluded where LIST is `exclude`; -g: they came from a
# pattern, and those that are not there are none.
tp_pack_add() {
  tp_which=$1 tp_glob=''
  shift
  [ "$1" != -g ] || { tp_glob=1 && shift; }
  for tp_p in "$@"; do
    [ -z "$tp_glob" ] || [ -e "$tp_p" ] || [ -L "$tp_p" ] || continue
    # as two lines it would be two other paths
    case $tp_p in *"$tp_nl"*) tp_pack_odd "$tp_p" || return ;; esac
    case $tp_which in
      exclude) tp_excluded=$tp_excluded${tp_excluded:+$tp_nl}$tp_p ;;
      *) tp_expanded=$tp_expanded${tp_expanded:+$tp_nl}$tp_p ;;
    esac
  done
}

# tp_pack_choose EXCLUSIONS: sets tp_present and tp_missing to those of tp_expanded, without tp_excluded and an archive that
# a pattern found again, that are there or not, tp_root to the folder that all of them are in, with a slash, and tp_members to the names in the archive.
tp_pack_choose() {
  tp_root='' tp_present='' tp_missing='' tp_members='' tp_list=$tp_expanded
  while [ -n "$tp_list" ]; do
    tp_next "$tp_list"
    case $tp_nl$tp_excluded$tp_nl in *"$tp_nl$tp_next$tp_nl"*) continue ;; esac
    [ "$tp_kind_made" = compress ] || ! tp_pack_same "$tp_next" || continue
    [ -n "$tp_root" ] || tp_root=${tp_next%/*}/
    while :; do
      case $tp_next in "$tp_root"*) break ;; esac
      tp_root=${tp_root%/} && tp_root=${tp_root%/*}/
    done
    if [ -e "$tp_next" ] || [ -L "$tp_next" ]; then tp_present=$tp_present${tp_present:+$tp_nl}$tp_next
    else tp_missing=$tp_missing${tp_missing:+$tp_nl}$tp_next
    fi
  done
  [ -z "$tp_present" ] || tp_members=$(tp_each "$tp_present" tp_pack_names "$tp_root" "$1")
}

# tp_pack_same PATH: is it the archive itself?
tp_pack_same() {
  # shellcheck disable=SC3013 # every sh of a host has -ef
  [ ! -L "$1" ] && [ "$1" -ef "$tp_dest" ]
}

# tp_pack_fault REMOVE: sets tp_fault to why the archive must not be at tp_dest, '' when it may.
tp_pack_fault() {
  tp_fault='' tp_list=$tp_present
  case $tp_dest in */*) tp_parent=${tp_dest%/*}/ ;; *) tp_parent=. ;; esac
  tp_parent=$(cd -P -- "$tp_parent" 2>/dev/null && pwd -P) || return 0
  while [ -n "$tp_list" ]; do
    tp_next "$tp_list"
    if tp_pack_same "$tp_next"; then tp_fault="$tp_dest is what is packed: give another dest"
    elif [ -n "$1" ] && [ -d "$tp_next" ] && [ ! -L "$tp_next" ]; then tp_pack_holds "$tp_next"
    fi
  done
}

# tp_pack_holds FOLDER: sets tp_fault when tp_parent is in that folder, with which the archive would be removed.
tp_pack_holds() {
  tp_p=$tp_parent
  while [ -n "$tp_p" ]; do
    # shellcheck disable=SC3013 # every sh of a host has -ef
    [ ! "$tp_p" -ef "$1" ] || tp_fault="$tp_dest is in $1, which is removed: give a dest elsewhere"
    tp_p=${tp_p%/*}
  done
}
