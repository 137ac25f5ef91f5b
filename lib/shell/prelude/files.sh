# Looking at files. Functions whose comment says "sets" leave their answer in a variable of that name:
# a command substitution would cost a fork each.
# shellcheck disable=SC2034,SC2154,SC2209 # read through eval; set in core.sh; words like `file` are meant
tp_stat_c=
[ -n "$(stat -c %a / 2>/dev/null)" ] && tp_stat_c=1

# tp_error WORDS: prints a sentence on stderr; returns 1.
tp_error() {
  printf '%s\n' "$*" >&2
  return 1
}

# tp_take SRC: prints what is in SRC: a file, or what the controller sends as the frame's input, `/TAG-in/SIZE`.
tp_take() {
  case $1 in
    "/$tp_tag-in/"*) cat <&8 ;;
    *) cat -- "$1" ;;
  esac
}

# tp_took SRC FILE: fails unless FILE is as long as what tp_take was to print.
tp_took() {
  case $1 in "/$tp_tag-in/"*) ;; *) return 0 ;; esac
  tp_attrs "$2" || return
  [ "$tp_f_size" = "${1##*/}" ] || tp_error "only $tp_f_size of ${1##*/} bytes arrived"
}

# tp_cat_still FILE: prints FILE; fails when it is written to or replaced meanwhile.
tp_cat_still() {
  tp_was=$(tp_version "$1") && cat -- "$1" || return
  [ "$(tp_version "$1")" = "$tp_was" ] || tp_error "$1 was changed on the host while it was fetched"
}

# tp_version FILE: prints what changes with every write to it, as finely as the host tells.
tp_version() {
  if [ -n "$tp_stat_c" ]; then stat -L -c '%i %s %y' -- "$1"; else ls -Lin -- "$1"; fi
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

# tp_sum ALGORITHM FILE [SIZE]: sets tp_sum to the hexadecimal checksum (md5 sha1 sha224 sha256 sha384 sha512). Of a
# large file openssl makes it in a third of the time that most builds of coreutils need, and starts later.
tp_sum() {
  if [ "${3:-0}" -gt 8388608 ] && tp_has openssl && tp_sum=$(openssl dgst -r "-$1" <"$2" 2>/dev/null); then :
  elif tp_has "${1}sum"; then tp_sum=$("${1}sum" <"$2")
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
# backup_file (what the last tp_install kept), and where tp_marks asks for them attributes seuser serole setype selevel. What the path does not have is empty. -L looks through links. -m: the
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
      file:sha* | file:md5)
        [ -n "$tp_looked" ] || tp_attrs "$tp_path" $tp_follow || return
        tp_looked=1
        tp_sum "$tp_key" "$tp_path" "$tp_f_size" && tp_value=$tp_sum || return
        ;;
      *:sha* | *:md5) ;;
      *:attributes | *:se[urtl]*) "$tp_marking" state "$tp_key" "$tp_path" || return ;;
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

# tp_time KEY STAMP PATH: prints KEY=STAMP where the time of PATH (modification_time or access_time, of what a link leads
# to) is the one that `touch -t STAMP` sets, to the second; else KEY= and the seconds that it is.
tp_time() {
  [ -e "$3" ] || { tp_kv "$1" ''; return; }
  tp_line=$(tp_temp) && touch -t "$2" -- "$tp_line" && tp_attrs "$tp_line" || return
  tp_f_time=$tp_f_mtime
  tp_attrs "$3" -L || return
  case $1 in
    modification_time) tp_value=$tp_f_mtime ;;
    *)
      [ -n "$tp_stat_c" ] || { tp_error "access_time needs stat on the host, which has none"; return; }
      tp_value=$tp_f_atime
      ;;
  esac
  [ "$tp_value" != "$tp_f_time" ] || tp_value=$2
  tp_kv "$1" "$tp_value"
}

# tp_times_below [-L] DIRECTORY MODIFIED READ: sets tp_below to the number of times at and below the directory that are not
# what `touch -t` sets of them (those not empty), or to `unknown`. Of directories only the one of modification counts: to
# look into them is to read them. Links are passed over, with -L what they lead to is meant.
tp_times_below() {
  tp_linked='' tp_below=0
  [ "$1" != -L ] || { tp_linked=-L && shift; }
  [ -d "$1" ] || return 0
  [ -n "$tp_stat_c" ] || { tp_error "times with recurse need stat on the host, which has none"; return; }
  tp_root=$1 tp_dated=$(tp_temp) || return
  [ -z "$2" ] || tp_times_wrong "$2" %Y || return
  [ -z "$3" ] || tp_times_wrong "$3" %X ! -type d
}

# tp_times_wrong STAMP FORMAT WORD...: adds to tp_below those below tp_root that find chooses by the words and whose time, as
# stat prints it by the format, is not the one of the stamp; part of tp_times_below.
tp_times_wrong() {
  tp_form=$2
  touch -t "$1" -- "$tp_dated" && tp_attrs "$tp_dated" || return
  shift 2
  # shellcheck disable=SC2086 # a flag or none
  tp_list=$(find $tp_linked "$tp_root" ! -type l "$@" -exec stat $tp_linked -c "$tp_form" -- {} +) || { tp_below=unknown; return 0; }
  [ -n "$tp_list" ] || return 0
  tp_n=$(printf '%s\n' "$tp_list" | grep -c -v -x -e "$tp_f_mtime")
  [ "$tp_below" = unknown ] || tp_below=$((tp_below + tp_n))
}

# tp_touch_below [-L] DIRECTORY MODIFIED READ: sets the times at and below the directory: `now` or as `touch -t` has it,
# those not empty. Links are passed over, with -L what they lead to is meant.
tp_touch_below() {
  tp_linked=''
  [ "$1" != -L ] || { tp_linked=-L && shift; }
  # deepest first: a directory is read before it gets its time
  for tp_form in "-m $2" "-a $3"; do
    # shellcheck disable=SC2086 # words without spaces
    case $tp_form in
      *' ') ;;
      *' now') find $tp_linked "$1" -depth ! -type l -exec touch -c ${tp_form% *} -- {} + || return ;;
      *) find $tp_linked "$1" -depth ! -type l -exec touch -c ${tp_form% *} -t ${tp_form#* } -- {} + || return ;;
    esac
  done
}
