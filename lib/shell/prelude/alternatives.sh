# Alternatives, as Debian's update-alternatives and Red Hat's alternatives keep them: a text file for each name.
# shellcheck disable=SC2154 # set in core.sh

# tp_alternatives_tool: sets tp_tool to the command; fails where there is none.
tp_alternatives_tool() {
  for tp_tool in update-alternatives alternatives; do
    if tp_has "$tp_tool"; then return 0; fi
  done
  return 1
}

# tp_alternative NAME PATH KEY...: prints installed (true or false), link, priority, mode (auto or manual), selected (where
# the link leads to) and subcommands (three lines for each: name, link, path; by name), empty where there is none; and lacks: what
# the host has to have first for it to be as tp_state, with its link at tp_link_wanted.
tp_alternative() {
  tp_alternative_read "$1" "$2" || return
  tp_name=$1 tp_at=$2
  shift 2
  for tp_key; do
    case $tp_key in
      installed) tp_value=$tp_installed ;;
      link) tp_value=$tp_link ;;
      priority) tp_value=$tp_priority ;;
      mode) tp_value=$tp_mode ;;
      selected) tp_value=$(readlink "${tp_etc-/etc}/alternatives/$tp_name" 2>/dev/null) || tp_value= ;;
      subcommands) tp_value=$tp_subcommands ;;
      lacks) tp_value=$(tp_alternative_lacks "$tp_name" "$tp_at") ;;
    esac
    tp_kv "$tp_key" "$tp_value"
  done
}

# tp_alternative_lacks NAME PATH: prints what the host has to have first: a command, the program, or a link.
tp_alternative_lacks() {
  if ! tp_alternatives_tool; then printf '%s\n' 'this host has no update-alternatives: install the package dpkg, alternatives or chkconfig'
  elif [ "$tp_state" = absent ]; then :
  elif [ ! -e "$2" ]; then printf '%s\n' "there is no $2 on this host: install it first"
  elif [ -z "$tp_link_wanted$tp_link" ]; then printf '%s\n' "this host knows no alternatives of $1 yet: give \"link\", where it shall be"
  fi
}

# tp_alternative_read NAME PATH: sets tp_installed, tp_link, tp_priority, tp_mode and tp_subcommands from the list of a name.
tp_alternative_read() {
  tp_installed=false tp_link='' tp_priority='' tp_mode='' tp_subcommands='' tp_list=
  for tp_folder in dpkg/alternatives alternatives; do
    [ ! -e "${tp_var_lib-/var/lib}/$tp_folder/$1" ] || tp_list=${tp_var_lib-/var/lib}/$tp_folder/$1
  done
  [ -n "$tp_list" ] || return 0
  tp_alternative_list "$2" <"$tp_list" || tp_error "$tp_list is not as it should be: it ends too early" || return
  # by name, three lines each
  [ -z "$tp_subcommands" ] || tp_subcommands=$(printf '%s\n' "$tp_subcommands" | tp_by_three)
}

# tp_alternative_list PATH: reads the list of a name (stdin) for tp_alternative_read; fails where it ends too early.
tp_alternative_list() {
  tp_at=$1
  IFS= read -r tp_mode && IFS= read -r tp_link || return 1
  set --
  while IFS= read -r tp_line && [ -n "$tp_line" ]; do
    IFS= read -r tp_slave || return 1
    set -- "$@" "$tp_line$tp_nl$tp_slave"
  done
  while IFS= read -r tp_line && [ -n "$tp_line" ]; do
    IFS= read -r tp_number || return 1
    tp_subs=
    for tp_slave; do
      IFS= read -r tp_path || return 1
      [ -z "$tp_path" ] || tp_subs=$tp_subs${tp_subs:+$tp_nl}$tp_slave$tp_nl$tp_path
    done
    [ "$tp_line" = "$tp_at" ] || continue
    # Red Hat's may have a family before the number: @java@50
    tp_installed=true tp_priority=${tp_number##*@} tp_subcommands=$tp_subs
    tp_priority=${tp_priority%% *}
  done
}

# tp_by_three: sorts its input by the first of every three lines.
tp_by_three() {
  while IFS= read -r tp_line; do
    IFS= read -r tp_slave
    IFS= read -r tp_path
    printf '%s\t%s\t%s\n' "$tp_line" "$tp_slave" "$tp_path"
  done | LC_ALL=C sort | tr '\t' '\n'
}

# tp_alternative_install NAME PATH LINK PRIORITY keep|set SUBCOMMANDS: makes PATH an alternative; what is empty, or to keep,
# stays as it is. Uses tp_tool.
tp_alternative_install() {
  tp_alternative_read "$1" "$2" || return
  tp_link=${3:-$tp_link}
  tp_priority=${4:-${tp_priority:-50}}
  [ "$5" = keep ] || tp_subcommands=$6
  set -- --install "$tp_link" "$1" "$2" "$tp_priority"
  while [ -n "$tp_subcommands" ]; do
    tp_line=${tp_subcommands%%"$tp_nl"*} tp_subcommands=${tp_subcommands#*"$tp_nl"}
    tp_slave=${tp_subcommands%%"$tp_nl"*} tp_subcommands=${tp_subcommands#*"$tp_nl"}
    tp_path=${tp_subcommands%%"$tp_nl"*}
    case $tp_subcommands in *"$tp_nl"*) tp_subcommands=${tp_subcommands#*"$tp_nl"} ;; *) tp_subcommands= ;; esac
    set -- "$@" --slave "$tp_slave" "$tp_line" "$tp_path"
  done
  "$tp_tool" "$@"
}
