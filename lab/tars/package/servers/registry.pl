# tarsregistry: writes what the tarsnodes tell it into db_tars. Its lines (the sample's own; the real one speaks Tars):
#   keepalive NODE PORT DATADIR VERSION   "ok"
#   servers NODE                          "servers A B C": those the database wants active on the node
#   state NODE SERVER PID                 "ok"; PID 0 is a dead one
#   find SERVANT                          "endpoints HOST:PORT ...": those that run first
#   conf NODE SERVER                      "conf TEXT": what its templates and adapters make, \n for an end of line

sub answer {
    my ($line) = @_;
    my ($verb, @words) = split ' ', $line;
    my $reply = eval {
        if    ($verb eq 'keepalive' && @words == 4) { keepalive(@words) }
        elsif ($verb eq 'servers'   && @words == 1) { servers(@words) }
        elsif ($verb eq 'state'     && @words == 3) { present(@words) }
        elsif ($verb eq 'find'      && @words == 1) { endpoints(@words) }
        elsif ($verb eq 'conf'      && @words == 2) { conf(@words) }
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

sub endpoints {
    my $servant = Tars::MySQL::quote($_[0]);
    my @rows = sql("SELECT a.endpoint FROM t_adapter_conf a JOIN t_server_conf s USING (application, server_name, node_name)"
        . " WHERE a.servant = $servant AND s.setting_state = 'active' ORDER BY s.present_state <> 'active', a.node_name");
    return join ' ', 'endpoints', map { join ':', address($_->[0]) } @rows;
}

# A server's template with all its parents, then its own profile, then its adapters: the later wins.
sub conf {
    my ($node, $server) = @_;
    my $where = "application = 'tars' AND server_name = " . Tars::MySQL::quote($server) . ' AND node_name = ' . Tars::MySQL::quote($node);
    my ($row) = sql("SELECT template_name, profile FROM t_server_conf WHERE $where");
    die "$server is not deployed on $node\n" if !$row;
    my ($name, $profile, %seen) = @$row;
    my @texts = ($profile // '');
    while (!$seen{$name}++) {
        my ($template) = sql('SELECT parents_name, profile FROM t_profile_template WHERE template_name = ' . Tars::MySQL::quote($name));
        die "the template $name is missing\n" if !$template;
        unshift @texts, $template->[1];
        $name = $template->[0];
    }
    my %value = map { parse_conf("a template of $server", split /\n/, $_) } @texts;
    my @adapters = sql("SELECT adapter_name, endpoint, servant, max_connections, queuecap, queuetimeout, thread_num FROM t_adapter_conf WHERE $where");
    for my $adapter (@adapters) {
        my ($own, %part) = shift @$adapter;
        @part{qw(endpoint servant maxconns queuecap queuetimeout threads)} = @$adapter;
        $value{"tars/application/server/$own/$_"} = $part{$_} for keys %part;
    }
    (my $text = conf_text(%value)) =~ s/\n/\\n/g;
    return "conf $text";
}

# The flat hash of a conf as its text.
sub conf_text {
    my (%value) = @_;
    my ($text, @open) = ('');
    my $close = sub { my $last = pop @open; $text .= ' ' x (2 * @open) . "</$last>\n" };
    for my $path (sort keys %value) {
        my @sections = split m{/}, $path;
        my $key = pop @sections;
        $close->() while @open && join('/', @open, '') ne substr join('/', @sections, ''), 0, length join '/', @open, '';
        for my $section (@sections[@open .. $#sections]) {
            $text .= ' ' x (2 * @open) . "<$section>\n";
            push @open, $section;
        }
        $text .= ' ' x (2 * @open) . "$key=$value{$path}\n";
    }
    $close->() while @open;
    return $text;
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
