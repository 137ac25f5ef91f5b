# Getting a file from a web server with what the host has.
# shellcheck disable=SC2154 # set by code that is handed over

# tp_download URL CURL_CODE WGET_CODE PRIVATE FILE: gets URL into FILE. The codes set tp_config to a private file for
# `curl -K`, and to one for wget's WGETRC: what is secret is in there, not in an argument. PRIVATE is not empty when there
# is such; a login in the address is. Prints nothing but errors.
tp_download() {
  tp_rest=${1#*://}
  case ${tp_rest%%[/?#]*} in *@*) set -- "$1" "$2" "$3" login "$5" ;; esac
  if tp_has curl; then
    eval "$2" && curl -K "$tp_config" -o "$5"
  elif ! tp_has wget; then
    tp_error 'this host has neither curl nor wget: install curl, and ca-certificates for https'
  elif wget --help 2>&1 | grep -q BusyBox; then
    [ -z "$4" ] || tp_error "busybox's wget would show headers and passwords to everybody on the host: install curl" || return
    wget -q -O "$5" -- "$1"
  else
    # the address comes by stdin: it may hold a token
    eval "$3" && printf '%s\n' "$1" | WGETRC=$tp_config wget -nv -i - -O "$5"
  fi
}
