# Looking at files and writing them. Functions whose comment says "sets" leave their answer in a variable of that name:
# a command substitution would cost a fork each.
# shellcheck disable=SC2034,SC2154,SC2209 # read through eval; set in core.sh; words like `file` are meant
tp_stat_c=
[ -n "$(stat -c %a / 2>/dev/null)" ] && tp_stat_c=1

# tp_error WORDS: prints a sentence on stderr; returns 1.
tp_error() {
  printf '%s\n' "$*" >&2
  return 1
}

# tp_kind PATH [-L]: sets tp_kind: file directory link absent fifo socket block char; -L: of what a link leads to.
tp_kind() {
  if [ -L "$1" ] && [ -z "${2-}" ]; then tp_kind=link
  elif [ -f "$1" ]; then tp_kind=file
  elif [ -d "$1" ]; then tp_kind=directory
  elif [ -p "$1" ]; then tp_kind=fifo
  elif [ -S "$1" ]; then tp_kind=socket
  elif [ -b "$1" ]; then tp_kind=block
  elif [ -c "$1" ]; then tp_kind=char
  else tp_kind=absent
  fi
}

# tp_sum ALGORITHM FILE: sets tp_sum to the hexadecimal checksum (md5 sha1 sha224 sha256 sha384 sha512).
tp_sum() {
  if tp_has "${1}sum"; then tp_sum=$("${1}sum" <"$2")
  elif tp_has openssl; then tp_sum=$(openssl dgst -r "-$1" <"$2")
  elif tp_has shasum; then tp_sum=$(shasum -a "${1#sha}" <"$2")
  else tp_error "this host has none of ${1}sum, openssl and shasum: install coreutils"
  fi || return
  tp_sum=${tp_sum%% *}
}

# tp_attrs PATH [-L]: sets tp_f_{mode,uid,gid,size,atime,mtime,ctime,nlink,inode,dev,owner,group}.
tp_attrs() {
  if [ -z "$tp_stat_c" ]; then
    tp_attrs_ls "$@"
    return
  fi
  tp_line=$(stat ${2:+-L} -c '%a:%u:%g:%s:%X:%Y:%Z:%h:%i:%d:%U:%G' -- "$1") || return
  for tp_field in mode uid gid size atime mtime ctime nlink inode dev owner; do
    eval "tp_f_$tp_field=\${tp_line%%:*}"
    tp_line=${tp_line#*:}
  done
  tp_f_group=$tp_line
  case $tp_f_mode in
    ????) ;;
    ???) tp_f_mode=0$tp_f_mode ;;
    ??) tp_f_mode=00$tp_f_mode ;;
    *) tp_f_mode=000$tp_f_mode ;;
  esac
}

# tp_attrs_ls PATH [-L]: as tp_attrs where there is no stat -c: from POSIX ls; device and the times but mtime stay 0.
tp_attrs_ls() {
  tp_line=$(ls -ldin${2:+L} -- "$1") || return
  set -f
  # shellcheck disable=SC2086 # the fields of ls
  set -- "$1" "${2-}" $tp_line
  set +f
  tp_f_inode=$3 tp_text=$4 tp_f_nlink=$5 tp_f_uid=$6 tp_f_gid=$7 tp_f_size=$8
  case $tp_text in [bc]*) tp_f_size=0 ;; esac
  tp_line=$(ls -ld${2:+L} -- "$1") || return
  tp_line=${tp_line#* }
  while :; do case $tp_line in [' '0-9]*) tp_line=${tp_line#?} ;; *) break ;; esac done
  tp_f_owner=${tp_line%% *}
  tp_line=${tp_line#* }
  while :; do case $tp_line in ' '*) tp_line=${tp_line#?} ;; *) break ;; esac done
  tp_f_group=${tp_line%% *}
  tp_f_atime=0 tp_f_ctime=0 tp_f_dev=0
  tp_f_mtime=$(date -r "$1" +%s 2>/dev/null) || tp_f_mtime=0
  tp_text=${tp_text#?} tp_bits=0 tp_special=0 tp_n=9
  while [ "$tp_n" -gt 0 ]; do
    tp_n=$((tp_n - 1))
    case $tp_text in
      [rwxst]*) tp_bits=$((tp_bits | (1 << tp_n))) ;;
    esac
    case $tp_n$tp_text in
      6[sS]*) tp_special=$((tp_special | 4)) ;;
      3[sS]*) tp_special=$((tp_special | 2)) ;;
      0[tT]*) tp_special=$((tp_special | 1)) ;;
    esac
    tp_text=${tp_text#?}
  done
  tp_f_mode=$tp_special$((tp_bits >> 6 & 7))$((tp_bits >> 3 & 7))$((tp_bits & 7))
}

