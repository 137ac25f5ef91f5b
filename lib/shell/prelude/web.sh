# Requests to web servers, with what a host has. What is asked stands in variables that the script sets:
#   tp_q_url       the address
#   tp_q_out       where the body of the answer is written, '' for a temporary file
#   tp_q_file      the path of an address file://, else ''
#   tp_q_given     where the controller made the request: its head's file; then tp_q_body is the answer's body
#   tp_q_curl      a file for curl -K: nothing of the request is an argument, where ps shows it
#   tp_q_second    the one for after a redirect that keeps the request; '' where curl follows by itself
#   tp_q_bare      the one for after any other redirect; tp_q_moved is the method that 301 keeps, '' where it is implied
#   tp_q_wget      a file for WGETRC of GNU wget
#   tp_q_plain     a file with the request as it goes over the wire, '' where it cannot go so; tp_q_host, tp_q_port
#   tp_q_body      a file with the body; an empty one is sent where tp_q_post is not ''
#   tp_q_seconds   how long a plain request may take
#   tp_q_follow    not '' when redirects are to be followed, by the controller where what is there cannot
#   tp_q_login     not '' when it holds a login or a cookie: wget would give it to the server of a redirect too
#   tp_q_only      not '' when only curl can make it
#   tp_q_kerberos  not '' when curl must have GSSAPI
#   tp_q_simple    not '' when busybox's wget can make it: a GET over plain http with nothing to hide
#   tp_q_inflate   not '' when an answer in gzip is unpacked
# shellcheck disable=SC2154,SC2034,SC2016 # set by scripts and core.sh; texts in single quotes are for bash and perl

# tp_web: makes the request. Sets tp_tool (curl wget busybox plain file controller), tp_head and tp_out (files with the head
# and the body of the answer), tp_status (of HTTP, '' without one), tp_address (where redirects led) and tp_took (seconds).
# An answer like 404 is no failure. Prints nothing but errors.
tp_web() {
  tp_head=$(tp_temp) && tp_out=${tp_q_out:-$(tp_temp)} && (umask 077 && : >"$tp_out") || return
  tp_address=$tp_q_url tp_begin=$(date +%s)
  if [ -n "$tp_q_file" ]; then tp_tool=file && cat -- "$tp_q_file" >"$tp_out"
  elif [ -n "$tp_q_given" ]; then tp_tool=controller && cat -- "$tp_q_given" >"$tp_head" && cat -- "$tp_q_body" >"$tp_out"
  elif tp_has curl; then tp_web_curl
  elif [ -z "$tp_q_only" ] && tp_has wget && wget --version 2>/dev/null | grep -q GNU; then tp_web_wget
  elif [ -n "$tp_q_simple" ] && tp_has wget; then tp_tool=busybox && wget -q -O "$tp_out" -- "$tp_q_url"
  elif [ -z "$tp_q_only" ] && [ -n "$tp_q_plain" ]; then tp_web_plain
  else tp_web_relay
  fi || return
  tp_status=$(sed -n 's/^HTTP[^ ]* \([0-9][0-9]*\).*/\1/p' "$tp_head" | tail -n 1)
  tp_took=$(($(date +%s) - tp_begin))
  [ -z "$tp_q_inflate" ] || tp_web_inflate
}

# tp_web_relay: asks the controller to make the request through the connection to this host. Prints that on stderr.
tp_web_relay() {
  echo 'tplay: relay' >&2
  return 97
}

