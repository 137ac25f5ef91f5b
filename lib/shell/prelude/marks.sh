# What files have besides owner and mode: flags of chattr and a SELinux context. Loaded where a task asks for them:
# tp_marks sets tp_marking, which tp_set, tp_stat and tp_install call when it is not empty.
# shellcheck disable=SC2034,SC2154 # names that other files of the prelude set or read

# tp_marks FLAGS CONTEXT: what files shall have from now on: FLAGS like +i, -a or =ad; CONTEXT as USER:ROLE:TYPE:LEVEL;
# what is empty is not asked for.
tp_marks() {
  tp_flag_spec=$1 tp_se_spec=$2 tp_marking=tp_mark
  [ -n "$1$2" ] || tp_marking=
}

# tp_mark VERB WORD...: `set OWNER GROUP MODE PATH...` as tp_set, with the marks; `put PATH...` sets the marks alone;
# `context FILE PATH` the SELinux context of FILE, of a link itself, as PATH shall have it; `unlock PATH...` takes away flags that forbid
# writing, which the marks will set again; `state KEY PATH` sets tp_value to the state; `count PATH...` adds to
# tp_below the number of those whose marks are others.
tp_mark() {
  tp_verb=$1
  shift
  case $tp_verb in
    set)
      tp_mark_unlock "$@" && tp_marking='' && tp_set "$@"
      tp_rc=$? tp_marking=tp_mark
      [ "$tp_rc" = 0 ] || return "$tp_rc"
      shift 3
      tp_mark_put "$@"
      ;;
    put) tp_mark_put "$@" ;;
    context) tp_context_set "$@" -h ;;
    unlock)
      for tp_one in "$@"; do
        # what a link leads to is not what will be replaced
        [ -L "$tp_one" ] || tp_mark_unlock '' '' '' "$tp_one" || return
      done
      ;;
    state) tp_mark_state "$@" ;;
    count) for tp_one in "$@"; do ! tp_mark_wrong "$tp_one" || tp_below=$((tp_below + 1)); done ;;
  esac
}

# tp_mark_put PATH...: sets the SELinux context and then the flags, of what a link leads to. Prints nothing.
tp_mark_put() {
  for tp_q in "$@"; do
    tp_context_set "$tp_q" "$tp_q" || return
    [ -n "$tp_flag_spec" ] || continue
    tp_flags "$tp_q" && tp_flags_differ || return
    [ -z "$tp_more$tp_less" ] || tp_has chattr || tp_error 'this host has no chattr: install e2fsprogs' || return
    # less before more: i would forbid the rest
    [ -z "$tp_less" ] || chattr "-$tp_less" -- "$tp_target" || return
    [ -z "$tp_more" ] || chattr "+$tp_more" -- "$tp_target" || return
  done
}

# tp_mark_unlock OWNER GROUP MODE PATH...: takes the flags i and a away, if the marks say whether they shall be there: then
# they are set again. Prints nothing.
tp_mark_unlock() {
  shift 3
  for tp_letter in i a; do
    case $tp_flag_spec in [-+]*"$tp_letter"* | [!-+]*) ;; *) continue ;; esac
    for tp_q in "$@"; do
      [ -e "$tp_q" ] || continue
      tp_flags "$tp_q" || return
      case $tp_flags in *"$tp_letter"*) chattr "-$tp_letter" -- "$tp_target" || return ;; esac
    done
  done
}

# tp_mark_wrong PATH: is one of the marks another there?
tp_mark_wrong() {
  for tp_key in attributes seuser serole setype selevel; do
    tp_wanted_mark "$tp_key"
    [ -n "$tp_wanted_mark" ] || continue
    tp_mark_state "$tp_key" "$1" || return 0
    [ "$tp_value" = "$tp_wanted_mark" ] || return 0
  done
  return 1
}

# tp_wanted_mark KEY: sets tp_wanted_mark to what is asked for.
tp_wanted_mark() {
  case $1 in
    attributes) tp_wanted_mark=$tp_flag_spec ;;
    *) tp_se_part "$1" "$tp_se_spec" && tp_wanted_mark=$tp_se_part ;;
  esac
}

