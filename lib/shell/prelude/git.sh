# Working copies of git repositories. A copy that is being made or switched has a file tplay-unfinished in its folder of
# git's own; a run that is cut leaves it, and the next one goes on from there.
# shellcheck disable=SC2034,SC2154 # names that other files of the prelude set or read

# tp_git_open GIT SSH DEST REPO VERSION REMOTE BARE USER: what the functions below work on. SSH: the command for ssh.
# USER: who asks over http(s), with the password in TP_GIT_PASSWORD. Nothing ever waits for an answer typed.
tp_git_open() {
  tp_git_program=$1 tp_git_dest=$3 tp_git_repo=$4 tp_git_version=$5 tp_git_remote=$6 tp_git_bare=$7 TP_GIT_USER=$8
  case $tp_git_repo in /*) tp_git_repo=file://$tp_git_repo ;; esac
  GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0 GIT_SSH_COMMAND=$2
  export GIT_TERMINAL_PROMPT GIT_OPTIONAL_LOCKS GIT_SSH_COMMAND TP_GIT_USER
}

# tp_git WORD...: runs git; a password is given by a helper that reads the environment, only to the repository's own server.
tp_git() {
  if [ -z "${TP_GIT_PASSWORD-}" ]; then
    "$tp_git_program" "$@"
    return
  fi
  tp_git_rest=${tp_git_repo#*://}
  tp_git_key=credential.${tp_git_repo%%://*}://${tp_git_rest%%/*}.helper
  # shellcheck disable=SC2016 # for the shell that git starts
  "$tp_git_program" -c "$tp_git_key=" -c "$tp_git_key"'=!f() { [ "$1" != get ] || printf "username=%s\npassword=%s\n" "$TP_GIT_USER" "$TP_GIT_PASSWORD"; }; f' "$@"
}

# tp_git_in WORD...: runs git in the copy.
tp_git_in() { tp_git -C "$tp_git_dest" "$@"; }

# tp_git_look: sets tp_git_state (absent, made, other: something else is there), tp_git_dir, tp_git_busy, and of one that is made
# tp_git_head and tp_git_branch (the commit and, on a branch, its name).
tp_git_look() {
  tp_git_state=absent tp_git_head='' tp_git_branch='' tp_git_busy='' tp_git_dir=$tp_git_dest/.git
  if [ "$tp_git_bare" = true ]; then tp_git_dir=$tp_git_dest; fi
  if [ -f "$tp_git_dir" ]; then tp_git_dir=$(tp_git_in rev-parse --absolute-git-dir) || return; fi
  if [ -e "$tp_git_dir/tplay-unfinished" ]; then
    tp_git_busy=1
    tp_git_in rev-parse --git-dir >/dev/null 2>&1 || return 0
  elif [ "$tp_git_bare" = true ]; then
    if [ ! -e "$tp_git_dir/HEAD" ]; then
      if tp_git_filled; then tp_git_state=other; fi
      return 0
    fi
  elif [ ! -e "$tp_git_dir" ]; then
    if tp_git_filled; then tp_git_state=other; fi
    return 0
  fi
  tp_git_in rev-parse --git-dir >/dev/null || return
  tp_git_state=made
  tp_git_branch=$(tp_git_in symbolic-ref -q HEAD) && tp_git_branch=${tp_git_branch#refs/heads/}
  tp_git_head=$(tp_git_in rev-parse -q --verify 'HEAD^{commit}') || tp_git_head=''
}

# tp_git_filled: is there anything at the destination but an empty folder?
tp_git_filled() {
  [ -e "$tp_git_dest" ] || [ -L "$tp_git_dest" ] || return 1
  [ ! -d "$tp_git_dest" ] || [ -n "$(ls -A "$tp_git_dest/" 2>/dev/null)" ]
}

# tp_git_target REFSPEC: asks the repository what the version is there. Sets tp_git_want (the commit; empty when only a
# fetch can tell), tp_git_kind (branch tag commit), tp_git_name, tp_git_default (its default branch), tp_git_fault.
tp_git_target() {
  tp_git_want='' tp_git_kind=commit tp_git_name=$tp_git_version tp_git_default='' tp_git_fault=''
  if [ "$tp_git_bare" = true ]; then tp_git_name=HEAD; fi
  if [ "$tp_git_name" = HEAD ] && [ -n "$tp_git_head" ]; then
    # as Ansible: HEAD is the branch that is checked out; off a branch the default one
    tp_git_name=$tp_git_branch
    if [ -z "$tp_git_name" ]; then
      tp_git_name=$(tp_git_in symbolic-ref -q "refs/remotes/$tp_git_remote/HEAD") || tp_git_name=HEAD
      tp_git_name=${tp_git_name#"refs/remotes/$tp_git_remote/"}
    fi
  fi
  tp_git_refs=$(tp_git ls-remote --symref -- "$tp_git_repo" HEAD "refs/heads/$tp_git_name" \
    "refs/tags/$tp_git_name" "refs/tags/$tp_git_name^{}") || return
  tp_git_tag='' tp_git_peeled='' tp_git_first=''
  while IFS='	' read -r tp_git_sha tp_git_ref; do
    case $tp_git_ref in
      HEAD) case $tp_git_sha in ref:*) tp_git_default=${tp_git_sha#ref: refs/heads/} ;; *) tp_git_first=$tp_git_sha ;; esac ;;
      "refs/heads/$tp_git_name") tp_git_want=$tp_git_sha tp_git_kind=branch ;;
      "refs/tags/$tp_git_name") tp_git_tag=$tp_git_sha ;;
      "refs/tags/$tp_git_name^{}") tp_git_peeled=$tp_git_sha ;;
    esac
  done <<EOF
$tp_git_refs
EOF
  [ -z "$tp_git_want" ] || return 0
  if [ "$tp_git_name" = HEAD ] && [ -n "$tp_git_first" ]; then
    tp_git_want=$tp_git_first
    [ -z "$tp_git_default" ] || tp_git_kind=branch tp_git_name=$tp_git_default
  elif [ -n "$tp_git_tag" ]; then
    tp_git_kind=tag tp_git_want=${tp_git_peeled:-$tp_git_tag}
  elif tp_git_is_sha "$tp_git_name"; then tp_git_want=$tp_git_name
  elif [ "$tp_git_state" = made ] && tp_git_sha=$(tp_git_in rev-parse -q --verify "$tp_git_name^{commit}"); then
    tp_git_want=$tp_git_sha
  elif [ -z "$1" ] && ! tp_git_is_short "$tp_git_name"; then tp_git_unknown
  fi
}

# tp_git_unknown: sets tp_git_fault to a sentence about a version that is not there, with some that are.
tp_git_unknown() {
  tp_git_refs=$(tp_git ls-remote --heads --tags --refs -- "$tp_git_repo" | head -n 8 | sed 's#^[^	]*	refs/[a-z]*/##' | tr '\n' ' ')
  tp_git_fault="$tp_git_repo has no branch or tag $tp_git_name"
  if [ -z "$tp_git_refs" ]; then tp_git_fault="$tp_git_repo has nothing in it yet"
  else tp_git_fault="$tp_git_fault; it has ${tp_git_refs% }"; fi
}

