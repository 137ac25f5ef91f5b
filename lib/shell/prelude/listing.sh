# What is in a folder of the host, for the controller to compare it with another (synchronize).
# shellcheck disable=SC2016,SC2034,SC2154 # code that another shell expands; names that other files of the prelude set or read

# Code for `sh -c` that defines key(): prints a text on one line: =, %, backslash and line break as %3D, %25, %5C, %0A.
tp_listing_key='key() {
case $1 in
*[=%\\]* | *"
"*) printf "%s\n" "$1" | sed -e ":a" -e "\$!{" -e N -e ba -e "}" -e "s/%/%25/g" -e "s/=/%3D/g" -e "s/\\\\/%5C/g" -e "s/\\n/%0A/g" ;;
*) printf "%s\n" "$1" ;;
esac
}
'

# The same with paths for arguments: prints the keys of all, its name before each.
tp_sync_keys="${tp_listing_key}for p; do printf %s \"\$0\"; key \"\$p\"; done"

# Code for `sh -c`; arguments: FOLLOW (not empty: links are what they lead to), SUMS (not empty: checksums too), paths. Of
# those that are there it prints a line each, MODE:UID:GID:SIZE:MTIME:OWNER:GROUP (MODE as stat %f or ls has it); `#SHA256` for
# each file; then `./KEY` of each, and behind it `>KEY` where it is a link, `!` where it is a folder that cannot be looked
# into, `<KEY` with the text of a .rsync-filter. `?` where a checksum cannot be made.
tp_listing_code=$tp_listing_key'follow=$1 sums=$2 stat= nl="
"
shift 2
stat -c %a / >/dev/null 2>&1 && stat=1
plain() { [ -f "$1" ] && { [ -n "$follow" ] || [ ! -L "$1" ]; }; }
link() { [ -L "$1" ] && { [ -z "$follow" ] || [ ! -e "$1" ]; }; }
one() (
  flag=
  link "$1" || flag=-L
  [ -z "$stat" ] || exec stat ${flag:+-L} -c "%f:%u:%g:%s:%Y:%U:%G" -- "$1"
  time=$(date -r "$1" +%s 2>/dev/null) || time=0
  ids=$(ls -ldn${flag:+L} -- "$1") && names=$(ls -ld${flag:+L} -- "$1") || exit
  set -f
  set -- $ids
  line=$1:$3:$4:$5:$time
  set -- $names
  printf "%s\n" "$line:$3:$4"
)
sum() {
  if command -v sha256sum >/dev/null; then sha256sum
  elif command -v openssl >/dev/null; then openssl dgst -r -sha256
  else shasum -a 256
  fi | sed "s/ .*//"
}
if [ -n "$stat" ] && all=$(stat ${follow:+-L} -c "%f:%u:%g:%s:%Y:%U:%G" -- "$@" 2>/dev/null); then
  printf "%s\n" "$all"
else
  # one is gone by now, or a link leads nowhere
  n=$#
  for p; do
    line=$(one "$p" 2>/dev/null) || continue
    printf "%s\n" "$line"
    set -- "$@" "$p"
  done
  shift "$n"
fi
if [ -n "$sums" ]; then
  n=0 words= odd=
  for p; do
    n=$((n + 1))
    plain "$p" || continue
    words="$words \"\${$n}\""
    case $p in *\\* | *"$nl"*) odd=1 ;; esac
  done
  if [ -n "$words" ] && [ -z "$odd" ] && command -v sha256sum >/dev/null; then
    all=$(eval "sha256sum -- $words") || echo "?"
    printf "%s\n" "$all" | sed -e "s/ .*//" -e "s/^/#/"
  else
    for p; do
      plain "$p" || continue
      all=$(sum <"$p") && [ -n "$all" ] && printf "#%s\n" "$all" || echo "?"
    done
  fi
fi
for p; do
  key "$p"
  if link "$p"; then
    if command -v readlink >/dev/null; then to=$(readlink -- "$p" && echo x) to=${to%"${nl}x"}
    else to=$(ls -ld -- "$p" && echo x) to=${to%"${nl}x"} to=${to#*" $p -> "}
    fi
    printf ">"
    key "$to"
  elif [ -d "$p" ]; then
    { [ -r "$p" ] && [ -x "$p" ]; } || echo "!"
  else
    case $p in */.rsync-filter) printf "<" && key "$(cat -- "$p")" ;; esac
  fi
done'

# tp_listing [-L] [-s] SRC: prints by tp_listing_code what SRC is and what is in it: a folder as `.`, else its last name; what a
# link leads to where SRC ends in / or with -L. Returns 44 where there is nothing, 45 where SRC ends in / and is no folder.
tp_listing() {
  tp_follow='' tp_sums=''
  while :; do
    case $1 in
      -L) tp_follow=1 ;;
      -s) tp_sums=1 ;;
      *) break ;;
    esac
    shift
  done
  tp_path=${1%"${1##*[!/]}"}
  [ -n "$tp_path" ] || tp_path=/
  [ -e "$tp_path" ] || [ -L "$tp_path" ] || return 44
  [ "$tp_path" = "$1" ] || [ -d "$1" ] || return 45
  if [ -d "$1" ] && { [ -n "$tp_follow" ] || [ "$tp_path" != "$1" ] || [ ! -L "$1" ]; }; then
    cd -- "$1" || return
    # what it could not look into is marked; what was removed meanwhile is no fault
    find ${tp_follow:+-L} . -exec sh -c "$tp_listing_code" sh "$tp_follow" "$tp_sums" {} +
    return 0
  fi
  tp_listing_at "$1" && tp_listing_of "$tp_follow" "$tp_sums" "./${1##*/}"
}

# tp_listing_at FILE: goes to the folder that FILE is in.
tp_listing_at() {
  case $1 in
    */*) cd -- "${1%/*}/" || return ;;
  esac
}

# tp_listing_of FOLLOW SUMS PATH...: prints what tp_listing_code says of paths.
tp_listing_of() {
  tp_follow=$1 tp_sums=$2
  shift 2
  sh -c "$tp_listing_code" sh "$tp_follow" "$tp_sums" "$@"
}

# tp_sync_extra ROOT WORDS...: prints `extra=NUMBER`, and `gone ./PATH=there` for each path below ROOT that is not in the file
# tp_known and that nothing is in which stays. WORDS: what find does with each, `-exec sh -c CODE '' {} +` with what is meant,
# the same with `!` with what stays.
tp_sync_extra() {
  tp_root=$1 tp_list=''
  shift
  if [ -d "$tp_root/" ]; then
    tp_list=$(cd -- "$tp_root" && find . "$@") || return
    # the folders above what stays
    case $tp_nl$tp_list in
      *"$tp_nl!"*) printf '%s\n' "$tp_list" | sed -n -e 's/^!//' -e 't a' -e d -e ':a' -e 's,/[^/]*$,,' -e 't b' -e d -e ':b' -e p -e 'b a' >>"$tp_known" || return ;;
    esac
    # a line that is known is there twice at least; grep -f of busybox loses some
    tp_list=$(printf '%s\n' "$tp_list" | sed '/^!/d' | sort - "$tp_known" "$tp_known" | uniq -u | sed -e '/^$/d' -e '/^\.$/d' -e 's/^/gone /' -e 's/$/=there/')
  fi
  tp_lines "$tp_list"
  tp_kv extra "$tp_lines"
  [ -z "$tp_list" ] || printf '%s\n' "$tp_list"
}
