# tarsnode: tells the registry that this node lives, and starts its servers again when they die.

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

sub conf_of { return "$HOME/tarsnode/data/tars.$_[0]/conf/tars.$_[0].config.conf" }

# Once for each server in the life of a tarsnode, as the real one does: a file deleted later stays missing.
sub write_conf {
    my ($server) = @_;
    my $installed = "$HOME/$server/conf/tars.$server.config.conf";
    return if $written{$server} || !-f $installed;
    open my $handle, '<', $installed or return note("ERROR cannot read $installed: $!");
    my $text = do { local $/; <$handle> };
    make_path("$HOME/tarsnode/data/tars.$server/conf");
    write_file(conf_of($server), $text);
    $written{$server} = 1;
}

# The process of a server by its pid file, 0 when the pid is dead or another program's.
sub pid_of {
    my ($server) = @_;
    open my $handle, '<', "$HOME/$server/data/$server.pid" or return 0;
    chomp(my $pid = <$handle> // '');
    open my $cmdline, '<', "/proc/$pid/cmdline" or return 0;
    my $line = <$cmdline> // '';
    return index($line, "$HOME/$server/bin/$server") == 0 ? $pid : 0;
}

sub revive {
    my ($server) = @_;
    my $conf = conf_of($server);
    return note("ERROR $server is dead and $conf is missing: cannot start it") if !-f $conf;
    note("starting $server again");
    my $child = fork // return note("ERROR cannot fork: $!");
    return if $child;
    open STDERR, '>&', $LOG;
    exec "$HOME/$server/bin/$server", "--config=$conf" or POSIX::_exit(127);
}

sub look_around {
    my (undef, $port) = address($CONF{'tars/application/server/ServerAdapter/endpoint'});
    my (undef, $servers) = ask_registry("keepalive $NODE $port $HOME/tarsnode/data $RELEASE", "servers $NODE");
    if (defined $servers && $servers =~ /^servers\b(.*)/) {
        %listed = map { $_ => 1 } grep { /^\w+$/ && $_ ne $NAME } split ' ', $1;
        write_conf($_) for sort keys %listed;
    }
    my %started = map { m{/(\w+)\.pid$} ? ($1 => 1) : () } glob "$HOME/*/data/*.pid";
    delete $started{$NAME};
    my @states;
    for my $server (sort keys %{ { %listed, %started } }) {
        next if !-x "$HOME/$server/bin/$server";
        my $pid = pid_of($server);
        push @states, "state $NODE $server $pid";
        revive($server) if !$pid;
    }
    ask_registry(@states) if @states;
}

sub begin {
    ($NODE) = map { /^--nodeid=(.+)/ ? $1 : () } @ARGV;
    return if !defined $NODE;
    fail("--nodeid=$NODE: the node's id must be the host's own address") if $NODE =~ /^127\.|^localip/;
}

begin();
$SIG{CHLD} = 'IGNORE';
run(tick => sub {
    my $server = 'tars/application/server';
    $NODE //= $CONF{"$server/localip"};
    ($HOME //= $CONF{"$server/basepath"}) =~ s{/tarsnode/bin/?$}{};
    look_around();
});
