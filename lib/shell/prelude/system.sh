# Settings of the system as a whole: the kernel's, time zone, locales.
# shellcheck disable=SC2154 # set in core.sh and files.sh

# tp_sysctl NAME: prints whether this kernel has the setting (known) and what it is (live), lines as blanks. As sysctl:
# the first dot or slash of a name says what parts it, the other one is part of a word (net.ipv4.conf.eth0/1.mtu).
tp_sysctl() {
  tp_rest=${1#"${1%%[./]*}"}
  case $tp_rest in
    /*) tp_file=$1 ;;
    *) tp_file=$(printf '%s\n' "$1" | tr ./ /.) ;;
  esac
  tp_file=${tp_proc_sys-/proc/sys}/$tp_file
  if [ -f "$tp_file" ]; then tp_kv known true; else tp_kv known false; fi
  tp_value=
  # some are only written to, or only read by root
  [ ! -r "$tp_file" ] || tp_value=$(cat -- "$tp_file" 2>/dev/null) || tp_value=
  tp_kv live "$(printf '%s\n' "$tp_value" | tr '\n\t' '  ' | sed 's/ *$//')"
}

# tp_sysctl_tool: fails when the host has no sysctl.
tp_sysctl_tool() { tp_has sysctl || tp_error 'this host has no sysctl: install procps (Debian, Alpine), procps-ng (EL)'; }

# tp_booted: does systemd run this host? tp_run stands for /run, so that tests can say.
tp_booted() { [ -d "${tp_run-/run}/systemd/system" ]; }

# tp_timezone KEY...: prints the time zone that programs use (name) and what the clock of the hardware has (hwclock: UTC or
# local), and what the host lacks for the zone $tp_zone_name (lacks). Where /etc/localtime is no link, or another than /etc/timezone says, the name is what is odd about it.
tp_timezone() {
  for tp_key; do
    case $tp_key in
      name) tp_zone && tp_kv name "$tp_zone" || return ;;
      hwclock)
        # its third line; a file that is not there means UTC
        tp_value=
        [ ! -r "${tp_etc-/etc}/adjtime" ] || tp_value=$(sed -n 3p "${tp_etc-/etc}/adjtime")
        case $tp_value in LOCAL*) tp_kv hwclock local ;; *) tp_kv hwclock UTC ;; esac
        ;;
      lacks)
        tp_value=
        if [ ! -d "${tp_zones-/usr/share/zoneinfo}" ]; then tp_value='this host has no time zones: install tzdata'
        elif [ ! -f "${tp_zones-/usr/share/zoneinfo}/$tp_zone_name" ]; then tp_value="this host knows no time zone $tp_zone_name"
        fi
        tp_kv lacks "$tp_value"
        ;;
    esac
  done
}

# tp_zone: sets tp_zone to the name of the zone in use.
tp_zone() {
  tp_zone=
  if [ -L "${tp_etc-/etc}/localtime" ]; then
    tp_readlink "${tp_etc-/etc}/localtime" || return
    case $tp_readlink in
      */zoneinfo/*) tp_zone=${tp_readlink##*/zoneinfo/} ;;
      *) tp_zone=$tp_readlink ;;
    esac
  elif [ -e "${tp_etc-/etc}/localtime" ]; then tp_zone='a copy of a file'
  else
    # what programs take without the file
    tp_zone=UTC
  fi
  # timedated does not write this file, so that it says nothing where systemd runs
  if [ -f "${tp_etc-/etc}/timezone" ] && ! tp_booted; then
    tp_value=
    IFS= read -r tp_value <"${tp_etc-/etc}/timezone" || :
    [ "$tp_value" = "$tp_zone" ] || tp_zone="$tp_zone, $tp_value in /etc/timezone"
  fi
}

