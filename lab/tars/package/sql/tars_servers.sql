# Servers of every framework host, master or slave.
# A unique key (application, server_name, node_name[, adapter_name]) and "replace into": running this twice leaves as
# many rows as once, but forgets what was changed in them since, states and published versions too.

@SERVERS@