# tp_symbolic SPEC MODE KIND: sets tp_symbolic to the four octal digits that `chmod SPEC` makes of MODE.
tp_symbolic() {
  tp_bits=$((0$2)) tp_rest=$1,
  while [ -n "$tp_rest" ]; do
    tp_clause=${tp_rest%%,*} tp_rest=${tp_rest#*,} tp_who=0
    while :; do
      case $tp_clause in
        u*) tp_who=$((tp_who | 04700)) ;;
        g*) tp_who=$((tp_who | 02070)) ;;
        o*) tp_who=$((tp_who | 01007)) ;;
        a*) tp_who=$((tp_who | 07777)) ;;
        *) break ;;
      esac
      tp_clause=${tp_clause#?}
    done
    tp_mask=$tp_who
    [ "$tp_who" != 0 ] || tp_who=$((07777)) tp_mask=$((07777 & ~0$(umask)))
    while [ -n "$tp_clause" ]; do
      tp_op=${tp_clause%"${tp_clause#?}"} tp_clause=${tp_clause#?} tp_perm=0
      while :; do
        case $tp_clause in
          r*) tp_perm=$((tp_perm | 0444)) ;;
          w*) tp_perm=$((tp_perm | 0222)) ;;
          x*) tp_perm=$((tp_perm | 0111)) ;;
          X*) [ "$3" != directory ] && [ $((tp_bits & 0111)) = 0 ] || tp_perm=$((tp_perm | 0111)) ;;
          s*) tp_perm=$((tp_perm | 06000)) ;;
          t*) tp_perm=$((tp_perm | 01000)) ;;
          u*) tp_perm=$((tp_perm | (tp_bits >> 6 & 7) * 0111)) ;;
          g*) tp_perm=$((tp_perm | (tp_bits >> 3 & 7) * 0111)) ;;
          o*) tp_perm=$((tp_perm | (tp_bits & 7) * 0111)) ;;
          *) break ;;
        esac
        tp_clause=${tp_clause#?}
      done
      case $tp_op in
        +) tp_bits=$((tp_bits | (tp_perm & tp_mask))) ;;
        -) tp_bits=$((tp_bits & ~(tp_perm & tp_mask))) ;;
        =)
          # as chmod: `=` leaves a directory's set-id bits unless they are named
          [ "$3" = directory ] && tp_who=$((tp_who & ~(06000 & ~tp_perm)))
          tp_bits=$((tp_bits & ~tp_who | (tp_perm & tp_mask)))
          ;;
        *) tp_error "not a mode: $1" || return ;;
      esac
    done
  done
  tp_symbolic=$((tp_bits >> 9 & 7))$((tp_bits >> 6 & 7))$((tp_bits >> 3 & 7))$((tp_bits & 7))
}

# tp_readlink PATH: sets tp_readlink to the target of a link, exactly.
tp_readlink() {
  if tp_has readlink; then
    tp_readlink=$(readlink -- "$1" && printf x) || return
    tp_readlink=${tp_readlink%"$tp_nl"x}
  else
    tp_readlink=$(ls -ld -- "$1" && printf x) || return
    tp_readlink=${tp_readlink%"$tp_nl"x}
    tp_readlink=${tp_readlink#*" $1 -> "}
  fi
}

# tp_target PATH: sets tp_target to what a link leads to, whether that is there or not; to PATH when it is no link.
tp_target() {
  tp_target=$1 tp_n=0
  while [ -L "$tp_target" ]; do
    tp_n=$((tp_n + 1))
    [ "$tp_n" -le 40 ] || tp_error "$1: too many links" || return
    tp_readlink "$tp_target" || return
    case $tp_readlink:$tp_target in
      /*) tp_target=$tp_readlink ;;
      *:*/*) tp_target=${tp_target%/*}/$tp_readlink ;;
      *) tp_target=$tp_readlink ;;
    esac
  done
}

# tp_stat [-L] [-m SPEC] PATH KEY...: prints a line of state for each key: type path exists mode owner group uid gid size
# atime mtime ctime nlink inode dev link (a link's target), md5 sha1 sha224 sha256 sha384 sha512 (of a regular file),
# backup_file (what the last tp_install kept). What the path does not have is empty. -L looks through links. -m: the
# mode is printed as SPEC, a symbolic mode, when `chmod SPEC` would leave it as it is. At most one stat and one sum.
tp_stat() {
  tp_follow='' tp_spec=''
  while :; do
    case $1 in
      -L) tp_follow=-L ;;
      -m) tp_spec=$2 && shift ;;
      *) break ;;
    esac
    shift
  done
  tp_path=$1 tp_looked=''
  shift
  tp_kind "$tp_path" $tp_follow
  for tp_key in "$@"; do
    tp_value=
    case $tp_kind:$tp_key in
      *:type) tp_value=$tp_kind ;;
      *:path) tp_value=$tp_path ;;
      *:backup_file) tp_taken_backup ;;
      absent:exists) tp_value=false ;;
      *:exists) tp_value=true ;;
      absent:*) ;;
      link:link) tp_readlink "$tp_path" && tp_value=$tp_readlink || return ;;
      *:link) ;;
      file:sha* | file:md5) tp_sum "$tp_key" "$tp_path" && tp_value=$tp_sum || return ;;
      *:sha* | *:md5) ;;
      *)
        [ -n "$tp_looked" ] || tp_attrs "$tp_path" $tp_follow || return
        tp_looked=1
        eval "tp_value=\$tp_f_$tp_key"
        if [ "$tp_key" = mode ] && [ -n "$tp_spec" ]; then
          tp_symbolic "$tp_spec" "$tp_value" "$tp_kind" || return
          [ "$tp_symbolic" != "$tp_value" ] || tp_value=$tp_spec
        fi
        ;;
    esac
    tp_kv "$tp_key" "$tp_value"
  done
}

# tp_taken_backup: sets tp_value to the path of the backup that was made in this frame, once.
tp_taken_backup() {
  [ -e "$tp_dir/backup_file" ] || return 0
  IFS= read -r tp_value <"$tp_dir/backup_file"
  rm -f "$tp_dir/backup_file"
}

# tp_into DEST NAME: sets tp_dest: NAME in the directory DEST, or DEST where that is no directory or NAME is empty.
tp_into() {
  case $1 in
    */) tp_dest=$1$2 ;;
    *) if [ -n "$2" ] && [ -d "$1" ]; then tp_dest=$1/$2; else tp_dest=$1; fi ;;
  esac
}

