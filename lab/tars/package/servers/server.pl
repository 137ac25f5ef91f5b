# What every server of the sample does: read the conf, refuse a half-made one, log in to the database, listen,
# become a daemon, answer. The constants $NAME, $RELEASE, $DATABASE, $FIRST_SQL, $SEGMENTS come before this text.
package main;
use strict;
use warnings;
use File::Path qw(make_path);
use IO::Select;
use IO::Socket::INET;
use POSIX qw(setsid strftime);

our ($NAME, $RELEASE, $DATABASE, $FIRST_SQL, $SEGMENTS);
my @MEMORY;
our (%OPTION, %CONF, %DB, $LOG);
my $PLACEHOLDER = qr/TARS_PATH|UPLOAD_PATH|localip\.tars\.com|registry\.tars\.com|registryAddress|db\.tars\.com/;

sub read_conf {
    my ($file) = @_;
    open my $handle, '<', $file or fail("cannot read $file: $!");
    my %value = eval { parse_conf($file, <$handle>) };
    chomp(my $why = $@);
    fail($why) if $why;
    return %value;
}

# A conf as a flat hash: tars/application/server/local => "tcp -h 127.0.0.1 -p 12307 -t 3000".
sub parse_conf {
    my ($file, @lines) = @_;
    my (@path, %value, $number);
    for my $line (@lines) {
        $number++;
        $line =~ s/^\s+|\s+$//g;
        next if $line eq '' || $line =~ /^#/;
        die "$file:$number: the placeholder $1 was not replaced\n" if $line =~ /($PLACEHOLDER)/;
        if ($line =~ m{^</(\S+)>$}) {
            die "$file:$number: </$1> closes nothing\n" if !@path || pop @path ne $1;
        }
        elsif ($line =~ m{^<(\S+)>$}) { push @path, $1 }
        else {
            my ($key, $text) = split /\s*=\s*/, $line, 2;
            $value{join '/', @path, $key} = $text // '';
        }
    }
    die "$file: <$path[-1]> is not closed\n" if @path;
    return %value;
}

sub fail {
    my ($message) = @_;
    print {*STDERR} "$NAME: $message\n";
    note("ERROR $message");
    POSIX::_exit($OPTION{monitor} ? 255 : 1);
}

sub note {
    my ($message) = @_;
    print {$LOG} strftime('%Y-%m-%d %H:%M:%S', localtime), "|$$|$message\n" if $LOG;
}

# "tcp -h A -p P -t 60000" as (A, P).
sub address {
    my ($endpoint) = @_;
    my ($host) = $endpoint =~ /-h\s+(\S+)/;
    my ($port) = $endpoint =~ /-p\s+(\d+)/;
    fail("not an endpoint: $endpoint") if !defined $host || !defined $port;
    return ($host, $port);
}

sub listen_on {
    my ($endpoint) = @_;
    my ($host, $port) = address($endpoint);
    return IO::Socket::INET->new(LocalAddr => $host, LocalPort => $port, Listen => 64, ReuseAddr => 1)
        // fail("cannot listen on $host:$port: $@");
}

# Sends lines to a server of this package; its banner and as many lines of answer, or nothing within the seconds.
sub talk {
    my ($host, $port, $seconds, @lines) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Timeout => $seconds) or return;
    syswrite $socket, join '', map { "$_\n" } @lines;
    my ($answer, $until) = ('', time + $seconds);
    while (($answer =~ tr/\n//) <= @lines) {
        my $left = $until - time;
        return if $left <= 0 || !IO::Select->new($socket)->can_read($left);
        sysread $socket, $answer, 4096, length $answer or return;
    }
    return split /\n/, $answer;
}

# One statement on a connection of its own: a database that was away is found again by the next one.
sub sql {
    my ($statement) = @_;
    return Tars::MySQL->connect(%DB)->query($statement);
}

