# Modules of the kernel, now and at the next start.
# shellcheck disable=SC2154 # set in core.sh

# tp_kernel_module NAME PATTERN KEY...: prints loaded (true or false; a module that is built in is loaded), boot (is it
# loaded at the start?) and options (those that it is loaded with, lines of /etc/modprobe.d without their first words).
tp_kernel_module() {
  tp_name=$1 tp_pattern=$2
  shift 2
  for tp_key; do
    tp_value=false
    case $tp_key in
      loaded) ! tp_module_loaded "$tp_name" || tp_value=true ;;
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

# tp_module_loaded NAME: is it in the kernel, loaded or built in? Prints nothing.
tp_module_loaded() {
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
