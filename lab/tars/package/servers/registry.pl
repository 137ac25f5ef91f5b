# tarsregistry: writes what the tarsnodes tell it into db_tars. Its lines (the sample's own; the real one speaks Tars):
#   keepalive NODE PORT DATADIR VERSION   "ok"
#   servers NODE                          "servers A B C": those the database wants active on the node
#   state NODE SERVER PID                 "ok"; PID 0 is a dead one

sub answer {
    my ($line) = @_;
    my ($verb, @words) = split ' ', $line;
    my $reply = eval {
        if    ($verb eq 'keepalive' && @words == 4) { keepalive(@words) }
        elsif ($verb eq 'servers'   && @words == 1) { servers(@words) }
        elsif ($verb eq 'state'     && @words == 3) { present(@words) }
        else                                        { 'error: unknown command' }
    };
    chomp(my $why = $@);
    note("ERROR $why") if $why;
    return $reply // "error: $why";
}

sub keepalive {
    my ($node, $port, $data, $version) = @_;
    my ($name, $object) = map { Tars::MySQL::quote($_) } $node, "tars.tarsnode.ServerObj\@tcp -h $node -p $port -t 60000";
    ($data, $version) = map { Tars::MySQL::quote($_) } $data, $version;
    $port = int $port;
    sql("INSERT INTO t_node_info (node_name, node_obj, endpoint_ip, endpoint_port, data_dir, last_reg_time, last_heartbeat,"
        . " setting_state, present_state, tars_version) VALUES ($name, $object, $name, $port, $data, NOW(), NOW(), 'active', 'active', $version)"
        . " ON DUPLICATE KEY UPDATE last_heartbeat = NOW(), setting_state = 'active', present_state = 'active', tars_version = $version");
    return 'ok';
}

sub servers {
    my ($node) = @_;
    my @rows = sql('SELECT server_name FROM t_server_conf WHERE application = \'tars\' AND setting_state = \'active\' AND node_name = '
        . Tars::MySQL::quote($node) . ' ORDER BY server_name');
    return join ' ', 'servers', map { $_->[0] } @rows;
}

sub present {
    my ($node, $server, $pid) = @_;
    ($node, $server) = map { Tars::MySQL::quote($_) } $node, $server;
    my $present = $pid ? 'active' : 'inactive';
    sql("UPDATE t_server_conf SET present_state = '$present', process_id = " . int($pid)
        . " WHERE application = 'tars' AND node_name = $node AND server_name = $server");
    return 'ok';
}

sub beat {
    my $own = $CONF{'tars/application/server/localip'};
    present($own, $NAME, $$);
    sql("UPDATE t_registry_info SET last_heartbeat = NOW(), present_state = 'active' WHERE servant LIKE 'tars.tarsregistry.%'"
        . ' AND locator_id LIKE ' . Tars::MySQL::quote("$own:%"));
    # As the real one (nodeTimeout = 250): a dead node looks alive for minutes.
    sql("UPDATE t_node_info SET present_state = 'inactive' WHERE last_heartbeat < NOW() - INTERVAL 250 SECOND");
}

run(command => \&answer, tick => \&beat);
