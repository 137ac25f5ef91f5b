# Packages of rpm, by dnf or yum. The module defines tp_pm, which is the program with the flags of the task, and sets
# tp_root to the folder with the system ('' for the host's own) and tp_patience to the seconds to wait for a lock.
# shellcheck disable=SC2154 # set by the module, or in core.sh

# tp_rpmq WORD...: asks rpm's database. Prints what rpm prints.
tp_rpmq() { rpm ${tp_root:+--root "$tp_root"} -q "$@"; }

# tp_dnf WORD...: runs tp_pm and sets tp_said to what it says; while another dnf or yum holds its lock it tries again.
tp_dnf() {
  tp_left=$tp_patience
  while :; do
    tp_rc=0
    tp_said=$(tp_pm --setopt=exit_on_lock=True "$@" 2>&1 </dev/null) || tp_rc=$?
    case $tp_rc:$tp_said in
      0:*) return ;;
      *"already locked by "* | *"holding the yum lock"*) ;;
      *) return "$tp_rc" ;;
    esac
    if [ "$tp_left" -le 0 ]; then
      tp_said="another holds its lock, after $tp_patience seconds still: give a longer lock_timeout ($(printf '%s\n' "$tp_said" | grep 'lock' | head -n 1))"
      return "$tp_rc"
    fi
    sleep 1
    tp_left=$((tp_left - 1))
  done
}

# tp_dnf_plan WORD...: asks what `tp_pm WORD...` would do. Sets tp_plan to lines VERB NAME.ARCH VERSION, or VERB and some
# words for groups and modules, and tp_fault to why it cannot be done. Both are empty when there is nothing to do.
tp_dnf_plan() {
  tp_plan='' tp_fault=''
  tp_dnf --assumeno "$@" || :
  case $tp_said in
    *"Transaction Summary"* | *"Installing Groups:"* | *"Enabling module"* | *"Installing module"*) ;;
    *) [ "$tp_rc" = 0 ] || tp_fault=$(printf '%s\n' "$tp_said" | grep -v '^Last metadata' | tail -n 3) ;;
  esac
  # a long name has a line of its own: a package is five words wherever lines end, and often the unit of its size
  tp_plan=$(printf '%s\n' "$tp_said" | awk '
    function put() { if (n >= 5) print verb, w[1] "." w[2], w[3]; n = 0 }
    /^Transaction Summary/ { put(); exit }
    /^[A-Z].*:$/ {
      put(); what = ""
      # a group that is there is told of again and again: its packages decide
      if (/^(Installing|Upgrading).* Groups:$/) what = ""
      else if (/^[A-Z][a-z]+ (module (streams|profiles)|modules|(Environment )?Groups):$/) what = "line"
      else if (/^(Installing|Upgrading|Updating|Downgrading|Reinstalling|Removing)/) what = "package"
      verb = $1; sub(/:$/, "", verb)
      next
    }
    !/^ / { put(); next }
    what == "line" { sub(/^ +/, ""); print verb, $0; next }
    what != "package" { next }
    $1 == "replacing" { put(); print "Replacing", $2, $3; next }
    {
      i = 1
      if (n == 5) { if ($0 ~ /^ +[kMGT] *$/) i = 2; put() }
      for (; i <= NF; i++) {
        if (n == 5) { u = $i; put(); if (u ~ /^[kMGT]$/) continue }
        w[++n] = $i
      }
    }')
}

# tp_dnf_tell: prints the details of what tp_dnf_plan found: what it would do, with the versions that go, and tp_fault.
tp_dnf_tell() {
  tp_kv plan "$(printf '%s\n' "$tp_plan" | while read -r tp_verb tp_name tp_version; do
    case $tp_verb in
      '') continue ;;
      Upgrading | Updating | Downgrading | Reinstalling) tp_rpmq --qf 'Removed: %{NAME}-%{EVR}.%{ARCH}\n' -- "$tp_name" | grep '^Removed' || : ;;
    esac
    case $tp_verb in
      Removing | Replacing) tp_verb=Removed ;;
      Enabling | Switching | Disabling | Resetting) ;;
      *) tp_verb=Installed ;;
    esac
    case $tp_name in
      *.*) printf '%s: %s-%s.%s\n' "$tp_verb" "${tp_name%.*}" "$tp_version" "${tp_name##*.}" ;;
      *) printf '%s: %s\n' "$tp_verb" "$tp_name${tp_version:+ $tp_version}" ;;
    esac
  done | sort)"
  tp_kv fault "$tp_fault"
}