# tp_mark_state KEY PATH: sets tp_value to what is asked for where PATH (what a link leads to) has it, else to what it
# has. A host without SELinux has every context that is asked for, as Ansible has it.
tp_mark_state() {
  tp_wanted_mark "$1"
  tp_value=$tp_wanted_mark
  if [ "$1" = attributes ]; then
    tp_flags "$2" && tp_flags_differ || return
    [ -z "$tp_more$tp_less" ] || tp_value=$tp_flags
    return
  fi
  tp_se_enabled || return 0
  tp_se_default "$1" "$tp_wanted_mark" "$2" && tp_context=$(stat $tp_follow -c %C -- "$2") && tp_se_part "$1" "$tp_context" || return
  case $1:$tp_context in selevel:*:*:*:*) ;; selevel:*) return 0 ;; esac
  [ "$tp_se_part" = "$tp_se_default" ] || tp_value=$tp_se_part
}

# tp_flags PATH: sets tp_flags to the letters that lsattr shows of it, and tp_target to what a link leads to.
tp_flags() {
  tp_has lsattr || tp_error 'attributes needs lsattr, which this host has not: install e2fsprogs' || return
  tp_target "$1" || return
  case $tp_target in -*) tp_target=./$tp_target ;; esac
  tp_flags=$(lsattr -d -- "$tp_target" 2>&1) || tp_error "the attributes of $1 cannot be read: $tp_flags" || return
  tp_flags=${tp_flags%% *}
  while :; do case $tp_flags in *-*) tp_flags=${tp_flags%%-*}${tp_flags#*-} ;; *) break ;; esac done
}

# tp_flags_differ: sets tp_more and tp_less to the letters to add to tp_flags and to take from it for tp_flag_spec.
tp_flags_differ() {
  tp_more='' tp_less='' tp_letters=${tp_flag_spec#[-+=]} tp_rest=$tp_flags
  while [ -n "$tp_letters" ]; do
    tp_letter=${tp_letters%"${tp_letters#?}"} tp_letters=${tp_letters#?}
    case $tp_flag_spec:$tp_flags in
      -*:*"$tp_letter"*) tp_less=$tp_less$tp_letter ;;
      -* | *:*"$tp_letter"*) ;;
      *) tp_more=$tp_more$tp_letter ;;
    esac
  done
  case $tp_flag_spec in [-+]*) return 0 ;; esac
  while [ -n "$tp_rest" ]; do
    tp_letter=${tp_rest%"${tp_rest#?}"} tp_rest=${tp_rest#?}
    # how the file system stores a file is not for chattr to take away
    case $tp_flag_spec$tp_letter in *[eEINV]) continue ;; esac
    case ${tp_flag_spec#=} in *"$tp_letter"*) ;; *) tp_less=$tp_less$tp_letter ;; esac
  done
}

# tp_se_enabled: does this host use SELinux?
tp_se_enabled() {
  if tp_has selinuxenabled; then selinuxenabled; else [ -e /sys/fs/selinux/enforce ]; fi
}

# tp_se_part KEY CONTEXT: sets tp_se_part to that part of a context; a level may have colons.
tp_se_part() {
  tp_se_part=$2
  case $1 in
    seuser) tp_se_part=${tp_se_part%%:*} ;;
    serole) tp_se_part=${tp_se_part#*:} && tp_se_part=${tp_se_part%%:*} ;;
    setype) tp_se_part=${tp_se_part#*:*:} && tp_se_part=${tp_se_part%%:*} ;;
    *) case $2 in *:*:*:*) tp_se_part=${tp_se_part#*:*:*:} ;; *) tp_se_part= ;; esac ;;
  esac
}

# tp_se_default KEY WANTED PATH: sets tp_se_default to WANTED, of `_default` to what the policy has for PATH.
tp_se_default() {
  tp_se_default=$2
  [ "$2" = _default ] || return 0
  tp_has matchpathcon || tp_error '_default needs matchpathcon, which this host has not: install libselinux-utils' || return
  tp_se_default=$(matchpathcon -n "$3") && tp_se_part "$1" "$tp_se_default" && tp_se_default=$tp_se_part
}

# tp_context_set FILE PATH [-h]: gives FILE the SELinux context asked for, as PATH shall have it. Prints nothing.
tp_context_set() {
  [ -n "$tp_se_spec" ] && tp_se_enabled || return 0
  tp_file=$1 tp_for=$2
  set -- ${3-}
  for tp_key in seuser serole setype selevel; do
    tp_wanted_mark "$tp_key"
    [ -n "$tp_wanted_mark" ] || continue
    tp_se_default "$tp_key" "$tp_wanted_mark" "$tp_for" || return
    case $tp_key in
      seuser) set -- "$@" -u "$tp_se_default" ;;
      serole) set -- "$@" -r "$tp_se_default" ;;
      setype) set -- "$@" -t "$tp_se_default" ;;
      *) set -- "$@" -l "$tp_se_default" ;;
    esac
  done
  chcon "$@" -- "$tp_file"
}