sub use_database {
    my %part = map { $_ => $CONF{"tars/$DATABASE/db$_"} // fail("the conf has no tars/$DATABASE/db$_") } qw(host name user pass port);
    %DB = (host => $part{host}, port => $part{port}, user => $part{user}, password => $part{pass}, name => $part{name});
    eval { sql($FIRST_SQL); 1 } or do { chomp(my $why = $@); fail($why) };
    # As the real tarsproperty and tarsstat: shared memory that nobody removes.
    for my $number (1 .. $SEGMENTS) {
        my $key = unpack 'V', Tars::MySQL::sha1("$CONF{'tars/application/server/datapath'}/$number");
        push @MEMORY, shmget($key & 0x7fffffff, 64 << 20, 01666) // do { note("no shared memory: $!"); () };
    }
}

# Once it is a daemon: the real one has it attached, here the system at least knows who used it last.
sub use_memory { shmread($_, my $byte, 0, 1) for @MEMORY }

# Every socket of the server: the adapters on the host's own address, the admin object on 127.0.0.1.
sub open_sockets {
    my @adapters = map { $CONF{$_} } grep { m{^tars/application/server/[^/]+/endpoint$} } sort keys %CONF;
    fail('the conf has no adapter') if !@adapters;
    for my $endpoint (@adapters) {
        my ($host) = address($endpoint);
        fail("$endpoint: the address must be the host's own, not 127.0.0.1") if $host =~ /^(?:127\.|localhost$)/;
    }
    return map { listen_on($_) } @adapters, $CONF{'tars/application/server/local'};
}

sub daemonise {
    my (@keep) = @_;
    my $program = $0;
    for my $round (1, 2) {
        my $child = fork // fail("cannot fork: $!");
        POSIX::_exit(0) if $child;
        setsid() if $round == 1;
    }
    chdir '/';
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    open STDERR, '>', '/dev/null';
    # What was inherited (an ssh channel, say) would never see its end.
    my %keep = map { fileno($_) => 1 } @keep, $LOG;
    opendir my $open, '/proc/self/fd';
    my @descriptors = grep { /^\d+$/ && $_ > 2 && !$keep{$_} && $_ != fileno $open } readdir $open;
    closedir $open;
    POSIX::close($_) for @descriptors;
    # ps, and everything that looks for the server by its command line, must see what it sees of the real binary.
    $0 = "$program @ARGV";
    if (open my $comm, '>', "/proc/$$/comm") { print {$comm} $NAME; close $comm }
}

# Runs a command line's words: what it says, its status in $?. Only where no other child is waited for.
sub output_of {
    open my $run, '-|', @_ or die "cannot run $_[0]: $!\n";
    my $text = do { local $/; <$run> } // '';
    close $run;
    chomp $text;
    return $text;
}

# What a server of the package answers to one line; dies when it is not well.
sub order {
    my ($what, $host, $port, $line) = @_;
    my (undef, $answer) = talk($host, $port, 60, $line);
    die "$what at $host:$port does not answer\n" if !defined $answer;
    die "$what says: $1\n" if $answer =~ /^error:? ?(.*)/;
    return $answer;
}

sub write_file {
    my ($file, $text) = @_;
    open my $handle, '>', $file or fail("cannot write $file: $!");
    print {$handle} $text;
    close $handle or fail("cannot write $file: $!");
}

# Answers a line: at once, or what may take its time in a process of its own, so that the server stays alive.
sub answer_line {
    my ($part, $socket, $line, @others) = @_;
    my $reply = $part->{command} // sub { 'ok' };
    return syswrite $socket, $reply->($line) . "\n" if !$part->{slow} || $line !~ $part->{slow};
    my $child = fork // return syswrite $socket, "error: cannot fork: $!\n";
    return if $child;
    close $_ for grep { $_ != $socket } @others;
    $SIG{CHLD} = 'DEFAULT';
    syswrite $socket, $reply->($line) . "\n";
    POSIX::_exit(0);
}

sub serve {
    my ($part, @listeners) = @_;
    my $tick = $part->{tick} // sub { };
    my ($select, %listener, %buffer, $next) = (IO::Select->new(@listeners), (map { $_ => 1 } @listeners));
    $next = 0;
    while (1) {
        if (time >= $next) {
            eval { $tick->(); 1 } or do { chomp(my $why = $@); note("ERROR $why") };
            $next = time + 5;
        }
        for my $socket ($select->can_read(1)) {
            if ($listener{$socket}) {
                my $client = $socket->accept or next;
                syswrite $client, "$NAME $RELEASE\n";
                $select->add($client);
            }
            elsif (sysread $socket, my $data, 4096) {
                $buffer{$socket} .= $data;
                answer_line($part, $socket, $1, $select->handles) while $buffer{$socket} =~ s/^([^\r\n]*)\r?\n//;
            }
            else { delete $buffer{$socket}; $select->remove($socket); close $socket }
        }
    }
}

# command: what a line on a port is answered with; slow: the lines that take their time; tick: what is done every 5 s.
sub run {
    my (%part) = @_;
    %OPTION = map { /^--([^=]+)(?:=(.*))?$/s ? ($1 => $2 // 1) : () } @ARGV;
    if ($OPTION{version}) { print "TARS:$RELEASE\n"; exit 0 }
    %CONF = read_conf($OPTION{config} // fail("which conf? $NAME --config=FILE"));
    if ($OPTION{monitor}) {
        my ($banner) = talk(address($CONF{'tars/application/server/local'}), 5);
        exit(defined $banner && $banner =~ /^\Q$NAME\E / ? 0 : 255);
    }
    my $server = 'tars/application/server';
    my ($logs, $data) = ("$CONF{qq{$server/logpath}}/tars/$NAME", $CONF{"$server/datapath"});
    make_path($logs, $data, grep { defined } @CONF{qw(tars/directory tars/uploadDirectory)});
    open $LOG, '>>', "$logs/tars.$NAME.log" or fail("cannot write $logs/tars.$NAME.log: $!");
    $LOG->autoflush(1);
    use_database() if $DATABASE;
    my @listeners = open_sockets();
    daemonise(@listeners);
    use_memory();
    $SIG{PIPE} = 'IGNORE';
    $SIG{CHLD} = 'IGNORE';
    write_file("$data/$NAME.pid", "$$\n");
    note("started $RELEASE with $OPTION{config}");
    serve(\%part, @listeners);
}
