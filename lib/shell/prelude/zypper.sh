# Packages of SUSE by zypper. The module defines tp_pm, which is zypper with the flags of the task.
# shellcheck disable=SC2154,SC2034 # set by the module, or in core.sh; used by other files

# tp_zypper WORD...: runs tp_pm and sets tp_said to what it says. That a restart is needed, or that something was not found
# that shall be absent, is no failure.
tp_zypper() {
  tp_rc=0
  tp_said=$(tp_pm "$@" 2>&1 </dev/null) || tp_rc=$?
  case $tp_rc in
    102 | 103) tp_rc=0 ;;
    104) case $1 in remove) tp_rc=0 ;; esac ;;
  esac
  return "$tp_rc"
}

# tp_zypper_errors: prints what was wrong, of tp_said.
tp_zypper_errors() {
  printf '%s\n' "$tp_said" | sed -n -e '/^<message type="error">/,/<\/message>/p' -e '/^<description>Problem/,/<\/description>/p' |
    sed -e 's/<[^>]*>//g' -e "s/&apos;/'/g" -e 's/&quot;/"/g' -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&amp;/\&/g' -e '/^ *$/d'
}

# tp_zypper_do WORD...: does it; prints what was wrong when that failed.
tp_zypper_do() { tp_zypper "$@" || tp_error "$(tp_zypper_errors)" || return "$tp_rc"; }

# tp_zypper_plan VERB WORD...: adds to tp_plan what `zypper VERB WORD...` would do: lines "VERB NAME.ARCH VERSION", and to
# tp_fault why it cannot. The second look, after the work, need not ask again.
tp_zypper_plan() {
  [ -z "${tp_before-}" ] || return 0
  tp_verb=$1
  shift
  if tp_zypper "$tp_verb" --dry-run "$@"; then
    tp_plan=$tp_plan$(printf '%s\n' "$tp_said" | sed -n \
      -e '/^<to-/{s/^<to-\([a-z-]*\).*/\1/;h;}' \
      -e '/^<solvable /{s/.* name="\([^"]*\)" edition="\([^"]*\)".* arch="\([^"]*\)".*/ \1.\3 \2/;G;s/^ \(.*\)\n\(.*\)/\2 \1/p;}')
    [ -z "$tp_plan" ] || tp_plan=${tp_plan%"$tp_nl"}$tp_nl
  else
    tp_fault=$tp_fault$(tp_zypper_errors)
    tp_fault=${tp_fault:-"zypper ended with status $tp_rc"}
  fi
}

# tp_zypper_state WANT TYPE SPEC...: sets tp_states to a line SPEC=STATE for each: present or absent. What rpm cannot tell
# (other types than package, addresses) is as zypper's plan has it.
tp_zypper_state() {
  tp_want=$1 tp_type=$2 tp_states='' tp_fault='' tp_plan='' tp_root=''
  shift 2
  tp_has rpm || tp_error 'there is no rpm on this host: install the package rpm' || return
  for tp_spec; do
    tp_state=absent
    case $tp_type:$tp_spec in
      package:*://*) tp_zypper_told "$tp_want" "$tp_type" "$tp_spec" ;;
      package:*[\<\>=]*) ! tp_rpm_compare "$tp_spec" || tp_state=present ;;
      package:*) ! tp_rpm_has "$tp_spec" || tp_state=present ;;
      *) tp_zypper_told "$tp_want" "$tp_type" "$tp_spec" ;;
    esac
    tp_rpm_label "$tp_spec"
    tp_states=$tp_states$tp_label=$tp_state$tp_nl
  done
  tp_plan='' tp_fault=''
}

# tp_zypper_told WANT TYPE SPEC: sets tp_state by what zypper would do. After the work it is as wanted: who failed has said so.
tp_zypper_told() {
  tp_plan='' tp_fault=''
  case $1 in
    absent) tp_zypper_plan remove --type "$2" -- "$3"; [ -z "$tp_plan$tp_fault" ] || tp_state=present ;;
    *) tp_zypper_plan install --type "$2" -- "$3"; [ -n "$tp_plan$tp_fault" ] || tp_state=present ;;
  esac
}

# tp_rpm_compare SPEC: is a package installed in a version that NAME>=VERSION and its like ask for? Prints nothing.
tp_rpm_compare() {
  tp_name=${1%%[<>=]*}
  tp_op=${1#"$tp_name"}
  tp_version=${tp_op#[<>=]}
  tp_version=${tp_version#=}
  tp_op=${tp_op%"$tp_version"}
  case $tp_version in
    *-*) tp_have=$(tp_rpmq --qf '%{VERSION}-%{RELEASE}\n' -- "$tp_name" 2>/dev/null) ;;
    *) tp_have=$(tp_rpmq --qf '%{VERSION}\n' -- "$tp_name" 2>/dev/null) ;;
  esac || return
  tp_have=${tp_have%%"$tp_nl"*}
  # %{lua:...} is how rpm compares; versions hold no quotes
  tp_sign=$(rpm --eval "%{lua:print(rpm.vercmp('$tp_have', '$tp_version'))}")
  case $tp_op:$tp_sign in
    '>=:1' | '>=:0' | '>:1' | '<=:-1' | '<=:0' | '<:-1' | '=:0') ;;
    *) return 1 ;;
  esac
}

# tp_zypper_latest VERB FLAGS SPEC...: what is there and has news in the plan of VERB becomes outdated in tp_states, else latest.
tp_zypper_latest() {
  tp_verb=$1 tp_flags=$2
  shift 2
  tp_again=${tp_before-}
  # the second look asks too: whether there is more to bring
  tp_before=''
  tp_rpm_some present tp_zypper_plan "$tp_verb" "$tp_flags" "$@"
  tp_before=$tp_again
  tp_states=$(printf '%s' "$tp_states" | while read -r tp_line; do
    case $tp_line in
      *=present)
        tp_label=${tp_line%=*}
        case $tp_nl$tp_plan in *" ${tp_label%% *}."*) tp_line=$tp_label=outdated ;; *) tp_line=$tp_label=latest ;; esac
        ;;
    esac
    printf '%s\n' "$tp_line"
  done)$tp_nl
}

# tp_zypper_tell: prints the details: plan with the words of Ansible's dnf, and fault.
tp_zypper_tell() {
  tp_kv plan "$(printf '%s' "$tp_plan" | while read -r tp_verb tp_name tp_version; do
    case $tp_verb in
      remove) tp_verb=Removed ;;
      *) tp_verb=Installed ;;
    esac
    printf '%s: %s-%s.%s\n' "$tp_verb" "${tp_name%.*}" "$tp_version" "${tp_name##*.}"
  done | sort -u)"
  tp_kv fault "$tp_fault"
}
