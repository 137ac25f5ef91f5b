# Python's packages, by the Python and the pip that the host has.
# shellcheck disable=SC2034,SC2154 # set or read elsewhere in the prelude

# tp_pip_python VENV EXECUTABLE: sets tp_python to the Python of a virtual environment, of a pip, or else of the host; fails
# when there is none.
tp_pip_python() {
  if [ -n "$1" ]; then tp_python=$1/bin/python
  elif [ -n "$2" ]; then
    tp_file=$(command -v "$2") || tp_error "this host has no $2: install python3-pip, or give its path" || return
    tp_python=$(sed -n '1s/^#! *//p' "$tp_file")
    case $tp_python in
      *'env '*python*) tp_python=$(command -v "${tp_python##* }") || tp_error "this host has no ${tp_python##* }, which $2 is for" || return ;;
      *python*) tp_python=${tp_python%% *} ;;
      # a wrapper: Python is beside it
      *) tp_python=${tp_file%/*}/python ;;
    esac
  else
    tp_python=$(command -v python3 || command -v python) || tp_error 'this host has no Python: install python3-pip' || return
  fi
}

# tp_pip VENV EXECUTABLE PROGRAM DATA: prints how packages are, by PROGRAM, a text in Python, that DATA tells what is asked for.
# Of a virtual environment that is not there nothing is.
tp_pip() {
  tp_pip_python "$1" "$2" || return
  if [ -n "$1" ] && { [ ! -x "$tp_python" ] || [ ! -e "$1/bin/activate" ]; }; then tp_python=; fi
  tp_found=$tp_python
  # only to print what is not there
  [ -n "$tp_found" ] || tp_found=$(command -v python3 || command -v python) || tp_error 'this host has no Python: install python3-venv' || return
  "$tp_found" "$3" "$4" "${tp_python:+there}"
}

# tp_pip_newest VENV EXECUTABLE WORD...: prints as `newest` "installed", or what pip would install with these words.
tp_pip_newest() {
  tp_pip_python "$1" "$2" || return
  if [ -n "$1" ] && [ ! -x "$tp_python" ]; then
    tp_kv newest absent
    return
  fi
  shift 2
  tp_said=$("$tp_python" -m pip install -U --dry-run "$@" 2>&1) || {
    case $tp_said in *'no such option: --dry-run'*) tp_said='state latest needs pip 22.2 or later, to see what it would install: upgrade pip first' ;; esac
    tp_error "$tp_said" || return
  }
  tp_value=$(printf '%s\n' "$tp_said" | sed -n 's/^Would install //p')
  tp_kv newest "${tp_value:-installed}"
}

# tp_pip_venv VENV COMMAND PYTHON SITE: makes a virtual environment that is not there, by COMMAND: words, virtualenv unless told,
# or python3 -m venv where the host has no virtualenv. PYTHON shall be in it; SITE for the packages of the host, too.
tp_pip_venv() {
  if [ -x "$1/bin/python" ] && [ -e "$1/bin/activate" ]; then return; fi
  tp_make=${2:-virtualenv}
  if [ -z "$2" ] && ! tp_has virtualenv; then tp_make="${3:-python3} -m venv"
  elif [ -n "$3" ]; then tp_make="$tp_make -p $3"
  fi
  tp_has "${tp_make%% *}" || tp_error "this host has no ${tp_make%% *}: install python3-venv or python3-virtualenv"
  # shellcheck disable=SC2086 # a command of several words
  tp_pip_run $tp_make ${4:+--system-site-packages} "$1"
}

# tp_pip_run COMMAND...: runs it; what it says is kept for tp_pip_more, and printed when it fails.
tp_pip_run() {
  [ -d "$tp_dir" ] || mkdir -m 0700 -- "$tp_dir" || return
  tp_rc=0
  "$@" >>"$tp_dir/pip.stdout" 2>>"$tp_dir/pip.stderr" || tp_rc=$?
  [ "$tp_rc" != 0 ] || return 0
  cat "$tp_dir/pip.stdout" "$tp_dir/pip.stderr" >&2
  rm -f "$tp_dir/pip.stdout" "$tp_dir/pip.stderr"
  return "$tp_rc"
}

# tp_pip_do VENV EXECUTABLE WORD...: runs pip with the words.
tp_pip_do() {
  tp_pip_python "$1" "$2"
  shift 2
  tp_pip_run "$tp_python" -m pip "$@"
}

# tp_pip_more KEY...: prints lines of what tp_pip_run kept: stdout, stderr.
tp_pip_more() {
  for tp_key; do
    tp_value=
    if [ -e "$tp_dir/pip.$tp_key" ]; then tp_value=$(cat "$tp_dir/pip.$tp_key") && rm -f "$tp_dir/pip.$tp_key"; fi
    tp_kv "$tp_key" "$tp_value"
  done
}