# tp_rpm_has SPEC: is this package installed, or what provides it? Prints nothing. SPEC may be a name with version or
# architecture, a path, a pattern, or the path of a package file, which counts as the package in it.
tp_rpm_has() {
  case $1 in
    */*.rpm) tp_name=$(rpm -qp --nosignature --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}' -- "$1" 2>/dev/null) && tp_rpmq -- "$tp_name" >/dev/null 2>&1 ;;
    *[*?[]*) [ -n "$(rpm ${tp_root:+--root "$tp_root"} -qa -- "$1" 2>/dev/null)" ] ;;
    *) tp_rpmq --whatprovides -- "$1" >/dev/null 2>&1 || tp_rpmq -- "$1" >/dev/null 2>&1 ;;
  esac
}

# tp_rpm_state VERB WANT SPEC...: sets tp_states to a line SPEC=STATE for each, present or absent. What rpm cannot tell
# (groups, modules, comparisons, addresses; patterns that shall be there) is as WANT when VERB has nothing to do with it;
# tp_fault says why it cannot be told.
tp_rpm_state() {
  tp_verb=$1 tp_want=$2 tp_states='' tp_faults=''
  shift 2
  tp_has rpm || tp_error 'there is no rpm on this host: install the package rpm' || return
  # most often all is there: one call for all, and one each where not
  tp_all=$(tp_rpmq --whatprovides --qf 'found\n' -- "$@" 2>/dev/null) && tp_all=1 || tp_all=
  for tp_spec; do
    tp_state=absent
    case $tp_want:$tp_spec in
      absent:@* | absent:*' '*)
        tp_dnf_plan "$tp_verb" -- "$tp_spec"
        [ -z "$tp_plan$tp_fault" ] || tp_state=present
        tp_faults=$tp_faults${tp_fault:+$tp_fault$tp_nl}
        ;;
      *[*?[]* | *:@* | *' '* | *://*)
        case $tp_want in
          absent) ! tp_rpm_has "$tp_spec" || tp_state=present ;;
          *)
            tp_dnf_plan "$tp_verb" -- "$tp_spec"
            [ -n "$tp_plan$tp_fault" ] || tp_state=present
            tp_faults=$tp_faults${tp_fault:+$tp_fault$tp_nl}
            ;;
        esac
        ;;
      *) if [ -n "$tp_all" ] || tp_rpm_has "$tp_spec"; then tp_state=present; fi ;;
    esac
    tp_rpm_label "$tp_spec"
    tp_states=$tp_states$tp_label=$tp_state$tp_nl
  done
  tp_fault=$tp_faults
}

# tp_rpm_label SPEC: sets tp_label to the key of a package among the lines of state, which has no = in it.
tp_rpm_label() {
  tp_label=$1
  case $1 in
    *'>='*) tp_sign='>=' tp_said_so='≥' ;;
    *'<='*) tp_sign='<=' tp_said_so='≤' ;;
    *=*) tp_sign='=' tp_said_so='is' ;;
    *) return ;;
  esac
  tp_first=${1%%"$tp_sign"*} tp_rest=${1#*"$tp_sign"}
  tp_label="${tp_first% } $tp_said_so ${tp_rest# }"
}

# tp_rpm_some STATES FUNCTION VERB FLAGS SPEC...: calls FUNCTION VERB FLAGS -- SPEC... with those whose line in tp_states has
# one of these states (blanks between); not when there are none. FLAGS is one word with blanks, or ''.
tp_rpm_some() {
  tp_picks=$1 tp_call=$2 tp_verb=$3 tp_flags=$4
  shift 4
  tp_n=$#
  for tp_spec; do
    tp_rpm_label "$tp_spec"
    for tp_pick in $tp_picks; do
      case $tp_nl$tp_states in *"$tp_nl$tp_label=$tp_pick$tp_nl"*) set -- "$@" "$tp_spec" ;; esac
    done
  done
  shift "$tp_n"
  # shellcheck disable=SC2086 # flags
  [ $# = 0 ] || "$tp_call" "$tp_verb" $tp_flags -- "$@"
}

# tp_rpm_show: prints the states.
tp_rpm_show() {
  printf '%s' "$tp_states" | while read -r tp_line; do tp_kv "${tp_line%=*}" "${tp_line##*=}"; done
}

# tp_dnf_do WORD...: does it; prints what tp_pm said when that failed.
tp_dnf_do() { tp_dnf -y "$@" || tp_error "$tp_said" || return "$tp_rc"; }

# tp_dnf_show WANT: prints the states, then the details. With skip_broken (tp_skip) what cannot be done is as it should be.
tp_dnf_show() {
  printf '%s' "$tp_states" | while read -r tp_line; do
    [ -z "$tp_skip" ] || [ -n "$tp_plan$tp_fault" ] || tp_line=${tp_line%=*}=$1
    tp_kv "${tp_line%=*}" "${tp_line##*=}"
  done
  tp_dnf_tell
}

# tp_dnf_present DOWNGRADE SPEC...: prints how packages are that shall be there, and what it takes. DOWNGRADE: false where
# no version may be older than what is there.
tp_dnf_present() {
  tp_older=$1
  shift
  tp_rpm_state install present "$@" || return
  tp_faults=$tp_fault tp_plan=''
  # the second look, after the work, need not ask again
  case ${tp_before:+done}$tp_skip in done) ;; *) tp_rpm_some absent tp_dnf_plan install "" "$@" ;; esac
  tp_fault=${tp_fault:-$tp_faults}
  case $tp_older:$tp_nl$tp_plan in
    false:*"$tp_nl"Downgrading*) tp_fault='an older version is asked for than the one that is installed: give allow_downgrade: true' ;;
  esac
  tp_dnf_show present
}

# tp_dnf_absent VERB FLAGS SPEC...: prints how packages are that shall not be there, and what it takes.
tp_dnf_absent() {
  tp_out=$1 tp_with=$2
  shift 2
  tp_rpm_state "$tp_out" absent "$@" || return
  tp_plan='' tp_fault=''
  [ -n "${tp_before-}" ] || tp_rpm_some present tp_dnf_plan "$tp_out" "$tp_with" "$@"
  tp_dnf_show absent
}

# tp_dnf_latest VERB FLAGS UPDATE_ONLY SPEC...: prints how packages are that shall be at their newest version (latest, absent,
# outdated), and what it takes. UPDATE_ONLY: '' where those that are not there are to be installed.
tp_dnf_latest() {
  tp_up=$1 tp_with=$2 tp_only=$3
  shift 3
  tp_rpm_state install present "$@" || return
  tp_faults=$tp_fault tp_plan='' tp_fault=''
  # a group of which something is missing may have outdated packages too: it is upgraded in any case
  tp_rpm_some present tp_dnf_plan "$tp_up" "$tp_with" "$@"
  tp_news=$tp_plan tp_faults=$tp_faults$tp_fault tp_plan='' tp_fault=''
  [ -n "$tp_only" ] || tp_rpm_some absent tp_dnf_plan install '' "$@"
  tp_states=$(printf '%s' "$tp_states" | while read -r tp_line; do
    case $tp_line in
      *=absent) [ -z "$tp_only" ] || tp_line=${tp_line%=*}=latest ;;
      *) if tp_dnf_new "${tp_line%=*}"; then tp_line=${tp_line%=*}=outdated; else tp_line=${tp_line%=*}=latest; fi ;;
    esac
    printf '%s\n' "$tp_line"
  done)$tp_nl
  tp_plan=$tp_news${tp_plan:+$tp_nl$tp_plan} tp_fault=$tp_faults$tp_fault
  tp_dnf_show latest
}

# tp_dnf_new SPEC: is there news in tp_news of this, which is installed? Prints nothing.
tp_dnf_new() {
  [ -n "$tp_news" ] || return
  case $1 in
    @* | *' '* | *[*?[]* | */*) return 0 ;;
  esac
  for tp_name in $(tp_rpmq --whatprovides --qf '%{NAME}\n' -- "$1" 2>/dev/null || tp_rpmq --qf '%{NAME}\n' -- "$1"); do
    case $tp_nl$tp_news in *"ing $tp_name."*) return ;; esac
  done
  return 1
}