# tp_web_curl: the request by curl.
tp_web_curl() {
  tp_tool=curl
  [ -z "$tp_q_kerberos" ] || curl --version | grep -q -e GSS-API -e SPNEGO ||
    tp_error "the curl of this host was built without GSSAPI: install one that has it" || return
  if [ -z "$tp_q_second" ]; then
    tp_web_curl_with "$tp_q_curl" '%{url_effective}' && tp_address=$tp_said
    return
  fi
  tp_web_curl_with "$tp_q_curl" '%{http_code} %{redirect_url}' || return
  tp_code=${tp_said%% *} tp_said=${tp_said#* }
  [ -n "$tp_said" ] || return 0
  # -o and -D write anew: what the second request brings is the answer
  tp_config=$(tp_temp) || return
  case $tp_code in
    307 | 308) tp_then=$tp_q_second ;;
    *) tp_then=$tp_q_bare tp_q_post='' tp_q_body=/dev/null ;;
  esac
  if [ "$(tp_origin "$tp_said")" = "$(tp_origin "$tp_q_url")" ]; then cat -- "$tp_then"
  else grep -vi -e '^header = "\(authorization\|cookie\):' -e '^user = ' "$tp_then" # a login is for the server it was given for
  fi >"$tp_config"
  if [ "$tp_code" = 301 ] && [ -n "$tp_q_moved" ]; then printf 'request = "%s"\n' "$tp_q_moved" >>"$tp_config"; fi
  printf 'url = "%s"\n' "$(printf '%s\n' "$tp_said" | sed 's/[\\"]/\\&/g')" >>"$tp_config"
  tp_web_curl_with "$tp_config" '%{url_effective}' && tp_address=$tp_said
}

# tp_origin URL: prints scheme, host and port of an address.
tp_origin() { printf '%s\n' "$1" | sed 's|^\([a-z]*://[^/?#]*\).*|\1|; s|//.*@|//|'; }

# tp_web_curl_with CONFIG FORMAT: one run of curl; sets tp_said to what it writes out.
tp_web_curl_with() {
  tp_config_now=$1 tp_format=$2
  set --
  if [ -s "$tp_q_body" ]; then set -- --data-binary "@$tp_q_body"
  elif [ -n "$tp_q_post" ]; then set -- --data ''
  fi
  tp_said=$(curl -K "$tp_config_now" "$@" -D "$tp_head" -o "$tp_out" -w "$tp_format") || return
  # of HEAD curl writes the head there too
  ! grep -qx head "$tp_config_now" || : >"$tp_out"
}

# tp_web_wget: the request by GNU wget. The address comes by stdin: it may hold a token.
tp_web_wget() {
  tp_tool=wget
  set --
  [ ! -s "$tp_q_body" ] || set -- "--body-file=$tp_q_body"
  printf '%s\n' "$tp_q_url" | WGETRC=$tp_q_wget wget -nv -S --no-hsts --content-on-error --save-headers -O "$tp_out" "$@" -i - 2>"$tp_head"
  tp_status=$?
  tp_said=$(sed -n 's/^.* URL: \{0,1\}\(http[^ ]*\) .*/\1/p' "$tp_head" | tail -n 1)
  tp_address=${tp_said:-$tp_q_url}
  # a redirect that is not followed leaves its head in the log only
  [ -s "$tp_out" ] || sed -n 's/^  \([A-Za-z]\)/\1/p' "$tp_head" >"$tp_out"
  # a status like 404 is an answer too
  if [ -s "$tp_out" ] || [ "$tp_status" = 0 ]; then tp_status=0; else cat -- "$tp_head" >&2; fi
  : >"$tp_head"
  [ "$tp_status" = 0 ] || return "$tp_status"
  tp_web_split && { [ -z "$tp_q_second$tp_q_login" ] || tp_web_moved; }
}

# tp_web_moved: after an answer to a request that cannot follow by itself: the controller does where it redirects.
tp_web_moved() {
  [ -z "$tp_q_follow" ] || ! grep -q '^HTTP[^ ]* 30[12378]' "$tp_head" || tp_web_relay
}

