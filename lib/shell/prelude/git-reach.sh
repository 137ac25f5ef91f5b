# What makes a working copy, and brings it to a version: right from any state, also from one that a cut run left.
# shellcheck disable=SC2034,SC2154 # names that other files of the prelude set or read

# tp_git_guard RECURSIVE FORCE: fails where nothing may be changed; the module says the sentence.
tp_git_guard() {
  [ "$tp_git_state" != other ] || tp_error "$tp_git_dest is no git repository" || return
  [ -z "$tp_git_fault" ] || tp_error "$tp_git_fault" || return
  [ "$2" != true ] || return 0
  tp_git_changes "$1" || return
  [ -z "$tp_git_changes" ] || tp_error "local modifications: $tp_git_changes" || return
  tp_git_ahead=$(tp_git_commits) || return
  [ "$tp_git_ahead" = 0 ] || tp_error "local commits: $tp_git_ahead"
}

# tp_git_make SEPARATE REFERENCE: an empty copy of the repository, with its address.
tp_git_make() {
  if [ -n "$1" ]; then tp_git_dir=$1; fi
  mkdir -p "$tp_git_dir" "$tp_git_dest"
  # first of all: what is only half there must be known as ours
  : >"$tp_git_dir/tplay-unfinished"
  if [ "$tp_git_bare" = true ]; then tp_git init -q --bare "$tp_git_dest"
  elif [ -n "$1" ]; then tp_git init -q --separate-git-dir="$1" "$tp_git_dest"
  else tp_git init -q "$tp_git_dest"; fi
  if [ -n "$2" ]; then
    tp_git_objects=$(tp_git -C "$2" rev-parse --git-path objects)
    tp_git_objects=$(cd "$2" && cd "$tp_git_objects" && pwd)
    mkdir -p "$tp_git_dir/objects/info"
    printf '%s\n' "$tp_git_objects" >"$tp_git_dir/objects/info/alternates"
  fi
}

# tp_git_address: the remote has the repository's address.
tp_git_address() {
  tp_git_old=$(tp_git_in config --get "remote.$tp_git_remote.url") && [ "$tp_git_old" = "$tp_git_repo" ] && return
  tp_git_in config --replace-all "remote.$tp_git_remote.url" "$tp_git_repo"
}

# tp_git_fetch DEPTH SINGLE REFSPEC: brings what the version needs.
tp_git_fetch() {
  if [ "$tp_git_bare" = true ]; then tp_git_heads='+refs/heads/*:refs/heads/*'
  else tp_git_heads="+refs/heads/*:refs/remotes/$tp_git_remote/*"; fi
  tp_git_tags='+refs/tags/*:refs/tags/*'
  if [ "$2" = true ] || [ -n "$1" ]; then
    case $tp_git_kind in
      branch) tp_git_tags='' tp_git_heads="+refs/heads/$tp_git_name:$(tp_git_place)" ;;
      tag) tp_git_heads='' tp_git_tags="+refs/tags/$tp_git_name:refs/tags/$tp_git_name" ;;
      *) # a server may refuse to give a commit by its name: then all is fetched
        if tp_git_some --depth="${1:-2147483647}" "$tp_git_want" 2>/dev/null; then return 0; fi
        set -- '' '' "$3"
        ;;
    esac
  fi
  tp_git_flags=
  if [ -n "$1" ]; then tp_git_flags=--depth=$1
  elif [ -f "$tp_git_dir/shallow" ]; then tp_git_flags=--unshallow; fi
  tp_git_in config --get "remote.$tp_git_remote.fetch" >/dev/null || tp_git_in config "remote.$tp_git_remote.fetch" "$tp_git_heads"
  # a branch that is checked out is moved afterwards, in a bare copy here
  tp_git_some ${tp_git_flags:+"$tp_git_flags"} ${tp_git_heads:+"$tp_git_heads"} ${tp_git_tags:+"$tp_git_tags"} ${3:+"$3"}
  [ -z "$tp_git_want" ] || tp_git_in cat-file -e "$tp_git_want^{commit}" 2>/dev/null || tp_git_some "$tp_git_want"
}

# tp_git_place: prints where the branch of the repository is kept here.
tp_git_place() {
  if [ "$tp_git_bare" = true ]; then printf 'refs/heads/%s\n' "$tp_git_name"
  else printf 'refs/remotes/%s/%s\n' "$tp_git_remote" "$tp_git_name"; fi
}

# tp_git_some [--depth=N|--unshallow] REF...: fetches these.
tp_git_some() {
  case $1 in
    --*) tp_git_flag=$1 && shift && tp_git_in fetch -q --no-recurse-submodules --no-tags --update-head-ok "$tp_git_flag" "$tp_git_remote" "$@" ;;
    *) tp_git_in fetch -q --no-recurse-submodules --no-tags --update-head-ok "$tp_git_remote" "$@" ;;
  esac
}