# tp_set OWNER GROUP MODE PATH...: sets those that are not empty. Prints nothing.
tp_set() {
  tp_user=$1${2:+:$2} tp_bits=$3
  shift 3
  # before chmod: chown drops setuid
  [ -z "$tp_user" ] || chown -- "$tp_user" "$@" || return
  # a fifth digit: or chmod would leave a directory's set-id bits
  case $tp_bits in
    '') ;;
    [0-7]*) chmod -- "0$tp_bits" "$@" ;;
    *=*X*) tp_chmod_x "$tp_bits" "$@" ;;
    *) chmod -- "$tp_bits" "$@" ;;
  esac
}

# tp_chmod_x SPEC PATH...: chmod SPEC where X follows =: busybox's chmod has taken the x away before it looks for one.
tp_chmod_x() {
  tp_sx=$1 tp_nx=0 tp_words='' tp_mode_x=
  shift
  tp_list=$(stat -L -c '%a %F' -- "$@") || return
  while [ -n "$tp_list" ]; do
    tp_next "$tp_list"
    tp_nx=$((tp_nx + 1))
    tp_symbolic "$tp_sx" "${tp_next%% *}" "${tp_next#* }" || return
    if [ "$tp_symbolic" != "$tp_mode_x" ]; then
      [ -z "$tp_words" ] || eval "chmod -- 0$tp_mode_x $tp_words" || return
      tp_words='' tp_mode_x=$tp_symbolic
    fi
    tp_words="$tp_words \"\${$tp_nx}\""
  done
  eval "chmod -- 0$tp_mode_x $tp_words"
}

