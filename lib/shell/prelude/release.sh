# Releases: folders by version, and the links that say which one is current and which permanent.
#   ROOT/releases/VERSION/   complete as soon as it has this name
#   ROOT/current             a link to the release that is used
#   ROOT/permanent           a link to the last one that has proved itself
# Each release has a file .tplay-release: what it was unpacked from, then a line for each time it became current.
# What is under way is in releases/.tplay.* and .tplay.switch; a run that is cut leaves no more than those.
# shellcheck disable=SC2034,SC2154 # names that other files of the prelude set or read

# tp_release_at ROOT NAME: sets tp_release_at to the version that the link ROOT/NAME leads to, empty when it is not
# there. When it is something else, sets tp_way to a sentence and returns 1.
tp_release_at() {
  tp_release_at=
  if [ ! -L "$1/$2" ]; then
    [ -e "$1/$2" ] || return 0
    tp_way="$1/$2 is there and no link: move it away, it becomes a link to a release"
    return 1
  fi
  tp_readlink "$1/$2" || return
  tp_readlink=${tp_readlink%/}
  case $tp_readlink in
    "$1"/releases/*) tp_release_at=${tp_readlink#"$1"/releases/} ;;
    ./releases/*) tp_release_at=${tp_readlink#./releases/} ;;
    releases/*) tp_release_at=${tp_readlink#releases/} ;;
  esac
  case $tp_release_at in
    '' | . | .. | */*)
      tp_release_at=
      tp_way="$1/$2 leads to $tp_readlink, which is no release of $1/releases: remove that link first"
      return 1
      ;;
  esac
}

# tp_release ROOT VERSION SUM STATE KEEP KEY...: prints a line of state for each key. SUM: the checksum of what VERSION
# would be unpacked from, or empty. STATE and KEEP as of the module; `remove` and `old` are told for when it is reached.
tp_release() {
  tp_way=''
  tp_release_at "$1" current && :
  tp_cur=$tp_release_at
  tp_release_at "$1" permanent && :
  tp_perm=$tp_release_at
  tp_release_old "$1" "$2" "$4" "$5" || return
  tp_r=$1 tp_v=$2 tp_s=$3
  shift 5
  for tp_key in "$@"; do
    case $tp_key in
      unpacked) tp_release_there ;;
      current) tp_value=$tp_cur ;;
      permanent) tp_value=$tp_perm ;;
      remove) tp_value=$tp_remove ;;
      old) tp_value=$tp_old ;;
      in_the_way) tp_value=$tp_way ;;
      rolled_back)
        tp_value=false
        # a version that is not current was left already, or never came so far
        if [ "$tp_cur" = "$tp_perm" ] || [ "${tp_v:-$tp_cur}" != "$tp_cur" ]; then tp_value=true; fi
        [ -z "$tp_way" ] || tp_value=false
        ;;
    esac
    tp_kv "$tp_key" "$tp_value"
  done
}

# tp_release_there: sets tp_value: is tp_v unpacked in tp_r? true, false, or `other`: from something else than tp_s.
tp_release_there() {
  tp_value=false
  [ -d "$tp_r/releases/$tp_v" ] || return 0
  tp_value=true tp_line=
  [ -n "$tp_s" ] && [ -f "$tp_r/releases/$tp_v/.tplay-release" ] || return 0
  IFS= read -r tp_line <"$tp_r/releases/$tp_v/.tplay-release" || :
  case $tp_line in "sha256 $tp_s") ;; 'sha256 '*) tp_value=other ;; esac
}

# tp_release_guard ROOT VERSION SUM NAME...: fails when VERSION is there and was unpacked from something else, or when one
# of the links cannot be made: before anything is done.
tp_release_guard() {
  tp_r=$1 tp_v=$2 tp_s=$3
  shift 3
  for tp_q in "$@"; do
    tp_release_at "$tp_r" "$tp_q" || tp_error "$tp_way" || return
  done
  tp_release_there
  [ "$tp_value" != other ] || tp_error "$tp_r/releases/$tp_v was unpacked from something else than src"
}

