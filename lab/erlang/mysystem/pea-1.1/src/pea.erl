%% A server that counts: its state shows whether an upgrade kept the process.
-module(pea).
-behaviour(gen_server).
-export([start_link/0, count/0, version/0, well/0]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% One more than the last time.
count() -> gen_server:call(?MODULE, count).

%% The version of the code that runs.
version() -> gen_server:call(?MODULE, version).

well() -> gen_server:call(?MODULE, well).

init([]) -> {ok, {count, 0}}.

handle_call(count, _, {count, N}) -> {reply, N + 1, {count, N + 1}};
handle_call(version, _, S) -> {reply, "1.1", S};
handle_call(well, _, S) -> {reply, true, S}.

handle_cast(_, S) -> {noreply, S}.

%% up from 1.0, whose state is N alone; down to it
code_change({down, _}, {count, N}, _) -> {ok, N};
code_change(_, N, _) -> {ok, {count, N}}.