# tp_mkdir OWNER GROUP MODE PATH: makes a directory and those above it that are missing; each new one gets the
# attributes that are not empty.
tp_mkdir() {
  [ ! -d "$4" ] || return 0
  case $4 in
    */) tp_mkdir "$1" "$2" "$3" "${4%/}" && return ;;
    ?*/*) [ -d "${4%/*}" ] || tp_mkdir "$1" "$2" "$3" "${4%/*}" || return ;;
  esac
  mkdir -- "$4" && tp_set "$1" "$2" "$3" "$4"
}

# tp_new DIRECTORY: sets tp_new: a new empty file in it that only this user can read.
tp_new() {
  tp_n=0
  set -C
  while :; do
    tp_new=$1/.tplay.$$.$tp_n
    if [ ! -e "$tp_new" ] && [ ! -L "$tp_new" ]; then
      tp_old_umask=$(umask)
      umask 077
      # not `:`, a special builtin: its redirection's failure ends the shell
      true >"$tp_new"
      tp_rc=$?
      umask "$tp_old_umask"
      [ "$tp_rc" != 0 ] || break
      [ -e "$tp_new" ] || break
    fi
    tp_n=$((tp_n + 1))
  done
  set +C
  return "$tp_rc"
}

# tp_backup PATH: copies it to PATH.NUMBER.YYYY-MM-DD@HH:MM:SS~ (Ansible's pattern) beside it; tp_stat tells the name.
tp_backup() {
  tp_n=$$ tp_stamp=$(date +%Y-%m-%d@%H:%M:%S)
  while [ -e "$1.$tp_n.$tp_stamp~" ]; do tp_n=$((tp_n + 1)); done
  cp -p -- "$1" "$1.$tp_n.$tp_stamp~" || return
  [ -d "$tp_dir" ] || mkdir -m 0700 -- "$tp_dir" || return
  printf '%s\n' "$1.$tp_n.$tp_stamp~" >"$tp_dir/backup_file"
}

# tp_install [-m MODE] [-o OWNER] [-g GROUP] [-v CODE] [-b] [-L] [-u] SRC DEST: makes DEST a file with SRC's content:
# readers see the old file or the new one, whatever fails. Mode, owner and group stay as they were unless given; a new
# file without mode gets what umask leaves. A file that differs in attributes only is not written. CODE must succeed with
# the new file as $tp_new; -b keeps a backup; -L writes where a link leads to; -u writes into DEST where it cannot be
# replaced (a mount). Prints nothing but errors.
tp_install() (
  tp_m='' tp_o='' tp_g='' tp_code='' tp_keep='' tp_unsafe='' tp_follow=''
  while :; do
    case $1 in
      -m) tp_m=$2 && shift ;;
      -o) tp_o=$2 && shift ;;
      -g) tp_g=$2 && shift ;;
      -v) tp_code=$2 && shift ;;
      -b) tp_keep=1 ;;
      -u) tp_unsafe=1 ;;
      -L) tp_follow=1 ;;
      *) break ;;
    esac
    shift
  done
  tp_src=$1 tp_dest=$2 tp_mode=$tp_m
  if [ -n "$tp_follow" ]; then tp_target "$tp_dest" && tp_dest=$tp_target || exit; fi
  [ ! -d "$tp_dest" ] || tp_error "$tp_dest is a directory: give the path of a file" || exit
  case $tp_dest in */*) tp_parent=${tp_dest%/*} ;; *) tp_parent=. ;; esac
  [ -d "$tp_parent/" ] || tp_error "the directory $tp_parent does not exist: make it first" || exit
  tp_kind "$tp_dest"
  if [ "$tp_kind" = file ] && cmp -s -- "$tp_src" "$tp_dest"; then
    tp_set "$tp_o" "$tp_g" "$tp_m" "$tp_dest"
    exit
  fi
  trap 'rm -f -- "$tp_new"' EXIT
  trap 'exit 129' HUP
  trap 'exit 143' TERM
  tp_new "$tp_parent" && cat -- "$tp_src" >"$tp_new" || tp_error "$tp_dest could not be written and is as it was" || exit
  if [ "$tp_kind" = file ]; then
    tp_attrs "$tp_dest" || exit
    # as Ansible: the old owner stays where this user may give files away
    [ "$tp_f_uid:$tp_f_gid" = "$(id -u):$(id -g)" ] || chown -- "$tp_f_uid:$tp_f_gid" "$tp_new" 2>/dev/null ||
      chgrp -- "$tp_f_gid" "$tp_new" 2>/dev/null || :
    [ ! -e /sys/fs/selinux/enforce ] || chcon --reference="$tp_dest" -- "$tp_new" 2>/dev/null || :
  else
    tp_bits=$((0666 & ~0$(umask)))
    tp_f_mode=0$((tp_bits >> 6 & 7))$((tp_bits >> 3 & 7))$((tp_bits & 7))
  fi
  case $tp_mode in [0-7]*) ;; *) tp_mode=$tp_f_mode ;; esac
  tp_set "$tp_o" "$tp_g" "$tp_mode" "$tp_new" || exit
  case $tp_m in '' | [0-7]*) ;; *) tp_set '' '' "$tp_m" "$tp_new" || exit ;; esac
  if [ -n "$tp_code" ]; then
    tp_rc=0
    (eval "$tp_code") >&2 || tp_rc=$?
    [ "$tp_rc" = 0 ] || tp_error "validate failed with status $tp_rc: $tp_dest is as it was" || exit
  fi
  if [ -n "$tp_keep" ] && [ -e "$tp_dest" ]; then tp_backup "$tp_dest" || exit; fi
  mv -f -- "$tp_new" "$tp_dest" && exit
  [ -n "$tp_unsafe" ] || tp_error "$tp_dest could not be replaced and is as it was" || exit
  cat -- "$tp_new" >"$tp_dest"
)

# tp_read PATH: prints the state of the file (links are followed) as type mode owner group sha256, "--", and its bytes.
tp_read() {
  tp_stat -L "$1" type mode owner group sha256 || return
  printf '%s\n' --
  [ "$tp_kind" != file ] || cat -- "$1"
}

# tp_write_guarded SHA256 [FLAGS OF tp_install] SRC DEST: writes DEST (through links) if its content still has that
# checksum ('': is absent); else returns 91.
tp_write_guarded() {
  tp_sha=$1
  shift
  eval "tp_path=\${$#}"
  tp_kind "$tp_path" -L
  case $tp_kind in
    file) tp_sum sha256 "$tp_path" || return ;;
    *) tp_sum= ;;
  esac
  [ "$tp_sum" = "$tp_sha" ] || tp_error "$tp_path was changed by somebody else meanwhile" || return 91
  # as Ansible: a file that is made gets its folder
  case $tp_sha$tp_path in /*/*) [ -L "$tp_path" ] || tp_mkdir '' '' '' "${tp_path%/*}" || return ;; esac
  tp_install -L "$@"
}

