# tarsAdminRegistry: has the tarsnodes do what the web orders, and writes down what came of it. Its lines:
#   patch NODE SERVER FILE MD5 ID USER          gives the server FILE, upload number ID, and starts it
#   start|stop|restart|undeploy NODE SERVER
# Each is answered with "ok TEXT" or "error: WHY".

sub answer {
    my ($line) = @_;
    my ($verb, @words) = split ' ', $line;
    my $reply = eval {
        if    ($verb eq 'patch' && @words == 6)                                { publish(@words) }
        elsif ($verb =~ /^(?:start|stop|restart|undeploy)$/ && @words == 2) { change($verb, @words) }
        else                                                                { 'error: unknown command' }
    };
    chomp(my $why = $@);
    note("ERROR $line: $why") if $why;
    return $reply // "error: $why";
}

sub row_of {
    my ($node, $server) = map { Tars::MySQL::quote($_) } @_;
    return "application = 'tars' AND node_name = $node AND server_name = $server";
}

sub tell_node {
    my ($node, $line) = @_;
    my ($row) = sql('SELECT endpoint_ip, endpoint_port FROM t_node_info WHERE node_name = ' . Tars::MySQL::quote($node));
    die "no tarsnode has registered as $node\n" if !$row;
    return order("tarsnode", @$row, $line);
}

# Before the node is told: it starts again whatever shall be active.
sub wanted {
    my ($state, $node, $server) = @_;
    sql("UPDATE t_server_conf SET setting_state = '$state' WHERE " . row_of($node, $server));
}

sub publish {
    my ($node, $server, $file, $md5, $id, $user) = @_;
    wanted('active', $node, $server);
    my $answer = tell_node($node, "patch $server $file $md5");
    ($id, $user) = map { Tars::MySQL::quote($_) } $id, $user;
    sql("UPDATE t_server_conf SET patch_version = $id, patch_time = NOW(), patch_user = $user WHERE " . row_of($node, $server));
    return $answer;
}

sub change {
    my ($verb, $node, $server) = @_;
    wanted($verb =~ /start/ ? 'active' : 'inactive', $node, $server);
    my $answer = tell_node($node, "$verb $server");
    if ($verb eq 'undeploy') {
        sql("DELETE FROM $_ WHERE " . row_of($node, $server)) for qw(t_adapter_conf t_server_conf);
    }
    return $answer;
}

run(command => \&answer, slow => qr/^(?:patch|start|stop|restart|undeploy) /);