# tp_release_old ROOT VERSION STATE KEEP: with VERSION in STATE, sets tp_old to the old releases that stay, the one used
# last first, and tp_remove to those beyond KEEP and to what a run that was cut left: a name a line. Old are those that
# were current once and are neither current nor permanent any more. Others are never named: a release that waits for
# its time, a folder that was not unpacked by tp_release_unpack.
tp_release_old() {
  tp_old='' tp_remove='' tp_n=0 tp_oldest=$4
  tp_release_at "$1" current && :
  tp_oc=$tp_release_at
  tp_release_at "$1" permanent && :
  tp_op=$tp_release_at
  case $3 in current) tp_oc=$2 ;; permanent) tp_oc=$2 tp_op=$2 ;; esac
  tp_or=$1 tp_ov=$2
  for tp_p in "$1"/.tplay.switch "$1"/releases/.tplay.*; do
    [ ! -e "$tp_p" ] || tp_remove=$tp_remove${tp_remove:+$tp_nl}${tp_p##*/}
  done
  set -- "$1"/releases/*/.tplay-release
  [ -e "$1" ] || return 0
  tp_list=$(ls -1t -- "$@") || return
  while [ -n "$tp_list" ]; do
    tp_next "$tp_list"
    tp_next=${tp_next#"$tp_or"/releases/} tp_next=${tp_next%/.tplay-release}
    case $tp_next in "$tp_ov" | "$tp_oc" | "$tp_op" | */*) continue ;; esac
    tp_release_used "$tp_or/releases/$tp_next" || continue
    if [ "$tp_n" -lt "${tp_oldest:-$((tp_n + 1))}" ]; then tp_old=$tp_old${tp_old:+$tp_nl}$tp_next
    else tp_remove=$tp_remove${tp_remove:+$tp_nl}$tp_next
    fi
    tp_n=$((tp_n + 1))
  done
}

# tp_release_used DIRECTORY: was this release ever current?
tp_release_used() {
  [ -d "$1" ] && [ ! -L "$1" ] && [ -f "$1/.tplay-release" ] || return
  { IFS= read -r tp_line && IFS= read -r tp_line; } <"$1/.tplay-release"
}