# tp_git_is_sha TEXT: is it a whole name of a commit?
tp_git_is_sha() {
  case $1 in *[!0-9a-f]*) return 1 ;; esac
  [ ${#1} = 40 ] || [ ${#1} = 64 ]
}

# tp_git_is_short TEXT: may it be the beginning of a commit's name?
tp_git_is_short() {
  case $1 in *[!0-9a-f]* | ?????) return 1 ;; ??????*) ;; *) return 1 ;; esac
}

# tp_git_changes RECURSIVE: sets tp_git_changes to the files of the copy that somebody changed, with commas between; nobody's
# are those of a run that was cut.
tp_git_changes() {
  tp_git_changes='' tp_git_more=''
  if [ "$tp_git_state" != made ] || [ "$tp_git_bare" = true ] || [ -z "$tp_git_head" ] || [ -n "$tp_git_busy" ]; then return 0; fi
  tp_git_changes=$(tp_git_in status --porcelain --untracked-files=no --ignore-submodules=all) || return
  if [ "$1" = true ] && [ -f "$tp_git_dest/.gitmodules" ]; then
    # shellcheck disable=SC2016 # for the shell that git starts in each submodule
    tp_git_more=$(tp_git_in submodule --quiet foreach --recursive \
      'git status --porcelain --untracked-files=no --ignore-submodules=all | sed "s|^...|&$displaypath/|"') || return
  fi
  tp_git_changes=$(printf '%s\n%s\n' "$tp_git_changes" "$tp_git_more" |
    sed -e '/^$/d' -e 's/^...//' | sed -e '9s/.*/.../' -e 9q | paste -s -d , - | sed 's/,/, /g')
}

