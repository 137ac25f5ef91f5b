# Copying and comparing folders of the host.
# shellcheck disable=SC2034,SC2154 # names that other files of the prelude set or read

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
  [ -z "$1" ] || tp_each "$1" tp_like_each "$2"
}

# tp_like_each VALUE LINE...: part of tp_like.
tp_like_each() {
  tp_value=$1
  shift
  for tp_next in "$@"; do
    case $tp_next in *"=file${tp_value:+ $tp_value}" | *"=directory${tp_value:+ $tp_value}" | *'=link '*) ;; *) return 1 ;; esac
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
  # flags last: they may forbid what is still to be done
  tp_marks_call=${tp_marking-} tp_marking=''
  [ -z "$tp_marks_call" ] || (cd -- "$2" && tp_each "$tp_folders$tp_nl$tp_others" "$tp_marks_call" unlock) || return
  # busybox's cp does not replace links
  tp_others=$(cd -- "$1" && find . -type l) && tp_each "$tp_others" tp_unlink "$2" && cp -RP -- "$1/." "$2/" || return
  tp_others=$(cd -- "$1" && find . -type f) || return
  (cd -- "$2" && tp_each "$tp_folders" tp_set "$3" "$4" "$6" && tp_each "$tp_others" tp_set "$3" "$4" "$5") || return
  [ -z "$tp_preserve" ] || tp_each "$tp_others" tp_modes_as "$1" "$2" || return
  tp_marking=$tp_marks_call
  [ -z "$tp_marking" ] || (cd -- "$2" && tp_each "$tp_folders" "$tp_marking" put && tp_each "$tp_others" "$tp_marking" put)
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