# tp_web_plain: the request over a connection of its own, without TLS.
tp_web_plain() {
  tp_tool=plain
  tp_connector
  case $tp_by in
    bash) tp_within "$tp_q_seconds" bash -c 'exec 3<>"/dev/tcp/$0/$1" || exit 1; cat -- "$2" >&3; cat <&3' "$tp_q_host" "$tp_q_port" "$tp_q_plain" ;;
    nc | busybox) tp_within "$tp_q_seconds" nc "$tp_q_host" "$tp_q_port" <"$tp_q_plain" ;;
    perl) tp_within "$tp_q_seconds" perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(PeerAddr => shift, PeerPort => shift) or die "$@\n"; local $/; print $s <STDIN>; print while <$s>' "$tp_q_host" "$tp_q_port" <"$tp_q_plain" ;;
    *) tp_web_relay ;;
  esac >"$tp_out" && tp_web_split && tp_web_moved
}

# tp_web_split: moves the head of an answer of HTTP from tp_out to tp_head.
tp_web_split() {
  case $(head -c 5 "$tp_out" | tr -d '\000') in HTTP/) ;; *) return 0 ;; esac
  tp_cr=$(printf '\r')
  tp_n=$(sed -n "/^$tp_cr*\$/{=;q;}" "$tp_out")
  [ -n "$tp_n" ] || { cat -- "$tp_out" >"$tp_head" && : >"$tp_out"; return; }
  tp_rest=$(tp_temp) && sed "${tp_n}q" "$tp_out" >"$tp_head" && tail -n "+$((tp_n + 1))" "$tp_out" >"$tp_rest" && mv -f -- "$tp_rest" "$tp_out"
}

# tp_web_inflate: unpacks tp_out when the head says that it is gzip.
tp_web_inflate() {
  [ -s "$tp_out" ] || return 0
  awk '/^HTTP\// { gzip = 0 } tolower($0) ~ /^content-encoding:[ \t]*(x-)?gzip/ { gzip = 1 } END { exit !gzip }' "$tp_head" || return 0
  tp_rest=$(tp_temp) && gzip -dc <"$tp_out" >"$tp_rest" && mv -f -- "$tp_rest" "$tp_out" ||
    tp_error "the answer could not be unpacked: it says that it is gzip"
}

# tp_web_reason: prints the status line of the answer without its version.
tp_web_reason() { sed -n 's/^HTTP[^ ]* //p' "$tp_head" | tail -n 1 | tr -d '\r'; }

# tp_web_name: sets tp_name to the file name that the answer gives itself (Content-Disposition), '' without one.
tp_web_name() {
  tp_name=$(sed -n 's/^[Cc]ontent-[Dd]isposition:.*filename="\{0,1\}\([^";]*\).*/\1/p' "$tp_head" | tail -n 1 | tr -d '\r')
  tp_name=${tp_name##*/}
  case $tp_name in . | ..) tp_name= ;; esac
}

# tp_web_answer SHOW: prints "TOOL HEAD STATE SECONDS URL" (HEAD and STATE are sizes), the head, tp_state, and the body
# (of a file that was stored only when SHOW is not '' or it is JSON).
tp_web_answer() {
  printf '%s %s %s %s %s\n' "$tp_tool" "$(wc -c <"$tp_head")" "$(printf %s "$tp_state" | wc -c)" "$tp_took" "$tp_address"
  cat -- "$tp_head"
  printf %s "$tp_state"
  if [ -z "$tp_state" ] || [ -n "$1" ] || grep -qi '^content-type:.*json' "$tp_head"; then cat -- "$tp_out"; fi
  rm -f -- "$tp_head" "$tp_out"
}

# tp_sum_listed FILE NAME: sets tp_listed to the checksum that a list of sums has for a file; a list of one word is of it.
tp_sum_listed() {
  tp_listed=$(awk -v name="$2" '
    { sub(/\r$/, "") }
    NF == 1 { words++; only = $1 }
    NF > 1 { file = $0; sub(/^[^ \t]+[ \t]+/, "", file); sub(/^\*/, "", file); sub(/^\.\//, "", file); if (file == name) found = $1; words += 2 }
    END { if (found != "") print found; else if (words == 1) print only }' "$1")
  [ -n "$tp_listed" ] || tp_error "the list of checksums has none of $2"
}