# tp_below [-L] [-s] DIRECTORY OWNER GROUP MODE: sets tp_below to the number of wrong owners, groups and modes (those
# not empty) below the directory, or to `unknown`; with -s sets them. Links are passed over, with -L what they lead to is
# meant.
tp_below() {
  tp_follow='' tp_change=''
  while :; do
    case $1 in -L) tp_follow=-L ;; -s) tp_change=1 ;; *) break ;; esac
    shift
  done
  tp_root=$1 tp_o=$2 tp_g=$3 tp_m=$4 tp_below=0
  [ -d "$tp_root" ] || return 0
  if [ -n "$tp_change" ]; then
    # the mode last: chown drops setuid; deepest first: a directory that loses x would hide what is in it
    [ -z "$tp_o$tp_g" ] || find $tp_follow "$tp_root" ! -type l -exec chown -- "$tp_o${tp_g:+:$tp_g}" {} + || return
    case $tp_m in
      [0-7]*) tp_m=0$tp_m ;;
      *=*X*)
        tp_list=$(find $tp_follow "$tp_root" -depth ! -type l) && tp_each "$tp_list" tp_chmod_x "$tp_m"
        return
        ;;
    esac
    [ -z "$tp_m" ] || find $tp_follow "$tp_root" -depth ! -type l -exec chmod -- "$tp_m" {} +
    return
  fi
  set --
  [ -z "$tp_o" ] || set -- ! -user "$tp_o"
  [ -z "$tp_g" ] || set -- "$@" ${1:+-o} ! -group "$tp_g"
  case $tp_m in [0-7]*) set -- "$@" ${1:+-o} ! -perm "$tp_m" ;; esac
  if [ "$#" != 0 ]; then
    tp_list=$(find $tp_follow "$tp_root" ! -type l \( "$@" \) -print) || tp_below=unknown
    [ "$tp_below" = 0 ] || return 0
    tp_lines "$tp_list"
    tp_below=$tp_lines
  fi
  case $tp_m in
    '' | [0-7]*) ;;
    *)
      tp_list=$(find $tp_follow "$tp_root" ! -type l -exec stat $tp_follow -c '%a %F' -- {} +) || return
      while [ -n "$tp_list" ]; do
        tp_line=${tp_list%%"$tp_nl"*}
        tp_f_mode=$((0${tp_line%% *}))
        tp_f_mode=$((tp_f_mode >> 9 & 7))$((tp_f_mode >> 6 & 7))$((tp_f_mode >> 3 & 7))$((tp_f_mode & 7))
        tp_symbolic "$tp_m" "$tp_f_mode" "${tp_line#* }" || return
        [ "$tp_symbolic" = "$tp_f_mode" ] || tp_below=$((tp_below + 1))
        case $tp_list in *"$tp_nl"*) tp_list=${tp_list#*"$tp_nl"} ;; *) tp_list= ;; esac
      done
      ;;
  esac
}

# tp_lines TEXT: sets tp_lines to the number of lines in it.
tp_lines() {
  tp_lines=0
  [ -n "$1" ] || return 0
  set -f
  tp_ifs=$IFS
  IFS=$tp_nl
  # shellcheck disable=SC2086 # a word a line
  set -- $1
  IFS=$tp_ifs
  set +f
  tp_lines=$#
}

# tp_tree [-s] [-k KEY] [-m SPEC] FIELDS ROOT PATH...: prints a line of state for each path below ROOT: `./PATH=KIND` and
# the FIELDS asked for (of mode owner group uid gid), `link TARGET` for a link. -s: also `sha256 of ./PATH=CHECKSUM` for
# each. -k: the key to print instead, for one path. -m: as of tp_stat. One stat and one sum for all paths together.
tp_tree() {
  tp_sums='' tp_name='' tp_spec=''
  while :; do
    case $1 in
      -s) tp_sums=1 ;;
      -k) tp_name=$2 && shift ;;
      -m) tp_spec=$2 && shift ;;
      *) break ;;
    esac
    shift
  done
  tp_fields=$1 tp_root=$2 tp_list=''
  shift 2
  if [ -n "$tp_fields" ] && [ -n "$tp_stat_c" ]; then
    tp_list=$(tp_there -e "$@" && [ -n "$tp_there" ] && eval "exec stat -c %a:%U:%G:%u:%g -- $tp_there") || tp_list=
  fi
  for tp_p in "$@"; do
    tp_kind "$tp_root/$tp_p"
    tp_value=$tp_kind
    case $tp_kind in
      absent) ;;
      link)
        tp_readlink "$tp_root/$tp_p" && tp_value="link $tp_readlink" || return
        tp_next "$tp_list"
        ;;
      *) [ -z "$tp_fields" ] || tp_tree_fields || return ;;
    esac
    tp_kv "${tp_name:-./$tp_p}" "$tp_value"
  done
  [ -n "$tp_sums" ] || return 0
  tp_list=
  if tp_has sha256sum; then
    tp_list=$(tp_there -f "$@" && [ -n "$tp_there" ] && eval "exec sha256sum -- $tp_there") || tp_list=
  fi
  for tp_p in "$@"; do
    tp_kind "$tp_root/$tp_p"
    tp_value=
    if [ "$tp_kind" = file ]; then
      if [ -n "$tp_list" ]; then
        tp_next "$tp_list"
        # a name with odd characters has a backslash before the checksum
        tp_value=${tp_next#\\} tp_value=${tp_value%% *}
      else
        tp_sum sha256 "$tp_root/$tp_p" || return
        tp_value=$tp_sum
      fi
    fi
    tp_kv "sha256 of ${tp_name:-./$tp_p}" "$tp_value"
  done
}