# tp_git_commits: prints how many commits were made here and are on no branch of the repository that is known here.
tp_git_commits() {
  if [ "$tp_git_kind" != branch ] || [ "$tp_git_bare" = true ] || [ "$tp_git_state" != made ]; then
    printf '0\n'
    return
  fi
  tp_git_ref=refs/remotes/$tp_git_remote/$tp_git_name
  if ! tp_git_in rev-parse -q --verify "refs/heads/$tp_git_name" >/dev/null || ! tp_git_in rev-parse -q --verify "$tp_git_ref" >/dev/null; then
    printf '0\n'
  elif tp_git_in merge-base --is-ancestor "refs/heads/$tp_git_name" "$tp_git_want" 2>/dev/null; then printf '0\n'
  else tp_git_in rev-list --count "$tp_git_ref..refs/heads/$tp_git_name"; fi
}

# tp_git_right: is the wanted version checked out, or has a bare copy all branches and tags as they are there?
tp_git_right() {
  if [ "$tp_git_state" != made ] || [ -n "$tp_git_busy" ]; then return 1; fi
  if [ "$tp_git_bare" = true ]; then
    tp_git_refs=$(tp_git ls-remote --heads --tags --refs -- "$tp_git_repo") || return
    tp_git_have=$(tp_git_in for-each-ref --format='%(objectname)	%(refname)') || return
    ! printf '%s\n' "$tp_git_refs" | grep -qvxF -e "$tp_git_have"
    return
  fi
  [ -n "$tp_git_want" ] && [ "$tp_git_head" = "$tp_git_want" ] || return
  [ "$tp_git_kind" != branch ] || [ "$tp_git_branch" = "$tp_git_name" ]
}

