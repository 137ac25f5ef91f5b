# Packages of Arch Linux by pacman. The module sets tp_pacman to the program.
# shellcheck disable=SC2154 # set by the module, or in core.sh

# tp_pacman_open PROGRAM: sets tp_pacman. Fails with a message where there is none.
tp_pacman_open() { tp_pacman=$(command -v "$1") || tp_error "there is no $1 on this host: install the package pacman"; }

# tp_pacman_is SPEC: sets tp_state to how a package is: present, absent, or for a file other when another version is there.
# SPEC: a name, also with repository (core/x), version (x>=1), of a group or of what is provided; or the path or address
# of a package file. Sets tp_packages to the names that are meant.
tp_pacman_is() {
  tp_state=absent tp_packages=$1
  case $1 in
    *.pkg.tar*)
      tp_line=$("$tp_pacman" -Up --print-format '%n %v' -- "$1") || return
      # the first line says that it loads the packages
      tp_line=${tp_line##*"$tp_nl"}
      tp_packages=${tp_line%% *}
      tp_have=$("$tp_pacman" -Q -- "$tp_packages" 2>/dev/null) || return 0
      if printf '%s\n' "$tp_line" | grep -qxF -- "$tp_have"; then tp_state=present; else tp_state=other; fi
      return
      ;;
    */*) tp_packages=${1#*/} ;;
  esac
  if [ -z "$("$tp_pacman" -T -- "$tp_packages" 2>/dev/null)" ]; then tp_state=present; return; fi
  tp_list=$("$tp_pacman" -Sgq -- "$tp_packages" 2>/dev/null) && [ -n "$tp_list" ] || return 0
  tp_packages=$tp_list
  # shellcheck disable=SC2086 # names
  [ -n "$("$tp_pacman" -T -- $tp_packages 2>/dev/null)" ] || tp_state=present
}

# tp_pacman_state WANT REASON SPEC...: sets tp_states to a line SPEC=STATE for each package: present, latest, absent, other,
# outdated, or reason where it was not installed for REASON (explicit, dependency; '' for any). tp_fault says what is no package.
tp_pacman_state() {
  tp_want=$1 tp_reason=$2 tp_states='' tp_fault='' tp_plan=''
  shift 2
  for tp_spec; do
    tp_said=$(tp_pacman_is "$tp_spec" 2>&1) || tp_fault=$tp_fault$tp_said$tp_nl
    tp_pacman_is "$tp_spec" 2>/dev/null || :
    # shellcheck disable=SC2086 # names
    case $tp_want:$tp_state in
      latest:present) if [ -n "$("$tp_pacman" -Qu -- $tp_packages 2>/dev/null)" ]; then tp_state=outdated; else tp_state=latest; fi ;;
      # of a group it is enough that a part is there
      absent:absent) [ "$tp_packages" = "${tp_spec#*/}" ] || [ -z "$("$tp_pacman" -Qq -- $tp_packages 2>/dev/null)" ] || tp_state=present ;;
      absent:other) tp_state=present ;;
    esac
    # shellcheck disable=SC2086 # names
    case $tp_reason:$tp_state in
      explicit:present | explicit:latest) [ -z "$("$tp_pacman" -Qqd -- $tp_packages 2>/dev/null)" ] || tp_state=reason ;;
      dependency:present | dependency:latest) [ -z "$("$tp_pacman" -Qqe -- $tp_packages 2>/dev/null)" ] || tp_state=reason ;;
    esac
    tp_rpm_label "$tp_spec"
    tp_states=$tp_states$tp_label=$tp_state$tp_nl
  done
}

# tp_pacman_plan VERB WORD...: adds to tp_plan what `pacman VERB WORD...` would change, lines NAME-VERSION, or to tp_fault why
# it cannot. The second look, after the work, need not ask again.
tp_pacman_plan() {
  [ -z "${tp_before-}" ] || return 0
  if tp_said=$("$tp_pacman" "$@" 2>&1); then
    tp_plan=$tp_plan$(printf '%s\n' "$tp_said" | grep -v -e '^warning: ' -e '^::' -e '^ ' -e '^loading ' || :)$tp_nl
  else tp_fault=$tp_fault$tp_said$tp_nl
  fi
}

# tp_pacman_do VERB WORD...: does it, without questions.
tp_pacman_do() { "$tp_pacman" "$@"; }

# tp_pacman_marked FLAG -- SPEC...: sets the reason for which packages are installed (--asexplicit, --asdeps).
tp_pacman_marked() {
  tp_flag=$1
  shift 2
  for tp_spec; do
    tp_pacman_is "$tp_spec"
    # shellcheck disable=SC2086 # names
    "$tp_pacman" -D "$tp_flag" -- $tp_packages || return
  done
}

# tp_pacman_tell: prints the details.
tp_pacman_tell() {
  tp_kv plan "$tp_plan"
  tp_kv fault "$tp_fault"
}

# tp_pacman_lists: prints a checksum of the package lists.
tp_pacman_lists() {
  tp_db=$("${tp_pacman%/*}/pacman-conf" DBPath 2>/dev/null) || tp_db=/var/lib/pacman/
  cat "$tp_db"/sync/*.db 2>/dev/null | cksum
}

# tp_pacman_refresh WORD...: gets new package lists by `pacman WORD...`; notes when they are others than before.
tp_pacman_refresh() {
  tp_old=$(tp_pacman_lists)
  "$tp_pacman" "$@" --noconfirm
  [ "$(tp_pacman_lists)" = "$tp_old" ] || { [ -d "$tp_dir" ] || mkdir -m 0700 "$tp_dir"; : >"$tp_dir/lists"; }
}

# tp_pacman_cache: prints whether the package lists are others than at the start of the task: cache=updated, else same.
tp_pacman_cache() {
  if [ -e "$tp_dir/lists" ] && [ -z "${tp_before-}" ]; then tp_kv cache updated
  else
    rm -f "$tp_dir/lists"
    tp_kv cache same
  fi
}
