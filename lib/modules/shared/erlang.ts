import { type Sh, sh } from '../../module.ts';

/** A node of a target system, as erl_call finds it. */
export interface Node {
  readonly root: string;
  readonly node: string;
  /** Folder that holds .erlang.cookie; erl_call reads it there, so that the cookie is no argument. */
  readonly home: string;
  readonly epmd_port?: number | undefined;
}

/** A text as a string of Erlang. */
export function erlangString(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** What must come before all that asks the node. */
export function at({ root, node, home, epmd_port }: Node): Sh {
  return sh`tp_erl_at ${[root, node, home, epmd_port ?? '']} || exit`;
}

/** Rs: all releases with what they are; P: the permanent one; R: the one that runs; V: the one asked for. */
const KNOWN = `Of = fun(S0) -> case [X || {X, S} <- Rs, S =:= S0] of [X | _] -> X; [] -> "" end end,
P = Of(permanent),
R = case Of(current) of "" -> P; C -> C end`;

/** What each key of the state is, as an expression over them that gives a string. */
const KEYS: Readonly<Record<string, string>> = {
  unpacked: 'atom_to_list(lists:keymember(V, 1, Rs))',
  running: 'R',
  permanent: 'P',
  releases: 'lists:join(",", [[X, ":", atom_to_list(S)] || {X, S} <- Rs])',
  in_the_way: 'Way',
  answers: '"true"',
};

/** The state asked of a node that runs. */
export function lookForm(root: string, version: string, want: readonly string[]): string {
  return `V = ${erlangString(version)},
Rs = [{X, S} || {_, X, _, S} <- release_handler:which_releases()],
${KNOWN},
${way(root)},
${lines(want)}.`;
}

/** The state of a node that is stopped: what would start, by its files. */
export function fileForm(root: string, version: string, want: readonly string[]): string {
  return `V = ${erlangString(version)},
Rs = case file:consult(${erlangString(`${root}/releases/RELEASES`)}) of
  {ok, [L]} -> [{element(3, X), element(6, X)} || X <- L];
  {error, E} -> io:format("~s: ~s", [${erlangString(`${root}/releases/RELEASES`)}, file:format_error(E)]), halt(1)
end,
${KNOWN},
io:put_chars(${lines(want.map(key => (['running', 'in_the_way'].includes(key) ? `${key}=` : key)))}), halt(0).`.replaceAll(
    'answers=true',
    'answers=false',
  );
}

function lines(want: readonly string[]): string {
  const parts = want.map(key =>
    key.endsWith('=') ? `"${key}"` : `["${key}=", ${key === 'answers' ? '"true"' : KEYS[key]}]`,
  );
  return `lists:flatten(lists:join("|", [${parts.join(', ')}]))`;
}

/** Way: why V cannot be installed now, empty when nothing is known against it. */
function way(root: string): string {
  return `${script(root)},
Config = filename:join([${erlangString(root)}, "releases", V, "sys.config"]),
Way = case {R =:= V, lists:keymember(V, 1, Rs), filelib:is_regular(Config), Script} of
  {true, _, _, _} -> "";
  {_, false, _, _} -> "";
  {_, _, false, _} -> [Config, " is not there: no node starts without one"];
  {_, _, _, none} -> ["no relup leads from ", R, " to ", V, ": build the newer one with the older one in erlang_upgrade_from"];
  {_, _, _, {_, _, Is}} -> case {${restarts('Is')}, whereis(heart)} of
    {true, undefined} -> ["the way from ", R, " to ", V, " restarts the emulator, and the node runs without heart"];
    _ -> ""
  end
end`;
}

/** Script: {From, Description, Instructions} of the relup that leads from R to V, or none. */
function script(root: string): string {
  return `Relup = fun(X) -> case file:consult(filename:join([${erlangString(root)}, "releases", X, "relup"])) of
  {ok, [{_, Ups, Downs}]} -> {Ups, Downs};
  _ -> {[], []} end end,
Script = case {lists:keyfind(R, 1, element(1, Relup(V))), lists:keyfind(V, 1, element(2, Relup(R)))} of
  {false, false} -> none;
  {false, Down} -> Down;
  {Up, _} -> Up
end`;
}

function restarts(instructions: string): string {
  return `lists:any(fun(I) -> lists:member(I, [restart_emulator, restart_new_emulator]) end, ${instructions})`;
}

/** Does the node know it: true or false. */
export function knowsForm(version: string): string {
  return `atom_to_list(lists:keymember(${erlangString(version)}, 2, release_handler:which_releases())).`;
}

/** A form that answers with ok, or why not. */
function answer(body: string): string {
  return `lists:flatten(case (${body}) of ok -> "ok"; {ok, T} -> ["ok ", T]; {error, T} -> io_lib:format("error ~0tp", [T]);
  {fault, T} -> ["error ", T] end).`;
}

/**
 * Unpacks the package. What an unpacking that was cut left goes first: release_handler keeps files that are there, whole
 * or not.
 */
export function unpackForm(root: string, version: string, archive: string): string {
  const rel = erlangString(`releases/${archive}.rel`);
  return `Root = ${erlangString(root)}, V = ${erlangString(version)},
Tar = filename:join([Root, "releases", ${erlangString(`${archive}.tar.gz`)}]),
Unpack = fun({release, {_, V1}, _, _}) when V1 =/= V -> {fault, [Tar, " holds ", V1, ", not ", V]};
  (Rel) ->
    Used = lists:append([Libs || {_, _, Libs, _} <- release_handler:which_releases()]),
    New = [lists:concat([element(1, A), "-", element(2, A)]) || A <- element(4, Rel)],
    [file:del_dir_r(filename:join([Root, "lib", N])) || N <- New, not lists:member(N, Used)],
    file:del_dir_r(filename:join([Root, "releases", V])),
    case release_handler:unpack_release(${erlangString(archive)}) of {ok, _} -> ok; E -> E end
end,
${answer(`case filelib:is_regular(Tar) of
  false -> {fault, [Tar, " is not there: copy the package first"]};
  true -> case erl_tar:extract(Tar, [memory, compressed, {files, [${rel}]}]) of
    {ok, [{_, Bin}]} ->
      {ok, Tokens, _} = erl_scan:string(binary_to_list(Bin)),
      {ok, Rel} = erl_parse:parse_term(Tokens),
      Unpack(Rel);
    {ok, []} -> {fault, [Tar, " holds no ", ${rel}, ": is it a release package of that name?"]};
    E -> E
  end
end`)}`;
}

/** Installs; answers with `ok PID hot`, or `ok PID restarts` when the emulator goes down then. PID is that of the old one. */
export function installForm(root: string, version: string): string {
  return `V = ${erlangString(version)},
Rs = [{X, S} || {_, X, _, S} <- release_handler:which_releases()],
${KNOWN},
${way(root)},
How = case Script of {_, _, Do} -> case ${restarts('Do')} of true -> " restarts"; false -> " hot" end; none -> " hot" end,
Pid = os:getpid(),
${answer(`case {R =:= V, lists:flatten(Way)} of
  {true, _} -> {ok, [Pid, " hot"]};
  {false, ""} -> case release_handler:check_install_release(V) of
    {ok, _, _} -> case release_handler:install_release(V) of
      {error, E} -> {error, E};
      _ -> {ok, [Pid, How]}
    end;
    {error, E} -> {error, E}
  end;
  {false, Fault} -> {fault, Fault}
end`)}`;
}

export function permanentForm(version: string): string {
  return answer(`release_handler:make_permanent(${erlangString(version)})`);
}

export function removeForm(version: string): string {
  return answer(`release_handler:remove_release(${erlangString(version)})`);
}

/** Which one runs now, and the process: `PID VERSION`. */
export function runningForm(): string {
  return `Rs = [{X, S} || {_, X, _, S} <- release_handler:which_releases()],
${KNOWN},
lists:flatten([os:getpid(), " ", R]).`;
}
