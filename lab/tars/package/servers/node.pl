# tarsnode: tells the registry that this node lives, starts its servers again when they die, and does what
# tarsAdminRegistry orders:
#   patch SERVER FILE MD5 | start SERVER | stop SERVER | restart SERVER | undeploy SERVER    "ok TEXT" or "error: WHY"

my ($NODE, $HOME, %written, %listed);

# The first registry of the locator that answers; nothing when none does.
sub ask_registry {
    my (@lines) = @_;
    my ($list) = $CONF{'tars/application/client/locator'} =~ /\@(.*)/;
    for my $endpoint (split /:/, $list // fail('the conf has no locator')) {
        my ($banner, @answers) = talk(address($endpoint), 1, @lines);
        next if !defined $banner || $banner !~ /^tarsregistry /;
        note("ERROR the registry says $_") for grep { /^error/ } @answers;
        return @answers;
    }
    note('ERROR no registry answers');
    return;
}

# Where a server lives: installed beside tarsnode, or below tarsnode's data when the web alone brought it.
sub data_of { return "$HOME/tarsnode/data/tars.$_[0]" }
sub conf_of { return data_of($_[0]) . "/conf/tars.$_[0].config.conf" }
sub home_of { my $conf = "$HOME/$_[0]/conf/tars.$_[0].config.conf"; return -f $conf ? "$HOME/$_[0]" : data_of($_[0]) }
sub program_of { return home_of($_[0]) . "/bin/$_[0]" }
sub pid_file { return home_of($_[0]) . "/data/$_[0].pid" }
# There while the server was stopped on purpose.
sub stopped { return data_of($_[0]) . '/stopped' }

# Once for each server that is listed, as the real one does: a file deleted later stays missing.
sub write_conf {
    my ($server) = @_;
    return if $written{$server};
    # what the web brought has its conf from the order that started it
    if (-f "$HOME/$server/conf/tars.$server.config.conf" || !-f conf_of($server)) {
        my $text = eval { conf_for($server) } // do { chomp(my $why = $@); return note("ERROR no conf for $server: $why") };
        make_path(data_of($server) . '/conf');
        write_file(conf_of($server), $text);
    }
    $written{$server} = 1;
}

# The installed conf; for what has none, what the registry makes of the templates.
sub conf_for {
    my ($server) = @_;
    my $installed = "$HOME/$server/conf/tars.$server.config.conf";
    if (open my $handle, '<', $installed) { local $/; return <$handle> }
    my ($answer) = ask_registry("conf $NODE $server");
    die "no registry answers\n" if !defined $answer;
    $answer =~ s/^conf // or die "$answer\n";
    my $data = data_of($server);
    my %fill = (
        enableset => 'n', setdivision => 'NULL', app => 'tars', server => $server, modulename => "tars.$server",
        locator => $CONF{'tars/application/client/locator'}, localip => $NODE,
        node => "tars.tarsnode.ServerObj\@$CONF{'tars/application/server/ServerAdapter/endpoint'}",
        local => 'tcp -h 127.0.0.1 -p ' . admin_port($server) . ' -t 3000',
        basepath => "$data/bin", datapath => "$data/data", logpath => $CONF{'tars/application/server/logpath'},
    );
    $answer =~ s/\\n/\n/g;
    $answer =~ s/\$\{(\w+)\}/$fill{$1} \/\/ die "the template has \${$1}, which nobody fills\n"/ge;
    return $answer;
}

# The one it has; a free one for a new server.
sub admin_port {
    my ($server) = @_;
    if (open my $handle, '<', conf_of($server)) {
        my ($port) = map { /^\s*local=.* -p (\d+)/ ? $1 : () } <$handle>;
        return $port if $port;
    }
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) // die "no free port: $@\n";
    return $socket->sockport;
}

