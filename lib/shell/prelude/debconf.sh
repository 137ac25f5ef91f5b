# What dpkg and debconf keep of packages: selections and answers.
# shellcheck disable=SC2016,SC2154 # formats are dpkg's; set in core.sh

# tp_dpkg_selection NAME: prints what dpkg is to do with a package: install, hold, deinstall, purge; "not present" when it
# does not know it; each when it differs by architecture.
tp_dpkg_selection() {
  tp_has dpkg-query || tp_error 'this host has no dpkg: selections are for Debian and its like' || return
  tp_state=$(dpkg-query -W -f '${db:Status-Want}\n' -- "$1" 2>/dev/null | sort -u | tr '\n' ' ')
  case $tp_state in
    '' | 'unknown ') tp_state='not present' ;;
    *) tp_state=${tp_state% } ;;
  esac
  tp_kv selection "$tp_state"
}

# tp_debconf_here: has this host debconf? Says so when not.
tp_debconf_here() {
  tp_has debconf-communicate && tp_has debconf-set-selections ||
    tp_error 'this host has no debconf-communicate: install debconf'
}

# tp_debconf_ask PACKAGE COMMAND...: sets tp_value to what debconf answers to a command of its protocol; fails when it has no
# such question.
tp_debconf_ask() {
  tp_package=$1
  shift
  tp_answer=$(printf '%s\n' "$*" | DEBIAN_FRONTEND=noninteractive debconf-communicate "$tp_package" 2>&1) || :
  case $tp_answer in
    0) tp_value= ;;
    '0 '*) tp_value=${tp_answer#0 } ;;
    '10 '*) tp_value='' && return 1 ;;
    *) tp_error "$tp_answer" && return 1 || exit 1 ;;
  esac
}

# tp_debconf PACKAGE QUESTION KIND FILE: prints as QUESTION the answer that debconf keeps. FILE has the wanted one: for KIND
# password only "right" or "other" is printed, for multiselect the wanted text when the same choices are in it.
tp_debconf() {
  tp_debconf_here || return
  if [ "$3" = seen ]; then
    if tp_debconf_ask "$1" FGET "$2" seen; then tp_kv "$2" "$tp_value"; else tp_kv "$2" 'no such question'; fi
    return
  fi
  if ! tp_debconf_ask "$1" GET "$2"; then
    tp_kv "$2" 'no such question'
    return
  fi
  tp_right=$(cat -- "$4")
  case $3 in
    password) if [ "$tp_value" = "$tp_right" ]; then tp_value=right; else tp_value=other; fi ;;
    multiselect) [ "$(tp_choices "$tp_value")" != "$(tp_choices "$tp_right")" ] || tp_value=$tp_right ;;
  esac
  tp_kv "$2" "$tp_value"
}

# tp_choices TEXT: prints the choices of a comma-separated text, sorted, a line each.
tp_choices() {
  printf '%s\n' "$1" | tr ',' '\n' | sed -e 's/^ *//' -e 's/ *$//' -e '/^$/d' | sort
}

# tp_debconf_set UNSEEN FILE: gives debconf the answer in FILE, a line as debconf-set-selections takes it; with UNSEEN it
# still asks.
tp_debconf_set() {
  debconf-set-selections ${1:+-u} -- "$2"
}

# tp_debconf_all PACKAGE: prints all questions of a package as the line `all`, as debconf-show shows them.
tp_debconf_all() {
  tp_debconf_here || return
  tp_kv all "$(DEBIAN_FRONTEND=noninteractive debconf-show "$1" 2>/dev/null)"
}

# tp_dpkg_list: prints what dpkg has, a line each: status|name|version|architecture|section; and whose they are, where apt
# knows it: `o LIST|ORIGIN` for each package list, and `p NAME` with `f LIST` lines for where its version is from.
tp_dpkg_list() {
  dpkg-query -W -f '${db:Status-Abbrev}|${Package}|${Version}|${Architecture}|${Section}\n' || return
  tp_has apt-cache || return 0
  apt-cache policy | awk '
    /^ *-?[0-9]+ / { sub(/^ *-?[0-9]+ /, ""); list = $0 }
    /^ *release / && match($0, /o=[^,]*/) { print "o " list "|" substr($0, RSTART + 2, RLENGTH - 2) }'
  # shellcheck disable=SC2046 # names of packages
  apt-cache policy $(dpkg-query -W -f '${Package}\n') | awk '
    /^[^ ].*:$/ { print "p " substr($0, 1, length($0) - 1); in_version = 0; next }
    /^ \*\*\* / { in_version = 1; next }
    /^     [^ ]/ { in_version = 0 }
    in_version && /^        / { sub(/^ *-?[0-9]+ /, ""); print "f " $0 }'
}