# tp_git_switch FORCE: checks the wanted commit out, on its branch where it is one's end. Without force nothing is written over.
tp_git_switch() {
  tp_git_flags=
  if [ "$1" = true ] || [ -n "$tp_git_busy" ]; then tp_git_flags=--force; fi
  if [ "$tp_git_kind" = branch ]; then
    tp_git_in checkout -q ${tp_git_flags:+"$tp_git_flags"} --no-track -B "$tp_git_name" "$tp_git_want" --
    tp_git_in config "branch.$tp_git_name.remote" "$tp_git_remote"
    tp_git_in config "branch.$tp_git_name.merge" "refs/heads/$tp_git_name"
  else tp_git_in checkout -q ${tp_git_flags:+"$tp_git_flags"} --detach "$tp_git_want" --; fi
  if [ -n "$tp_git_default" ] && tp_git_in rev-parse -q --verify "refs/remotes/$tp_git_remote/$tp_git_default" >/dev/null; then
    tp_git_in symbolic-ref "refs/remotes/$tp_git_remote/HEAD" "refs/remotes/$tp_git_remote/$tp_git_default"
  fi
}

# tp_git_update TRACK FORCE: submodules as the copy says.
tp_git_update() {
  [ -f "$tp_git_dest/.gitmodules" ] || return 0
  tp_git_in submodule --quiet sync --recursive
  set -- "$([ "$1" != true ] || echo --remote)" "$([ "$2" != true ] && [ -z "$tp_git_busy" ] || echo --force)"
  tp_git_in submodule --quiet update --init --recursive ${1:+"$1"} ${2:+"$2"}
}

# tp_git_signed FINGERPRINTS: fails unless the wanted commit, or the tag it was asked for by, has a good signature; of one
# of these keys, where some are named (with spaces between).
tp_git_signed() {
  tp_git_sign=commit tp_git_object=$tp_git_want
  if [ "$tp_git_kind" = tag ] && [ "$(tp_git_in cat-file -t "refs/tags/$tp_git_name")" = tag ]; then
    tp_git_sign=tag tp_git_object=$tp_git_name
  fi
  tp_git_said=$(tp_git_in "verify-$tp_git_sign" --raw "$tp_git_object" 2>&1) ||
    tp_error "$tp_git_sign $tp_git_object has no good signature: $tp_git_said" || return
  [ -n "$1" ] || return 0
  for tp_git_finger in $1; do
    case $tp_git_said in *VALIDSIG*"$tp_git_finger"*) return 0 ;; esac
  done
  tp_error "$tp_git_sign $tp_git_object is signed by a key that gpg_whitelist does not name: $tp_git_said"
}

# tp_git_pack FILE FORMAT PREFIX: writes the archive of the wanted version.
tp_git_pack() {
  tp_git_in archive --format="$2" --prefix="$3" --output="$1.tplay-new" "$tp_git_want"
  mv -f "$1.tplay-new" "$1"
}

# tp_git_reach REFSPEC RECURSIVE TRACK SIGNERS FORCE DEPTH SINGLE SEPARATE REFERENCE VERIFY: the whole way, from any state.
tp_git_reach() {
  tp_has "$tp_git_program" || tp_error "$tp_git_program is not on this host: install the package git"
  tp_git_look
  tp_git_target "$1"
  tp_git_guard "$2" "$5"
  if [ "$tp_git_state" != made ]; then
    tp_git_make "$8" "$9"
    tp_git_state=made
  elif [ -n "$8" ] && [ "$tp_git_dir" != "$8" ]; then
    tp_git init -q --separate-git-dir="$8" "$tp_git_dest"
    tp_git_dir=$8
  fi
  # locks of a run that was cut: nobody else's can be there together with the mark
  if [ -n "$tp_git_busy" ]; then find "$tp_git_dir" -name '*.lock' -type f -exec rm -f {} +; fi
  tp_git_address
  tp_git_fetch "$6" "$7" "$1"
  if [ -z "$tp_git_want" ]; then
    tp_git_want=$(tp_git_in rev-parse -q --verify "$tp_git_name^{commit}") ||
      tp_error "$tp_git_repo has no commit $tp_git_name on what was fetched of it"
  fi
  [ "${10}" != true ] || tp_git_signed "$4"
  : >"$tp_git_dir/tplay-unfinished"
  if [ "$tp_git_bare" = true ]; then
    [ -z "$tp_git_default" ] || tp_git_in symbolic-ref HEAD "refs/heads/$tp_git_default"
  else
    tp_git_switch "$5"
    [ "$2" != true ] || tp_git_update "$3" "$5"
  fi
  rm -f "$tp_git_dir/tplay-unfinished"
}
