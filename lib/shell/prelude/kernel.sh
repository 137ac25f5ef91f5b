# Modules of the kernel, now and at the next start.
# shellcheck disable=SC2154 # set in core.sh

# tp_kernel_module NAME PATTERN KEY...: prints loaded (true or false; a module that is built in is loaded), boot (is it
# loaded at the start?), options (those that it is loaded with, lines of /etc/modprobe.d without their first words) and lacks
# (what the host has to have first for tp_state).
tp_kernel_module() {
  tp_name=$1 tp_pattern=$2
  shift 2
  tp_module_loaded "$tp_name"
  for tp_key; do
    tp_value=false
    case $tp_key in
      loaded) tp_value=$tp_loaded ;;
      lacks)
        tp_value=
        case $tp_state:$tp_loaded in
          present:true | absent:false) ;;
          *)
            if ! tp_has modprobe; then tp_value='this host has no modprobe: install the package kmod'
            elif [ -z "$tp_mods" ]; then tp_value="the kernel $(uname -r) has no module $tp_name on this host: install the package that has it"
            fi
            ;;
        esac
        ;;
      boot) [ -z "$(tp_conf_lines modules-load.d "^[[:space:]]*$tp_pattern[[:space:]]*\$")" ] || tp_value=true ;;
      options)
        tp_value=$(tp_conf_lines modprobe.d "^[[:space:]]*options[[:space:]]+$tp_pattern([[:space:]]|\$)" |
          sed -e 's/^[[:space:]]*options[[:space:]]*[^[:space:]]*[[:space:]]*//' -e 's/[[:space:]]*$//')
        ;;
    esac
    tp_kv "$tp_key" "$tp_value"
  done
}

# tp_conf_lines FOLDER REGEX: prints the lines that match of the *.conf in a folder of /etc.
tp_conf_lines() {
  for tp_conf in "${tp_etc-/etc}/$1"/*.conf; do
    [ ! -f "$tp_conf" ] || grep -E -e "$2" <"$tp_conf" || :
  done
}

# tp_module_loaded NAME: sets tp_loaded to whether it is in the kernel: true, false, or some of those that an alias stands for;
# and tp_mods to the modules that it stands for, '' where there are none.
tp_module_loaded() {
  tp_loaded=true tp_mods=$1
  ! tp_module_in "$1" || return 0
  tp_mods=$(modprobe -R "$1" 2>/dev/null) || tp_mods=
  # busybox knows no -R; what it is about comes last
  [ -n "$tp_mods" ] || tp_mods=$(modprobe -D "$1" 2>/dev/null | sed -n -e 's/^builtin //' -e 's/^insmod \([^ ]*\).*/\1/' -e 's,.*/,,' -e 's,\.ko.*,,' -e '$p')
  tp_loaded=
  for tp_word in $tp_mods; do
    if tp_module_in "$tp_word"; then tp_value=true; else tp_value=false; fi
    case $tp_loaded in '' | "$tp_value") tp_loaded=$tp_value ;; *) tp_loaded=some ;; esac
  done
  tp_loaded=${tp_loaded:-false}
}

# tp_module_in NAME: is the module of this name in the kernel, loaded or built in? Prints nothing.
tp_module_in() {
  tp_mod=$(printf '%s\n' "$1" | tr - _)
  grep -q "^$tp_mod " "${tp_proc-/proc}/modules" 2>/dev/null && return
  tp_builtin=${tp_lib_modules-/lib/modules}/$(uname -r)/modules.builtin
  [ -f "$tp_builtin" ] && sed -e 's,.*/,,' -e 's,\.ko.*,,' "$tp_builtin" | tr - _ | grep -qxF -e "$tp_mod"
}

# tp_module_lines FOLDER REGEX NAME LINE: makes LINE the only one of the *.conf in a folder of /etc that matches, in
# NAME.conf unless it stands somewhere already; the others become comments, all of them when LINE is empty. With `-` as
# LINE nothing is done.
tp_module_lines() {
  [ "$4" != - ] || return 0
  tp_wanted=$4
  for tp_conf in "${tp_etc-/etc}/$1"/*.conf; do
    [ -f "$tp_conf" ] || continue
    grep -qE -e "$2" <"$tp_conf" || continue
    tp_out=$(tp_temp) || return
    while IFS= read -r tp_line || [ -n "$tp_line" ]; do
      if printf '%s\n' "$tp_line" | grep -qE -e "$2"; then
        if [ "$tp_line" = "$tp_wanted" ]; then tp_wanted=; else tp_line="#$tp_line"; fi
      fi
      printf '%s\n' "$tp_line"
    done <"$tp_conf" >"$tp_out" || return
    # on Debian one of them is a link to /etc/modules
    tp_install -L "$tp_out" "$tp_conf" || return
    rm -f -- "$tp_out"
  done
  [ -n "$tp_wanted" ] || return 0
  tp_mkdir '' '' 0755 "${tp_etc-/etc}/$1" || return
  tp_conf=${tp_etc-/etc}/$1/$3.conf
  tp_out=$(tp_temp) || return
  {
    # the last line may have no end
    [ ! -f "$tp_conf" ] || while IFS= read -r tp_line || [ -n "$tp_line" ]; do printf '%s\n' "$tp_line"; done <"$tp_conf"
    printf '%s\n' "$tp_wanted"
  } >"$tp_out" && tp_install -L "$tp_out" "$tp_conf" && rm -f -- "$tp_out"
}
