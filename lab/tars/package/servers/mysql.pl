# The smallest MySQL client that logs in and runs a query. perl-base has neither DBI nor Digest::SHA, so both
# the protocol and SHA-1 are written here. Only mysql_native_password: what Tars' own old client can do.
package Tars::MySQL;
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_RCVTIMEO);

# (host, port, user, password, name) by name; dies with the server's own message.
sub connect {
    my ($class, %db) = @_;
    my $where = "database $db{name} at $db{host}:$db{port}";
    my $socket = IO::Socket::INET->new(PeerAddr => $db{host}, PeerPort => $db{port}, Timeout => 5)
        or die "cannot reach the $where: $@\n";
    setsockopt $socket, SOL_SOCKET, SO_RCVTIMEO, pack 'l!l!', 5, 0;
    my $self = bless { socket => $socket, sequence => 0, where => $where }, $class;
    my $hello = $self->receive;
    my (undef, undef, undef, $salt, undef, undef, undef, undef, undef, $rest) = unpack 'C Z* V a8 x v C v v C x10 a*', $hello;
    # long password, connect with a database, protocol 4.1, transactions, secure connection, plugin auth
    my $capabilities = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000;
    my $token = token($db{password}, $salt . substr $rest, 0, 12);
    $self->send(pack 'V V C x23 Z* C/a* Z* Z*', $capabilities, 1 << 24, 33, $db{user}, $token, $db{name}, 'mysql_native_password');
    my $reply = $self->receive;
    if (ord $reply == 0xfe) {
        my ($plugin, $again) = unpack 'x Z* a20', $reply;
        die "the $where wants $plugin; Tars can only do mysql_native_password\n" if $plugin ne 'mysql_native_password';
        $self->send(token($db{password}, $again));
        $self->receive;
    }
    return $self;
}

# Runs one statement: its rows as a list of array references, none for a statement without a result.
sub query {
    my ($self, $sql) = @_;
    $self->{sequence} = 0;
    $self->send("\x03$sql");
    my $columns = ord $self->receive;
    return if $columns == 0;
    $self->receive for 1 .. $columns + 1;
    my @rows;
    while (1) {
        my $packet = $self->receive;
        return @rows if ord $packet == 0xfe && length $packet < 9;
        push @rows, [fields($packet)];
    }
}

sub fields {
    my ($packet) = @_;
    my @values;
    while (length $packet) {
        my $length = ord substr $packet, 0, 1, '';
        if ($length == 0xfb) { push @values, undef; next }
        $length = unpack 'v', substr $packet, 0, 2, '' if $length == 0xfc;
        push @values, substr $packet, 0, $length, '';
    }
    return @values;
}

sub send {
    my ($self, $body) = @_;
    my $head = pack('V', length $body | $self->{sequence}++ << 24);
    syswrite $self->{socket}, $head . $body;
}

sub receive {
    my ($self) = @_;
    my $head = unpack 'V', $self->bytes(4);
    $self->{sequence} = ($head >> 24) + 1;
    my $body = $self->bytes($head & 0xffffff);
    die "the $self->{where} says: " . substr($body, 9) . "\n" if ord $body == 0xff;
    return $body;
}

sub bytes {
    my ($self, $count) = @_;
    my $data = '';
    while (length $data < $count) {
        sysread $self->{socket}, $data, $count - length $data, length $data
            or die "the $self->{where} hung up or did not answer in 5 s\n";
    }
    return $data;
}

# 'text' as an SQL string.
sub quote {
    my ($text) = @_;
    $text =~ s/([\\'])/\\$1/g;
    return "'$text'";
}

sub token {
    my ($password, $salt) = @_;
    return '' if $password eq '';
    my $once = sha1($password);
    return $once ^ sha1($salt . sha1($once));
}

sub sha1 {
    my ($text) = @_;
    my @h = (0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
    my $bits = 8 * length $text;
    $text .= "\x80" . "\0" x ((55 - length $text) % 64) . pack 'Q>', $bits;
    for my $block (unpack '(a64)*', $text) {
        my @w = unpack 'N16', $block;
        push @w, rotate($w[-3] ^ $w[-8] ^ $w[-14] ^ $w[-16], 1) while @w < 80;
        my ($a, $b, $c, $d, $e) = @h;
        for my $t (0 .. 79) {
            my ($f, $k) = $t < 20 ? (($b & $c) | (~$b & $d), 0x5a827999)
                : $t < 40 ? ($b ^ $c ^ $d, 0x6ed9eba1)
                : $t < 60 ? (($b & $c) | ($b & $d) | ($c & $d), 0x8f1bbcdc)
                :           ($b ^ $c ^ $d, 0xca62c1d6);
            my $next = (rotate($a, 5) + ($f & 0xffffffff) + $e + $k + $w[$t]) & 0xffffffff;
            ($a, $b, $c, $d, $e) = ($next, $a, rotate($b, 30), $c, $d);
        }
        my @add = ($a, $b, $c, $d, $e);
        $h[$_] = ($h[$_] + $add[$_]) & 0xffffffff for 0 .. 4;
    }
    return pack 'N5', @h;
}

sub rotate { return (($_[0] << $_[1]) | ($_[0] >> (32 - $_[1]))) & 0xffffffff }