# tp_set_timezone NAME: makes programs use a time zone. Prints nothing.
tp_set_timezone() {
  if tp_booted && tp_has timedatectl; then timedatectl set-timezone "$1" || return
  else
    tp_link="${tp_etc-/etc}/.tplay.localtime"
    rm -f -- "$tp_link" && ln -s "${tp_zones-/usr/share/zoneinfo}/$1" "$tp_link" && mv -f -- "$tp_link" "${tp_etc-/etc}/localtime" || return
  fi
  if [ -f "${tp_etc-/etc}/timezone" ] || [ -d "${tp_etc-/etc}/dpkg" ]; then
    tp_temp=$(tp_temp) && printf '%s\n' "$1" >"$tp_temp" && tp_install -m 0644 "$tp_temp" "${tp_etc-/etc}/timezone"
  fi
}

# tp_set_hwclock KIND: says that the clock of the hardware has UTC or local time, and sets it. Prints nothing.
tp_set_hwclock() {
  if tp_booted && tp_has timedatectl; then
    case $1 in local) timedatectl set-local-rtc 1 ;; *) timedatectl set-local-rtc 0 ;; esac
    return
  fi
  tp_value=UTC
  [ "$1" != local ] || tp_value=LOCAL
  tp_temp=$(tp_temp) || return
  {
    if [ -s "${tp_etc-/etc}/adjtime" ]; then sed -n 1,2p "${tp_etc-/etc}/adjtime"; else printf '0.0 0 0\n0\n'; fi
    printf '%s\n' "$tp_value"
  } >"$tp_temp" && tp_install -m 0644 "$tp_temp" "${tp_etc-/etc}/adjtime" || return
  # a container has no clock of its own to set
  tp_exists /dev/rtc /dev/rtc0 || return 0
  tp_has hwclock || tp_error 'this host has no hwclock: install util-linux' || return
  case $1 in local) hwclock -w -l ;; *) hwclock -w -u ;; esac
}

# tp_locales STATE [NAME PATTERN LISTED]...: prints `locales=STATE` where every locale is (present) or none is (absent), else
# which ones of these the host has. PATTERN is a basic regular expression of the name, LISTED how `locale -a` prints it. One
# that the host cannot make is an error.
tp_locales() {
  tp_has locale || tp_error 'this host has no locales: install the package locales (Debian; EL has a glibc-langpack for each language)' || return
  tp_list=$tp_nl$(locale -a 2>/dev/null)$tp_nl
  tp_state=$1 tp_there='' tp_wrong=''
  shift
  while [ $# -ge 3 ]; do
    case $tp_list in
      *"$tp_nl$3$tp_nl"*)
        tp_there="$tp_there $1"
        [ "$tp_state" = present ] || tp_wrong=1
        ;;
      *) [ "$tp_state" = absent ] || { tp_wrong=1 && tp_locale_known "$2" "$1"; } || return ;;
    esac
    shift 3
  done
  if [ -z "$tp_wrong" ]; then tp_kv locales "$tp_state"; else tp_kv locales "only${tp_there:- none}"; fi
}

# tp_locale_known PATTERN NAME: fails where the package is there and has no such locale. Prints nothing.
tp_locale_known() {
  [ ! -e "${tp_i18n-/usr/share/i18n}/SUPPORTED" ] ||
    grep -qs "^[#[:blank:]]*$1\\([[:blank:]]\\|\$\\)" "${tp_etc-/etc}/locale.gen" "${tp_i18n-/usr/share/i18n}/SUPPORTED" ||
    tp_error "this host cannot make the locale $2: /etc/locale.gen and /usr/share/i18n/SUPPORTED have none of that name"
}

# tp_locale_gen STATE PATTERN NAME: puts a locale into /etc/locale.gen, or makes a comment of its line. PATTERN is a basic
# regular expression of the name. Prints nothing.
tp_locale_gen() {
  tp_file=${tp_etc-/etc}/locale.gen
  tp_temp=$(tp_temp) || return
  if [ -e "$tp_file" ]; then cat -- "$tp_file" >"$tp_temp" || return; fi
  tp_after=$(tp_temp) || return
  if [ "$1" = absent ]; then sed "s/^[[:blank:]]*\\($2[[:blank:]].*\\)\$/# \\1/; s/^[[:blank:]]*\\($2\\)\$/# \\1/" "$tp_temp" >"$tp_after"
  elif grep -q "^[[:blank:]]*$2\\([[:blank:]]\\|\$\\)" "$tp_temp"; then return 0
  elif grep -q "^[[:blank:]]*#[#[:blank:]]*$2[[:blank:]]" "$tp_temp"; then
    sed "s/^[[:blank:]]*#[#[:blank:]]*\\($2[[:blank:]]\\)/\\1/" "$tp_temp" >"$tp_after"
  else
    tp_locale_known "$2" "$3" && tp_line=$(grep "^$2[[:blank:]]" "${tp_i18n-/usr/share/i18n}/SUPPORTED") || return
    # a last line without its end would become one with ours
    { cat "$tp_temp" && if [ -n "$(tail -c 1 "$tp_temp")" ]; then echo; fi && printf '%s\n' "$tp_line"; } >"$tp_after"
  fi && tp_install "$tp_after" "$tp_file"
}