# tp_there TEST PATH...: goes to tp_root; sets tp_there to the words of those paths that pass `[ TEST` (-f: no link).
tp_there() {
  tp_test=$1 tp_n=0 tp_there=''
  shift
  cd -- "$tp_root" 2>/dev/null || return
  for tp_p in "$@"; do
    tp_n=$((tp_n + 1))
    if [ "$tp_test" = -f ]; then
      if [ ! -f "./$tp_p" ] || [ -L "./$tp_p" ]; then continue; fi
    else
      [ -e "./$tp_p" ] || [ -L "./$tp_p" ] || continue
    fi
    tp_there="$tp_there \"./\${$tp_n}\""
  done
}

# tp_next LIST: sets tp_next to its first line and tp_list to the rest.
tp_next() {
  tp_next=${1%%"$tp_nl"*}
  case $1 in *"$tp_nl"*) tp_list=${1#*"$tp_nl"} ;; *) tp_list= ;; esac
}

# tp_tree_fields: adds the tp_fields of the path tp_p to tp_value; part of tp_tree.
tp_tree_fields() {
  if [ -n "$tp_stat_c" ]; then
    tp_next "$tp_list"
    tp_f_mode=000${tp_next%%:*} tp_next=${tp_next#*:}
    case $tp_f_mode in 000????) tp_f_mode=${tp_f_mode#000} ;; 000???) tp_f_mode=${tp_f_mode#00} ;; 000??) tp_f_mode=${tp_f_mode#0} ;; esac
    tp_f_owner=${tp_next%%:*} tp_next=${tp_next#*:}
    tp_f_group=${tp_next%%:*} tp_next=${tp_next#*:}
    tp_f_uid=${tp_next%%:*} tp_f_gid=${tp_next#*:}
  else
    tp_attrs_ls "$tp_root/$tp_p" || return
  fi
  if [ -n "$tp_spec" ]; then
    tp_symbolic "$tp_spec" "$tp_f_mode" "$tp_kind" || return
    [ "$tp_symbolic" != "$tp_f_mode" ] || tp_f_mode=$tp_spec
  fi
  for tp_field in $tp_fields; do eval "tp_value=\"\$tp_value \$tp_f_$tp_field\""; done
}

# tp_extract KIND ARCHIVE DIRECTORY: unpacks (tar tgz tbz txz tzst zip) with the modes that are in the archive.
tp_extract() {
  case $1 in
    tgz) set -- "$@" gzip ;;
    tbz) set -- "$@" bzip2 ;;
    txz) set -- "$@" xz ;;
    tzst) set -- "$@" zstd ;;
    zip) set -- "$@" unzip ;;
    *) set -- "$@" tar ;;
  esac
  [ "$4" = unzip ] || tp_has tar || tp_error 'this host has no tar: install tar' || return
  tp_has "$4" || tp_error "this host has no $4: install ${4%2}" || return
  case $4 in
    unzip) unzip -q -o "$2" -d "$3" ;;
    tar) tar -xpmf "$2" -C "$3" ;;
    *) "$4" -dc <"$2" | tar -xpmf - -C "$3" ;;
  esac
}

# tp_unpacked KIND ARCHIVE ROOT CODE: runs CODE with the archive unpacked in $tp_from, a private folder of ROOT, gone
# afterwards.
tp_unpacked() (
  tp_n=0
  while [ -e "$3/.tplay.$$.$tp_n" ] || [ -L "$3/.tplay.$$.$tp_n" ]; do tp_n=$((tp_n + 1)); done
  tp_from=$3/.tplay.$$.$tp_n
  mkdir -m 0700 -- "$tp_from" || exit
  # a folder of it that nobody may write to could not be emptied
  trap 'chmod -R u+rwx -- "$tp_from" 2>/dev/null; rm -rf -- "$tp_from"' EXIT
  trap 'exit 129' HUP
  trap 'exit 143' TERM
  tp_extract "$1" "$2" "$tp_from" || exit
  eval "$4"
)