# tp_git_modules TRACK: are all submodules there, at the commit that the copy says or (TRACK) at the end of their branch?
tp_git_modules() {
  if [ "$tp_git_state" != made ] || [ -n "$tp_git_busy" ]; then return 1; fi
  [ -f "$tp_git_dest/.gitmodules" ] || return 0
  tp_git_refs=$(tp_git_in submodule status --recursive) || return
  if [ "$1" != true ]; then
    ! printf '%s\n' "$tp_git_refs" | grep -q '^[-+U]'
    return
  fi
  ! printf '%s\n' "$tp_git_refs" | grep -q '^[-U]' || return 1
  # shellcheck disable=SC2016 # for the shell that git starts in each submodule
  tp_git_refs=$(tp_git_in submodule --quiet foreach 'b=$(git config -f "$toplevel/.gitmodules" "submodule.$name.branch" || echo HEAD)
    there=$(git ls-remote "$(git config remote.origin.url)" "$b") || exit
    [ "$(printf "%s\n" "$there" | head -n 1 | cut -f 1)" = "$(git rev-parse HEAD)" ] || echo "$name"') || return
  [ -z "$tp_git_refs" ]
}

# tp_git_archived FILE FORMAT PREFIX: is the archive there, and of the wanted version?
tp_git_archived() {
  if [ "$tp_git_state" != made ] || [ ! -f "$1" ] || [ -z "$tp_git_want" ]; then return 1; fi
  tp_git_in archive --format="$2" --prefix="$3" "$tp_git_want" 2>/dev/null | cmp -s - "$1"
}

# tp_git_probe REFSPEC RECURSIVE TRACK SIGNERS CLONE UPDATE FILE FORMAT PREFIX KEY...: prints a line of state for each key.
tp_git_probe() {
  tp_git_state=absent tp_git_head='' tp_git_want='' tp_git_fault='' tp_git_as_is='' tp_git_changes='' tp_git_busy=''
  if tp_has "$tp_git_program"; then
    tp_git_old_one || return
    tp_git_look || return
    if [ "$tp_git_state" = made ] && [ -n "$tp_git_head" ] && [ "$6" = false ]; then tp_git_as_is=1 tp_git_want=$tp_git_head
    else tp_git_target "$1" || return; fi
    if [ "$5" = false ] && { [ "$tp_git_state" != made ] || [ -z "$tp_git_head" ]; }; then tp_git_as_is=1 tp_git_state=absent; fi
    [ -n "$tp_git_as_is" ] || tp_git_changes "$2" || return
  fi
  tp_git_recurse=$2 tp_git_track=$3 tp_git_signers=$4 tp_git_file=$7 tp_git_format=$8 tp_git_prefix=$9
  shift 9
  for tp_key in "$@"; do
    tp_git_key "$tp_key" || return
    tp_kv "$tp_key" "$tp_value"
  done
}

# tp_git_key KEY: sets tp_value to its state.
tp_git_key() {
  tp_value=false
  case $1 in
    cloned) if [ -n "$tp_git_as_is" ] || { [ "$tp_git_state" = made ] && [ -n "$tp_git_head" ]; }; then tp_value=true; fi ;;
    url)
      if [ -n "$tp_git_as_is" ]; then tp_value=$tp_git_repo
      elif [ "$tp_git_state" != made ] || ! tp_value=$(tp_git_in config --get "remote.$tp_git_remote.url"); then tp_value=''
      fi
      case $tp_value in /*) tp_value=file://$tp_value ;; esac
      ;;
    local_changes) tp_value=$tp_git_changes ;;
    local_commits) if [ -n "$tp_git_as_is$tp_git_fault" ] || [ "$tp_git_state" != made ]; then tp_value=0; else tp_value=$(tp_git_commits) || return; fi ;;
    signed) if [ -n "$tp_git_as_is" ] || { tp_git_right && (tp_git_signed "$tp_git_signers") 2>/dev/null; }; then tp_value=true; fi ;;
    checked_out) if [ -n "$tp_git_as_is" ] || tp_git_right; then tp_value=true; fi ;;
    submodules) if [ -n "$tp_git_as_is" ] || tp_git_modules "$tp_git_track"; then tp_value=true; fi ;;
    archive)
      if [ -n "$tp_git_as_is" ] && [ "$tp_git_state" = absent ]; then tp_value=true
      elif tp_git_archived "$tp_git_file" "$tp_git_format" "$tp_git_prefix"; then tp_value=true; fi
      ;;
    before) tp_value=$tp_git_head ;;
    after) tp_value=$tp_git_want ;;
    in_the_way) if [ "$tp_git_state" = other ] && [ -z "$tp_git_as_is" ]; then tp_value="$tp_git_dest is there and no git repository: move it away, or give another dest"; else tp_value=''; fi ;;
    fault) tp_value=$tp_git_fault ;;
  esac
}

# tp_git_old_one: fails with a sentence where git is too old for what is asked of it here.
tp_git_old_one() {
  tp_git_refs=$("$tp_git_program" --version) || return
  tp_git_refs=${tp_git_refs#git version }
  case $tp_git_refs in
    1.* | 2.[0-9].* | 2.1[0-2].*) tp_error "git $tp_git_refs of this host is too old: 2.13 or newer is needed" ;;
  esac
}
