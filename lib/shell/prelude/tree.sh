# Folders with all that is in them: some hundred paths for one stat, one sum, one mv.
# shellcheck disable=SC2034,SC2154 # names that other files of the prelude set or read

# tp_tree [FLAGS] FIELDS ROOT PATH...: prints a line of state for each path below ROOT: `./PATH=KIND` and the FIELDS asked for
# (of mode owner group uid gid mtime, size of files), `link TARGET` for a link. FLAGS: -s: also `sha256 of ./PATH=CHECKSUM` for
# each, behind all of those. -k KEY: the key to print instead, for one path. -m SPEC: as of tp_stat. -w VALUE, -S CHECKSUM:
# printed where nothing is there, absent and nothing without it. -n: each key is added to the file tp_known. -i OWNER UID GROUP
# GID: an owner or group that need not or cannot be another is printed as wanted here, another as `#NUMBER` (tp_sync_ids).
tp_tree() {
  tp_sums='' tp_name='' tp_spec='' tp_w=absent tp_ws='' tp_ids='' tp_note=''
  while :; do
    case $1 in
      -s) tp_sums=1 ;;
      -n) tp_note=1 ;;
      -k) tp_name=$2 && shift ;;
      -w) tp_w=$2 && shift ;;
      -S) tp_ws=$2 && shift ;;
      -m) tp_spec=$2 && shift ;;
      -i)
        tp_ids=1 tp_so=${2:-$3} tp_sg=${4:-$5}
        tp_sync_ids "$2" "$3" "$4" "$5" && shift 4 || return
        ;;
      *) break ;;
    esac
    shift
  done
  tp_fields=$1 tp_root=$2
  shift 2
  if [ -n "$tp_note" ] && [ -n "$tp_name" ]; then printf '%s\n' "$tp_name" >>"$tp_known" || return
  elif [ -n "$tp_note" ]; then printf './%s\n' "$@" >>"$tp_known" || return
  fi
  tp_by tp_tree_states "$@" || return
  [ -z "$tp_sums" ] || tp_by tp_tree_sums "$@"
}

# tp_by FUNCTION WORD...: calls the function with the words, some of them at a time: neither are they too many for one command,
# nor does a list grow that is cut from the front line by line, which takes the square of its length.
tp_by() {
  tp_function=$1
  shift
  if [ $# -gt 200 ] && [ -z "${tp_by_words-}" ]; then
    tp_n=1
    while [ "$tp_n" -le 200 ]; do tp_by_words="${tp_by_words-} \"\${$tp_n}\"" tp_n=$((tp_n + 1)); done
  fi
  while [ $# -gt 200 ]; do
    eval "\"\$tp_function\" $tp_by_words" || return
    shift 200
  done
  "$tp_function" "$@"
}

# tp_tree_states PATH...: part of tp_tree: a line for each path.
tp_tree_states() {
  tp_list=
  if [ -n "$tp_fields" ] && [ -n "$tp_stat_c" ]; then
    tp_list=$(tp_there -e "$@" && [ -n "$tp_there" ] && eval "exec stat -c %a:%u:%g:%s:%Y:%U:%G -- $tp_there") || tp_list=
  fi
  for tp_p in "$@"; do
    tp_kind "$tp_root/$tp_p"
    tp_value=$tp_kind
    case $tp_kind in
      absent) tp_value=$tp_w ;;
      link)
        tp_readlink "$tp_root/$tp_p" && tp_value="link $tp_readlink" || return
        tp_next "$tp_list"
        ;;
      *) [ -z "$tp_fields" ] || tp_tree_fields || return ;;
    esac
    tp_kv "${tp_name:-./$tp_p}" "$tp_value"
  done
}

# tp_tree_sums PATH...: part of tp_tree: the checksum of each.
tp_tree_sums() {
  tp_list=
  if tp_has sha256sum; then
    tp_list=$(tp_there -f "$@" && [ -n "$tp_there" ] && eval "exec sha256sum -- $tp_there") || tp_list=
  fi
  for tp_p in "$@"; do
    tp_kind "$tp_root/$tp_p"
    tp_value=
    [ "$tp_kind" != absent ] || tp_value=$tp_ws
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
    tp_f_uid=${tp_next%%:*} tp_next=${tp_next#*:}
    tp_f_gid=${tp_next%%:*} tp_next=${tp_next#*:}
    tp_f_size=${tp_next%%:*} tp_next=${tp_next#*:}
    tp_f_mtime=${tp_next%%:*} tp_next=${tp_next#*:}
    tp_f_owner=${tp_next%%:*} tp_f_group=${tp_next#*:}
  else
    tp_attrs_ls "$tp_root/$tp_p" || return
  fi
  if [ -n "$tp_spec" ]; then
    tp_symbolic "$tp_spec" "$tp_f_mode" "$tp_kind" || return
    [ "$tp_symbolic" != "$tp_f_mode" ] || tp_f_mode=$tp_spec
  fi
  if [ -n "$tp_ids" ]; then
    [ -n "$tp_eo" ] && [ "$tp_eo" != "$tp_f_uid" ] && tp_f_owner="#$tp_f_uid" || tp_f_owner=$tp_so
    [ -n "$tp_eg" ] && [ "$tp_eg" != "$tp_f_gid" ] && tp_f_group="#$tp_f_gid" || tp_f_group=$tp_sg
  fi
  tp_line=$tp_value
  for tp_field in $tp_fields; do
    case $tp_kind:$tp_field in
      file:size) tp_value=$tp_f_size ;;
      *:size) continue ;;
      *:attributes | *:se*) "$tp_marking" state "$tp_field" "$tp_root/$tp_p" || return ;;
      *) eval "tp_value=\$tp_f_$tp_field" ;;
    esac
    tp_line="$tp_line $tp_value"
  done
  tp_value=$tp_line
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
    unzip) eval "unzip -q -o ${tp_unpack_words-} \"\$2\" -d \"\$3\"" ;;
    tar)
      case $2 in
        "/$tp_tag-in/"*) tp_take "$2" | tp_untar - "$3" ;;
        *) tp_untar "$2" "$3" ;;
      esac
      ;;
    *) tp_take "$2" | "$4" -dc | tp_untar - "$3" ;;
  esac
}

# tp_untar FILE DIRECTORY: unpacks a tar; tp_unpack_words are further words for it, as code, and tp_unpack_times is not empty
# where files shall have the times of the archive.
tp_untar() {
  tp_flags_x=-xpmf
  [ -z "${tp_unpack_times-}" ] || tp_flags_x=-xpf
  eval "tar $tp_flags_x \"\$1\" -C \"\$2\" ${tp_unpack_words-}"
}

# tp_open_folders DIRECTORY: lets this user into all folders in it, and write to them.
tp_open_folders() {
  # one by one: find goes into a folder only after it was opened
  [ "$(id -u)" = 0 ] || find "$1" -type d ! -perm -700 -exec chmod u+rwx -- {} \;
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
  trap 'exit 141' PIPE
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