# tp_names_by USE: sets tp_use to how the host keeps its name (systemd, openrc, sles, redhat, generic): what is asked for, or
# what it looks like; and tp_file to the file.
tp_names_by() {
  tp_use=$1
  if [ -n "$1" ]; then :
  elif tp_booted && tp_has hostnamectl; then tp_use=systemd
  elif [ -f "${tp_etc-/etc}/conf.d/hostname" ]; then tp_use=openrc
  fi
  case $tp_use in
    openrc) tp_file=${tp_etc-/etc}/conf.d/hostname ;;
    sles) tp_file=${tp_etc-/etc}/HOSTNAME ;;
    redhat) tp_file=${tp_etc-/etc}/sysconfig/network ;;
    *) tp_file=${tp_etc-/etc}/hostname ;;
  esac
}

# tp_hostname USE KEY...: prints the host's name as it is now (current) and as it will be (permanent).
tp_hostname() {
  tp_names_by "$1"
  shift
  for tp_key; do
    tp_value=
    case $tp_key:$tp_use in
      current:*) tp_value=$(uname -n) || return ;;
      permanent:openrc) tp_assigned hostname ;;
      permanent:redhat) tp_assigned HOSTNAME ;;
      permanent:*) [ ! -r "$tp_file" ] || IFS= read -r tp_value <"$tp_file" || : ;;
    esac
    tp_kv "$tp_key" "$tp_value"
  done
}

# tp_assigned NAME: sets tp_value to what the last line NAME=... of $tp_file has, without its quotes.
tp_assigned() {
  tp_value=
  [ -r "$tp_file" ] || return 0
  while IFS= read -r tp_line || [ -n "$tp_line" ]; do
    case $tp_line in "$1="*) tp_value=${tp_line#*=} ;; esac
  done <"$tp_file"
  case $tp_value in
    \"*\") tp_value=${tp_value#?} tp_value=${tp_value%?} ;;
    \'*\') tp_value=${tp_value#?} tp_value=${tp_value%?} ;;
  esac
}

# tp_set_hostname USE NAME: sets the host's name, now and for its next start. Prints nothing.
tp_set_hostname() {
  tp_names_by "$1"
  tp_fresh=$(tp_temp) || return
  case $tp_use in
    systemd)
      tp_has hostnamectl || tp_error 'this host has no hostnamectl: leave "use" out, or say another one' || return
      hostnamectl set-hostname "$2"
      return
      ;;
    openrc | redhat)
      [ -f "$tp_file" ] || tp_error "use $tp_use: $tp_file does not exist on this host" || return
      tp_line=hostname=\"$2\"
      [ "$tp_use" = openrc ] || tp_line=HOSTNAME=$2
      { grep -v "^${tp_line%%=*}=" "$tp_file" || [ $? = 1 ]; } >"$tp_fresh" && printf '%s\n' "$tp_line" >>"$tp_fresh" || return
      ;;
    *) printf '%s\n' "$2" >"$tp_fresh" || return ;;
  esac
  tp_mode_new=0644
  [ ! -e "$tp_file" ] || tp_mode_new=
  tp_install -L -m "$tp_mode_new" "$tp_fresh" "$tp_file" || return
  tp_has hostname || tp_error 'this host has no hostname command: install hostname (Debian, EL)' || return
  hostname "$2"
}