# tp_dnf_whole KEY VERB FLAGS: prints how the system is as a whole: KEY=latest when VERB FLAGS has nothing to do, else outdated.
tp_dnf_whole() {
  # shellcheck disable=SC2086 # flags
  tp_dnf_plan "$2" $3
  if [ -n "$tp_plan$tp_fault" ]; then tp_kv "$1" outdated; else tp_kv "$1" latest; fi
  tp_dnf_tell
}

# tp_dnf_fetched DIRECTORY WORD...: prints whether all is downloaded that WORD... would install: fetched=true or false. What a
# repository of the host itself has is not copied to the cache.
tp_dnf_fetched() {
  tp_into=$1 tp_value=true
  shift
  tp_dnf_plan "$@"
  [ -z "$tp_fault" ] || tp_value=false
  tp_plan=$(printf '%s\n' "$tp_plan" | grep -v '^Remov')
  while read -r _ tp_name tp_version; do
    [ -n "$tp_name" ] || continue
    tp_name=${tp_name%.*}-${tp_version#*:}.${tp_name##*.}.rpm
    # shellcheck disable=SC2086 # the places of caches
    if [ -n "$tp_into" ]; then [ -f "$tp_into/$tp_name" ]
    else [ -n "${tp_before-}" ] || [ -n "$(find /var/cache/dnf /var/cache/yum /var/cache/libdnf5 -name "$tp_name" 2>/dev/null)" ]
    fi || tp_value=false
  done <<TP_END
$tp_plan
TP_END
  tp_kv fetched "$tp_value"
  tp_dnf_tell
}
