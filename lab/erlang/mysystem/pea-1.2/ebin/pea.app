{application, pea,
 [{description, "Counts what it is asked"},
  {vsn, "1.2"},
  {modules, [pea, pea_app]},
  {registered, [pea]},
  {applications, [kernel, stdlib, sasl]},
  {env, [{greeting, "none"}]},
  {mod, {pea_app, []}}]}.
