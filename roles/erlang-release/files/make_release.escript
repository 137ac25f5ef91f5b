#!/usr/bin/env escript
%%! -noinput
%% Makes the package of a release on the build host.
%%   escript make_release.escript look|make SOURCES WORK NAME VERSION [FROM ...] [-- restart_emulator ...]
%% SOURCES holds NAME.rel, sys.config or sys.config.src where there is one, and the applications, each in a folder like
%% pea-1.0 (or pea) with ebin/pea.app; what has src/*.erl is compiled. FROM are names of earlier .rel files there, from which
%% and to which a relup shall lead. The package is WORK/NAME.tar.gz. look prints `made` or `due`.

main([What, Sources, Work, Name, Version | Rest]) ->
    {Froms, Options} = lists:splitwith(fun(W) -> W =/= "--" end, Rest),
    Job = #{sources => Sources, work => Work, name => Name, version => Version, froms => Froms,
            options => [list_to_atom(O) || O <- Options, O =/= "--"]},
    try
        case What of
            "look" -> look(Job);
            "make" -> make(Job)
        end
    catch
        throw:{fault, Text} ->
            io:format(standard_error, "~ts~n", [Text]),
            halt(1)
    end.

look(Job) ->
    Stamp = file:read_file(stamp_file(Job)),
    case filelib:is_regular(package(Job)) andalso Stamp =:= {ok, stamp(Job)} of
        true -> io:format("made~n");
        false -> io:format("due~n")
    end.

make(#{sources := Sources, work := Work, name := Name, froms := Froms} = Job) ->
    Stamp = stamp(Job),
    Dir = filename:join(Work, Name ++ ".making"),
    _ = file:del_dir_r(Dir),
    ok = filelib:ensure_dir(filename:join(Dir, "x")),
    Rels = [{N, rel(Sources, N)} || N <- [Name | Froms]],
    version(Job, Rels),
    Ebins = [{N, ebins(Job, Dir, N, Rel)} || {N, Rel} <- Rels],
    {Name, New} = hd(Ebins),
    Old = lists:append([E || {_, E} <- tl(Ebins)]),
    ok = code:add_pathsa(New),
    ok = code:add_pathsa([filename:join(code:lib_dir(sasl), "examples/ebin")]),
    [copy(filename:join(Sources, F), filename:join(Dir, F)) || F <- [N ++ ".rel" || {N, _} <- Rels] ++ configs(Sources)],
    ok = file:set_cwd(Dir),
    relup(Job, Old),
    case catch target_system:create(Name) of
        ok -> ok;
        E -> fault("target_system:create(~ts): ~tp", [Name, E])
    end,
    _ = file:delete(stamp_file(Job)),
    renamed(filename:join(Dir, Name ++ ".tar.gz"), package(Job)),
    ok = file:write_file(stamp_file(Job) ++ ".new", Stamp),
    renamed(stamp_file(Job) ++ ".new", stamp_file(Job)),
    ok = file:set_cwd(Work),
    _ = file:del_dir_r(Dir),
    ok.

%% The rules that a .rel must keep: else systools says so much later, or nobody does.
version(#{name := Name, version := Version}, [{Name, {_, {_, Version}, {erts, Erts}, Apps}} | _]) ->
    case erlang:system_info(version) of
        Erts -> ok;
        Mine -> fault("~ts.rel is for ERTS ~ts, and this host has ~ts: its emulator is what the package gets", [Name, Erts, Mine])
    end,
    case lists:member(sasl, [element(1, A) || A <- Apps]) of
        true -> ok;
        false -> fault("~ts.rel has no sasl: such a release can never be upgraded; add {sasl,\"~ts\"}", [Name, vsn(sasl)])
    end;
version(#{name := Name, version := Version}, [{_, {_, {_, Other}, _, _}} | _]) ->
    fault("~ts.rel is version ~ts, and erlang_version says ~ts", [Name, Other, Version]).

rel(Sources, Name) ->
    File = filename:join(Sources, Name ++ ".rel"),
    case file:consult(File) of
        {ok, [{release, {_, _}, {erts, _}, Apps} = Rel]} when is_list(Apps) -> Rel;
        {ok, _} -> fault("~ts is no release: it must be {release, {Name, Vsn}, {erts, Vsn}, Applications}.", [File]);
        {error, E} -> fault("~ts: ~ts", [File, file:format_error(E)])
    end.

%% Where the applications of a release are that are not Erlang's own; compiled beside, so that the sources stay as they are.
ebins(Job, Dir, Name, {_, _, _, Apps}) ->
    Found = [{A, ebin(Job, Dir, element(1, A), element(2, A))} || A <- Apps],
    case [A || {A, none} <- Found] of
        [] -> [E || {_, E} <- Found, E =/= own];
        Lacking ->
            fault("~ts.rel names what is not here:~ts", [Name,
                [io_lib:format(" ~s ~ts~ts", [element(1, A), element(2, A), has(vsn(element(1, A)))]) || A <- Lacking]])
    end.

has(none) -> "";
has(V) -> [" (there is ", V, ")"].

ebin(#{sources := Sources}, Dir, App, Vsn) ->
    Folders = [filename:join(Sources, D) || D <- [lists:concat([App, "-", Vsn]), atom_to_list(App)]],
    case [F || F <- Folders, vsn_in(filename:join(F, "ebin"), App) =:= Vsn] of
        [Folder | _] -> compiled(Folder, filename:join([Dir, "lib", lists:concat([App, "-", Vsn])]));
        [] -> case vsn(App) of Vsn -> own; _ -> none end
    end.

compiled(Folder, To) ->
    Ebin = filename:join(To, "ebin"),
    ok = filelib:ensure_dir(filename:join(Ebin, "x")),
    [copy(F, filename:join(Ebin, filename:basename(F))) || F <- filelib:wildcard(filename:join(Folder, "ebin/*"))],
    priv(filename:join(Folder, "priv"), filename:join(To, "priv")),
    [compile_one(F, Folder, Ebin) || F <- filelib:wildcard(filename:join(Folder, "src/*.erl"))],
    Ebin.

compile_one(File, Folder, Ebin) ->
    case compile:file(File, [debug_info, return_errors, {outdir, Ebin}, {i, filename:join(Folder, "include")}]) of
        {ok, _} -> ok;
        {error, Errors, _} ->
            fault("~ts", [[io_lib:format("~ts:~w: ~ts~n", [F, L, M:format_error(E)]) || {F, Es} <- Errors, {L, M, E} <- Es]])
    end.

priv(From, To) ->
    [begin
         Rest = lists:nthtail(length(From) + 1, F),
         ok = filelib:ensure_dir(filename:join(To, Rest)),
         copy(F, filename:join(To, Rest))
     end || F <- filelib:wildcard(filename:join(From, "**")), filelib:is_regular(F)].

relup(#{froms := []}, _) -> ok;
relup(#{name := Name, froms := Froms, options := Options}, Old) ->
    Path = [{path, Old}, silent] ++ Options,
    case systools:make_relup(Name, Froms, Froms, Path) of
        {ok, _, _, _} -> ok;
        {error, M, E} -> fault("no relup from ~ts to ~ts: ~ts", [lists:join(" ", Froms), Name, M:format_error(E)])
    end.

configs(Sources) ->
    [F || F <- ["sys.config", "sys.config.src"], filelib:is_regular(filename:join(Sources, F))].

vsn(App) ->
    case code:lib_dir(App) of
        {error, _} -> none;
        Dir -> vsn_in(filename:join(Dir, "ebin"), App)
    end.

vsn_in(Ebin, App) ->
    case file:consult(filename:join(Ebin, atom_to_list(App) ++ ".app")) of
        {ok, [{application, App, Keys}]} -> proplists:get_value(vsn, Keys, none);
        _ -> none
    end.

%% All that the package is made of: the files, the emulator, what was asked for.
stamp(#{sources := Sources, name := Name, version := Version, froms := Froms, options := Options}) ->
    Files = [F || F <- filelib:wildcard(filename:join(Sources, "**")), filelib:is_regular(F)],
    Sums = [{F, erlang:md5(element(2, {ok, _} = file:read_file(F)))} || F <- lists:sort(Files)],
    Self = element(2, {ok, _} = file:read_file(escript:script_name())),
    Wish = {Sums, Self, erlang:system_info(otp_release), erlang:system_info(version), Name, Version, Froms, Options},
    iolist_to_binary([io_lib:format("~2.16.0b", [B]) || <<B>> <= erlang:md5(term_to_binary(Wish))]).

stamp_file(#{work := Work, name := Name}) -> filename:join(Work, Name ++ ".made-of").

package(#{work := Work, name := Name}) -> filename:join(Work, Name ++ ".tar.gz").

copy(From, To) -> {ok, _} = file:copy(From, To).

renamed(From, To) -> ok = file:rename(From, To).

-spec fault(string(), [term()]) -> no_return().
fault(Format, Values) -> throw({fault, io_lib:format(Format, Values)}).