# tp_release_unpack ROOT VERSION KIND SRC SUM FOLDER OWNER GROUP MODE: makes the release of an archive or a folder of
# the host, or of FOLDER in it; what is there already stays. All of it gets OWNER and GROUP (else this user's, of root
# root's: not those of the machine that packed it), and MODE when it is not empty. Prints nothing but errors.
tp_release_unpack() (
  [ ! -d "$1/releases/$2" ] || exit 0
  tp_mkdir '' '' '' "$1/releases" || exit
  tp_from=$1/releases/.tplay.$$
  tp_release_rm "$tp_from" || exit
  trap 'tp_release_rm "$tp_from"' EXIT
  trap 'exit 129' HUP
  trap 'exit 143' TERM
  mkdir -m 0700 -- "$tp_from" && mkdir -- "$tp_from/in" "$tp_from/out" || exit
  if [ -d "$4" ]; then
    cp -RPp -- "$4/." "$tp_from/in/" && echo folder >"$tp_from/marker" || exit
  else
    tp_src=$4
    case $4 in
      "/$tp_tag-in/"*)
        # all of it first: a release is never made of what was cut
        tp_src=$tp_from/archive
        tp_take "$4" >"$tp_src" && tp_took "$4" "$tp_src" || exit
        ;;
      *) [ -f "$4" ] || tp_error "src $4 does not exist on the host" || exit ;;
    esac
    tp_sum=$5
    [ -n "$tp_sum" ] || tp_sum sha256 "$tp_src" || exit
    tp_extract "$3" "$tp_src" "$tp_from/in" || exit
    [ "$tp_src" = "$4" ] || rm -f -- "$tp_src"
    printf '%s\n' "sha256 $tp_sum" >"$tp_from/marker" || exit
  fi
  tp_top=$tp_from/in${6:+/$6}
  # no link may lead out of what was unpacked
  tp_real=$(cd -P -- "$tp_from/in" && pwd -P) || exit
  case $(cd -P -- "$tp_top" 2>/dev/null && pwd -P)/ in
    "$tp_real"/*) ;;
    *) tp_error "there is no folder $6 in it" || exit ;;
  esac
  tp_attrs "$tp_top" && tp_m=$tp_f_mode && chmod -- u+rwx "$tp_top" || exit
  rm -f -- "$tp_top/.tplay-release" && cat "$tp_from/marker" >"$tp_top/.tplay-release" || exit
  tp_o=$7 tp_g=$8
  [ "$(id -u)" != 0 ] || tp_o=${tp_o:-0} tp_g=${tp_g:-0}
  [ -z "$tp_o$tp_g" ] || find "$tp_top" -exec chown -h -- "$tp_o${tp_g:+:$tp_g}" {} + || exit
  if [ -n "$9" ]; then
    tp_below -s "$tp_top" '' '' "$9" && tp_attrs "$tp_top" && tp_m=$tp_f_mode && chmod -- u+rwx "$tp_top" || exit
  fi
  chmod -- 0644 "$tp_top/.tplay-release" && mv -- "$tp_top" "$tp_from/out/$2" || exit
  # a machine that loses its power later shall not find a name with nothing behind it
  sync -f "$tp_from" 2>/dev/null || sync
  # into the folder: one rename, and never into a release of that name
  mv -f -- "$tp_from/out/$2" "$1/releases/" || exit
  case $tp_m in ?7??) ;; *) chmod -- "0$tp_m" "$1/releases/$2" ;; esac
)

# tp_release_switch ROOT NAME VERSION: makes the link ROOT/NAME lead to the release, by one rename: whoever looks finds
# the old one or the new one. `ln -sfn` removes the old link first, and `mv LINK ROOT/NAME` would move into the folder
# that NAME leads to; -T against that is not everywhere. A move into the folder ROOT is one rename(2) with every mv.
tp_release_switch() {
  tp_release_at "$1" "$2" || tp_error "$tp_way" || return
  [ "$tp_release_at" != "$3" ] || return 0
  [ -d "$1/releases/$3" ] || tp_error "$1/releases/$3 does not exist: give src, from which it is unpacked" || return
  tp_release_rm "$1/.tplay.switch" || return
  if [ "$2" = current ] && [ -f "$1/releases/$3/.tplay-release" ]; then
    printf 'current %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >>"$1/releases/$3/.tplay-release" || return
  fi
  tp_rc=0
  mkdir -m 0700 -- "$1/.tplay.switch" && ln -s -- "releases/$3" "$1/.tplay.switch/$2" &&
    mv -f -- "$1/.tplay.switch/$2" "$1/" || tp_rc=$?
  tp_release_rm "$1/.tplay.switch" || return
  return "$tp_rc"
}

# tp_release_back ROOT VERSION: makes the permanent release current, when VERSION (if not empty) is current.
tp_release_back() {
  tp_release_at "$1" current || tp_error "$tp_way" || return
  [ "${2:-$tp_release_at}" = "$tp_release_at" ] || return 0
  tp_release_at "$1" permanent || tp_error "$tp_way" || return
  [ -n "$tp_release_at" ] || tp_error "no release of $1 was ever permanent: there is none to go back to" || return
  tp_release_switch "$1" current "$tp_release_at"
}

# tp_release_gone ROOT VERSION: removes a release that is neither current nor permanent.
tp_release_gone() {
  for tp_q in current permanent; do
    tp_release_at "$1" "$tp_q" || tp_error "$tp_way" || return
    [ "$tp_release_at" != "$2" ] || tp_error "$2 is the $tp_q release of $1: it is not removed" || return
  done
  [ -d "$1/releases/$2" ] || return 0
  [ ! -L "$1/releases/$2" ] || { rm -f -- "$1/releases/$2" && return; }
  tp_q=$1/releases/.tplay.$$.gone
  # its name goes first: what is half removed is no release
  tp_release_rm "$tp_q" && mkdir -m 0700 -- "$tp_q" && chmod -- u+rwx "$1/releases/$2" &&
    mv -f -- "$1/releases/$2" "$tp_q/" && tp_release_rm "$tp_q"
}

# tp_release_prune ROOT VERSION STATE KEEP: removes the old releases beyond KEEP, once VERSION is in STATE.
tp_release_prune() {
  tp_release_old "$1" "$2" "$3" "$4" || return
  while [ -n "$tp_remove" ]; do
    tp_next "$tp_remove"
    tp_remove=$tp_list
    case $tp_next in .tplay.*) ;; *) tp_release_gone "$1" "$tp_next" || return ;; esac
  done
}

# tp_release_sweep ROOT: removes what a run that was cut left.
tp_release_sweep() {
  for tp_p in "$1"/.tplay.switch "$1"/releases/.tplay.*; do
    [ ! -e "$tp_p" ] || tp_release_rm "$tp_p" || return
  done
}

# tp_release_rm DIRECTORY: removes a folder with all that is in it, also where folders forbid it.
tp_release_rm() {
  rm -rf -- "$1" 2>/dev/null && return
  # one by one: find goes into a folder only after it was opened
  find "$1" -type d -exec chmod -- u+rwx {} \; && rm -rf -- "$1"
}