# tp_tree_install [-m MODE | -p] [-x] [-o OWNER] [-g GROUP] [-b] [-u] FROM ROOT PATH...: each file FROM/PATH becomes
# ROOT/PATH where it differs, as by tp_install; -p: with the mode that it has in FROM; -x: that is what a symbolic MODE
# starts from. New files of one folder take one mv.
tp_tree_install() {
  tp_im='' tp_io='' tp_ig='' tp_ip='' tp_ix='' tp_ib='' tp_iu=''
  while :; do
    case $1 in
      -m) tp_im=$2 && shift ;;
      -o) tp_io=$2 && shift ;;
      -g) tp_ig=$2 && shift ;;
      -p) tp_ip=mode ;;
      -x) tp_ix=1 ;;
      -b) tp_ib=-b ;;
      -u) tp_iu=-u ;;
      *) break ;;
    esac
    shift
  done
  tp_if=$1 tp_ir=$2 tp_in=0 tp_new_ones='' tp_same_ones='' tp_other_ones=''
  shift 2
  tp_la=$(tp_tree -s "$tp_ip" "$tp_if" "$@") && tp_lb=$(tp_tree -s "$tp_ip" "$tp_ir" "$@") || return
  # the lines of checksums follow those of kinds and modes: sums are read one list behind
  tp_sa=$tp_la tp_sb=$tp_lb
  for tp_p in "$@"; do tp_sa=${tp_sa#*"$tp_nl"} tp_sb=${tp_sb#*"$tp_nl"}; done
  for tp_p in "$@"; do
    tp_in=$((tp_in + 1))
    case ${tp_lb%%"$tp_nl"*} in
      *=file | *=file\ ????)
        if [ "${tp_sa%%"$tp_nl"*}" != "${tp_sb%%"$tp_nl"*}" ] || [ "${tp_la%%"$tp_nl"*}" != "${tp_lb%%"$tp_nl"*}" ]; then
          tp_other_ones="$tp_other_ones $tp_in"
        else
          tp_same_ones="$tp_same_ones \"\$tp_ir/\${$tp_in}\""
        fi
        ;;
      *) tp_new_ones="$tp_new_ones $tp_in" ;;
    esac
    tp_la=${tp_la#*"$tp_nl"} tp_lb=${tp_lb#*"$tp_nl"} tp_sa=${tp_sa#*"$tp_nl"} tp_sb=${tp_sb#*"$tp_nl"}
  done
  [ -z "$tp_same_ones" ] || eval "tp_set \"\$tp_io\" \"\$tp_ig\" \"\$tp_im\" $tp_same_ones" || return
  for tp_in in $tp_other_ones; do
    eval "tp_p=\${$tp_in}"
    tp_m=$tp_im
    if [ -n "$tp_ip" ]; then tp_attrs "$tp_if/$tp_p" && tp_m=$tp_f_mode || return; fi
    tp_install ${tp_ib} ${tp_iu} -m "$tp_m" -o "$tp_io" -g "$tp_ig" "$tp_if/$tp_p" "$tp_ir/$tp_p" || return
  done
  tp_words=
  for tp_in in $tp_new_ones; do tp_words="$tp_words \"\$tp_if/\${$tp_in}\""; done
  [ -n "$tp_words" ] || return 0
  tp_bits=$((0666 & ~0$(umask)))
  case $tp_ip$tp_ix$tp_im in
    mode* | [0-7]*) ;;
    *) eval "chmod -- 0$((tp_bits >> 6 & 7))$((tp_bits >> 3 & 7))$((tp_bits & 7)) $tp_words" || return ;;
  esac
  eval "tp_set \"\$tp_io\" \"\$tp_ig\" \"\$tp_im\" $tp_words" || return
  tp_words='' tp_folder=
  for tp_in in $tp_new_ones; do
    eval "tp_p=\${$tp_in}"
    case $tp_p in */*) tp_parent=$tp_ir/${tp_p%/*} ;; *) tp_parent=$tp_ir ;; esac
    if [ "$tp_parent" != "$tp_folder" ]; then
      [ -z "$tp_words" ] || eval "mv -f -- $tp_words \"\$tp_folder/\"" || return
      tp_words='' tp_folder=$tp_parent
    fi
    tp_words="$tp_words \"\$tp_if/\${$tp_in}\""
  done
  eval "mv -f -- $tp_words \"\$tp_folder/\""
}

# tp_own NAME UID GROUP GID PATH...: gives the paths to the user and group of an archive, by name where the host knows
# it, as tar does; nothing when this user may not.
tp_own() {
  [ "$(id -u)" = 0 ] || return 0
  tp_user=$2 tp_bits=$4
  if [ -n "$1" ] && id -u -- "$1" >/dev/null 2>&1; then tp_user=$1; fi
  if [ -n "$3" ] && grep -q "^$3:" /etc/group; then tp_bits=$3; fi
  shift 4
  chown -h -- "$tp_user:$tp_bits" "$@"
}

# tp_tree_lists SRC: sets tp_folders and tp_others: the paths below SRC (`.` itself too), a line each.
tp_tree_lists() {
  tp_folders=$(cd -- "$1" && find . -type d) && tp_others=$(cd -- "$1" && find . ! -type d)
}

# tp_each LIST FUNCTION WORD...: calls FUNCTION WORD... with each line of the list as one more word; not for an empty list.
tp_each() {
  [ -n "$1" ] || return 0
  tp_list=$1
  shift
  set -f
  IFS=$tp_nl
  # shellcheck disable=SC2086 # a word a line
  set -- "$@" $tp_list
  IFS=' 	'$tp_nl
  set +f
  "$@"
}

# tp_like STATE VALUE: does every line of the state that tp_tree printed end in `=KIND VALUE`? Links pass.
tp_like() {
  tp_list=$1
  while [ -n "$tp_list" ]; do
    tp_next "$tp_list"
    case $tp_next in *"=file${2:+ $2}" | *"=directory${2:+ $2}" | *'=link '*) ;; *) return 1 ;; esac
  done
}

# tp_same_tree [-p] SRC ROOT FILES FOLDERS FILE_FLAGS FOLDER_FLAGS: is everything of SRC in ROOT the same, and do its
# attributes there have the values? FILES and FOLDERS are `FIELDS:VALUES`, the flags `-m SPEC` or empty; -p: the modes
# of files as in SRC. No output.
tp_same_tree() {
  tp_preserve=
  [ "$1" != -p ] || { tp_preserve=mode && shift; }
  [ -d "$2" ] && tp_tree_lists "$1" || return
  # shellcheck disable=SC2086 # flags are words
  [ "$(tp_each "$tp_others" tp_tree -s "$tp_preserve" "$1")" = "$(tp_each "$tp_others" tp_tree -s "$tp_preserve" "$2")" ] &&
    tp_like "$(tp_each "$tp_folders" tp_tree $6 "${4%%:*}" "$2")" "${4#*:}" &&
    { [ "$3" = : ] || tp_like "$(tp_each "$tp_others" tp_tree $5 "${3%%:*}" "$2")" "${3#*:}"; }
}

# tp_copy_tree [-p] SRC ROOT OWNER GROUP MODE FOLDER_MODE: copies what is in SRC into ROOT and sets attributes there;
# -p: files get the modes they have in SRC. Prints nothing.
tp_copy_tree() {
  tp_preserve=
  [ "$1" != -p ] || { tp_preserve=1 && shift; }
  tp_mkdir "$3" "$4" "$6" "$2" && tp_tree_lists "$1" || return
  # busybox's cp does not replace links
  tp_others=$(cd -- "$1" && find . -type l) && tp_each "$tp_others" tp_unlink "$2" && cp -RP -- "$1/." "$2/" || return
  tp_others=$(cd -- "$1" && find . -type f) || return
  (cd -- "$2" && tp_each "$tp_folders" tp_set "$3" "$4" "$6" && tp_each "$tp_others" tp_set "$3" "$4" "$5") || return
  [ -z "$tp_preserve" ] || tp_each "$tp_others" tp_modes_as "$1" "$2"
}

# tp_unlink ROOT PATH...: removes those below ROOT that are links. Prints nothing.
tp_unlink() {
  tp_root=$1
  shift
  for tp_p in "$@"; do
    [ ! -L "$tp_root/$tp_p" ] || rm -f -- "$tp_root/$tp_p" || return
  done
}

# tp_modes_as SRC ROOT PATH...: gives each ROOT/PATH the mode of SRC/PATH. Prints nothing.
tp_modes_as() {
  tp_src=$1 tp_root=$2
  shift 2
  for tp_p in "$@"; do
    tp_attrs "$tp_src/$tp_p" && chmod -- "0$tp_f_mode" "$tp_root/$tp_p" || return
  done
}

# tp_assemble DIRECTORY BETWEEN REGEXP VISIBLE: prints the files of a directory in the order of their names, BETWEEN
# between them; those whose name matches the extended REGEXP when it is not empty, not hidden ones when VISIBLE is not.
tp_assemble() (
  [ -d "$1" ] || tp_error "$1 is not a folder" || exit
  cd -- "$1" || exit
  tp_some=''
  # both kinds in one list would be in another order than their names
  tp_names=$(LC_ALL=C; for tp_p in .* *; do [ ! -f "./$tp_p" ] || printf '%s\n' "$tp_p"; done | sort) || exit
  [ -z "$3" ] || tp_names=$(printf '%s\n' "$tp_names" | grep -E -e "$3") || tp_names=
  while [ -n "$tp_names" ]; do
    tp_next "$tp_names"
    tp_names=$tp_list
    case $4$tp_next in visible.*) continue ;; esac
    if [ -n "$tp_some" ]; then
      { [ -s "./$tp_last" ] && [ -z "$(tail -c 1 "./$tp_last" | tr '\0' x)" ]; } || printf '\n'
      [ -z "$2" ] || printf %s "$2"
    fi
    cat "./$tp_next" || exit
    tp_some=1 tp_last=$tp_next
  done
)