# The process of a server by its pid file, 0 when the pid is dead or another program's.
sub pid_of {
    my ($server) = @_;
    open my $handle, '<', pid_file($server) or return 0;
    chomp(my $pid = <$handle> // '');
    open my $cmdline, '<', "/proc/$pid/cmdline" or return 0;
    my $line = <$cmdline> // '';
    return index($line, program_of($server)) == 0 ? $pid : 0;
}

sub revive {
    my ($server) = @_;
    my $conf = conf_of($server);
    return note("ERROR $server is dead and $conf is missing: cannot start it") if !-f $conf;
    note("starting $server again");
    my $child = fork // return note("ERROR cannot fork: $!");
    return if $child;
    open STDERR, '>&', $LOG;
    exec program_of($server), "--config=$conf" or POSIX::_exit(127);
}

sub look_around {
    my (undef, $port) = address($CONF{'tars/application/server/ServerAdapter/endpoint'});
    my (undef, $servers) = ask_registry("keepalive $NODE $port $HOME/tarsnode/data $RELEASE", "servers $NODE");
    if (defined $servers && $servers =~ /^servers\b(.*)/) {
        %listed = map { $_ => 1 } grep { /^\w+$/ && $_ ne $NAME } split ' ', $1;
        delete @written{grep { !$listed{$_} } keys %written};
        write_conf($_) for sort keys %listed;
        # the list may be older than an order to stop; later it means that the server shall run again
        unlink stopped($_) for grep { -e stopped($_) && time - (stat _)[9] > 30 } keys %listed;
    }
    my %known = map { m{/(\w+)\.pid$} ? ($1 => 1) : () } glob "$HOME/*/data/*.pid $HOME/tarsnode/data/tars.*/data/*.pid";
    $known{$_} = 1 for keys %listed, map { m{/tars\.(\w+)/stopped$} } glob "$HOME/tarsnode/data/tars.*/stopped";
    delete $known{$NAME};
    my @states;
    for my $server (sort keys %known) {
        next if !-x program_of($server);
        my $pid = pid_of($server);
        push @states, "state $NODE $server $pid";
        revive($server) if !$pid && !-e stopped($server);
    }
    ask_registry(@states) if @states;
}

# --- what is ordered, each in a process of its own

sub obey {
    my ($line) = @_;
    my ($verb, $server, @words) = split ' ', $line;
    return 'ok' if !defined $server || $server !~ /^\w+$/;
    my $reply = eval {
        if    ($verb eq 'patch' && @words == 2) { patch($server, @words) }
        elsif ($verb eq 'start')                { start($server) }
        elsif ($verb eq 'stop')                 { stop($server) }
        elsif ($verb eq 'restart')              { stop($server); start($server) }
        elsif ($verb eq 'undeploy')             { undeploy($server) }
        else                                    { 'error: unknown command' }
    };
    chomp(my $why = $@);
    note("ERROR $line: $why") if $why;
    note($line) if !$why;
    return $reply // "error: $why";
}

# tarspatch's file, with its checksum and the program in it looked at, takes the program's place by a rename.
sub patch {
    my ($server, $file, $md5) = @_;
    my ($found) = ask_registry('find tars.tarspatch.PatchObj');
    my ($host, $port) = ($found // '') =~ /^endpoints (\S+):(\d+)/ or die "no tarspatch is registered\n";
    order('tarspatch', $host, $port, "get tars/$server/$file") =~ /^file ([0-9a-f]*)$/ or die "tarspatch gave no file\n";
    my $dir = data_of('patch') . ".$$";
    make_path($dir);
    write_file("$dir/tgz", pack 'H*', $1);
    my $good = eval {
        my ($sum) = split ' ', output_of('md5sum', "$dir/tgz");
        die "the md5 of $file is $sum, not $md5\n" if $sum ne $md5;
        output_of('tar', '-xzf', "$dir/tgz", '-C', $dir, "$server/$server");
        die "$file holds no $server/$server\n" if $? || !-f "$dir/$server/$server";
        my $program = program_of($server);
        make_path(home_of($server) . '/bin');
        chmod 0755, "$dir/$server/$server";
        rename "$dir/$server/$server", $program or die "cannot put $program in its place: $!\n";
        1;
    };
    my $why = $@;
    File::Path::remove_tree($dir);
    die $why if !$good;
    stop($server);
    return start($server);
}

sub start {
    my ($server) = @_;
    my ($program, $conf) = (program_of($server), conf_of($server));
    die "$program is missing: publish it first\n" if !-x $program;
    unlink stopped($server);
    return "ok $server runs already" if pid_of($server);
    my $text = conf_for($server);
    make_path(data_of($server) . '/conf');
    write_file($conf, $text);
    my $said = output_of('/bin/sh', '-c', '"$0" "--config=$1" 2>&1', $program, $conf);
    # tarsnode itself may have been faster: what counts is that it answers
    for (1 .. 20) {
        return "ok $server runs" if system($program, '--monitor', "--config=$conf") == 0;
        last if $said ne '' && !pid_of($server);
        select undef, undef, undef, 0.5;
    }
    die "$server does not start: " . ($said =~ s/\n/; /gr || 'it does not answer') . "\n";
}

sub stop {
    my ($server) = @_;
    make_path(data_of($server));
    write_file(stopped($server), '');
    my $pid = pid_of($server) or return "ok $server does not run";
    kill 'KILL', $pid;
    for (1 .. 50) {
        return "ok $server is stopped" if !pid_of($server);
        select undef, undef, undef, 0.1;
    }
    die "$server (pid $pid) does not end\n";
}

# What was installed beside tarsnode stays.
sub undeploy {
    my ($server) = @_;
    stop($server);
    unlink pid_file($server);
    File::Path::remove_tree(data_of($server));
    return "ok $server is removed";
}

sub begin {
    ($NODE) = map { /^--nodeid=(.+)/ ? $1 : () } @ARGV;
    return if !defined $NODE;
    fail("--nodeid=$NODE: the node's id must be the host's own address") if $NODE =~ /^127\.|^localip/;
}

sub settle {
    my $server = 'tars/application/server';
    $NODE //= $CONF{"$server/localip"};
    ($HOME //= $CONF{"$server/basepath"}) =~ s{/tarsnode/bin/?$}{};
}

begin();
run(
    command => sub { settle(); obey(@_) },
    slow => qr/^(?:patch|start|stop|restart|undeploy) /,
    tick => sub { settle(); look_around() },
);
