# Writing files and setting their attributes.
# shellcheck disable=SC2034,SC2154 # names that other files of the prelude set or read

# tp_set OWNER GROUP MODE PATH...: sets those that are not empty. Prints nothing.
tp_set() {
  [ -z "${tp_marking-}" ] || { "$tp_marking" set "$@"; return; }
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
  mkdir -- "$4" || return
  # without marks: a flag may forbid what is to be made in it; who asks for them sets them at the end
  tp_held=${tp_marking-} tp_marking=''
  tp_set "$1" "$2" "$3" "$4"
  tp_rc=$? tp_marking=$tp_held
  return "$tp_rc"
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

# tp_install [-m MODE] [-o OWNER] [-g GROUP] [-v CODE] [-c CODE] [-b] [-L] [-u] SRC DEST: makes DEST a file with SRC's content:
# readers see the old file or the new one, whatever fails. Mode, owner and group stay as they were unless given; a new
# file without mode gets what umask leaves. A file that differs in attributes only is not written. -v: CODE must succeed
# with the new file as $tp_new; -c: the content is what CODE prints, not SRC; -b keeps a backup; -L writes where a link
# leads to; -u writes into DEST where it cannot be replaced (a mount). Prints nothing but errors.
tp_install() (
  tp_m='' tp_o='' tp_g='' tp_code='' tp_print='' tp_keep='' tp_unsafe='' tp_follow=''
  while :; do
    case $1 in
      -m) tp_m=$2 && shift ;;
      -o) tp_o=$2 && shift ;;
      -g) tp_g=$2 && shift ;;
      -v) tp_code=$2 && shift ;;
      -c) tp_print=$2 && shift ;;
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
  if [ -e "$tp_dest" ] && [ ! -f "$tp_dest" ]; then tp_error "$tp_dest is no regular file: it is left as it is" || exit; fi
  case $tp_dest in */*) tp_parent=${tp_dest%/*} ;; *) tp_parent=. ;; esac
  [ -d "$tp_parent/" ] || tp_error "the directory $tp_parent does not exist: make it first" || exit
  tp_kind "$tp_dest"
  if [ "$tp_kind" = file ] && [ -z "$tp_print" ] && [ -f "$tp_src" ] && cmp -s -- "$tp_src" "$tp_dest"; then
    tp_set "$tp_o" "$tp_g" "$tp_m" "$tp_dest"
    exit
  fi
  tp_marks_call=${tp_marking-} tp_marking=''
  trap 'rm -f -- "$tp_new"' EXIT
  trap 'exit 129' HUP
  trap 'exit 143' TERM
  trap 'exit 141' PIPE
  [ -n "$tp_print" ] || tp_print='tp_take "$tp_src" && tp_took "$tp_src" "$tp_new"'
  # in braces: a special builtin's redirection that fails ends the shell
  tp_new "$tp_parent" && { eval "$tp_print"; } >"$tp_new" || tp_error "$tp_dest could not be written and is as it was" || exit
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
  [ -z "$tp_marks_call" ] || "$tp_marks_call" context "$tp_new" "$tp_dest" || exit
  if [ -n "$tp_code" ]; then
    tp_rc=0
    (eval "$tp_code") >&2 || tp_rc=$?
    [ "$tp_rc" = 0 ] || tp_error "validate failed with status $tp_rc: $tp_dest is as it was" || exit
  fi
  if [ -n "$tp_keep" ] && [ -e "$tp_dest" ]; then tp_backup "$tp_dest" || exit; fi
  [ -z "$tp_marks_call" ] || "$tp_marks_call" unlock "$tp_dest" || exit
  if ! mv -f -- "$tp_new" "$tp_dest"; then
    [ -n "$tp_unsafe" ] || tp_error "$tp_dest could not be replaced and is as it was" || exit
    cat -- "$tp_new" >"$tp_dest" || exit
    tp_set "$tp_o" "$tp_g" "$tp_m" "$tp_dest" || exit
  fi
  if [ -n "$tp_marks_call" ]; then
    "$tp_marks_call" put "$tp_dest"
  elif [ "$tp_kind" != file ] && [ -e /sys/fs/selinux/enforce ] && tp_has restorecon; then
    # as Ansible: a new file has the context that the policy has for its path
    restorecon -- "$tp_dest"
  fi
)

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

# tp_remove_guarded SHA256 PATH: removes a file if its content still has that checksum; else returns 91.
tp_remove_guarded() {
  tp_sum sha256 "$2" || return
  [ "$tp_sum" = "$1" ] || tp_error "$2 was changed by somebody else meanwhile" || return 91
  rm -f -- "$2"
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
  if [ -n "$tp_change" ] && [ -n "${tp_marking-}" ]; then
    # all at once for each path, deepest first
    tp_list=$(find $tp_follow "$tp_root" -depth ! -type l) && tp_each "$tp_list" "$tp_marking" set "$tp_o" "$tp_g" "$tp_m"
    return
  fi
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
  [ -n "${tp_marking-}" ] || return 0
  tp_list=$(find $tp_follow "$tp_root" ! -type l) && tp_each "$tp_list" "$tp_marking" count
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
