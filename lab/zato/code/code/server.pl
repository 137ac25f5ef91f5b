# server.pl KIND PORT SYNC VERSION-FILE: answers /zato/ping, and /work with its version after a moment.
use strict;
use warnings;
use IO::Socket::INET;
use POSIX ();

my ($kind, $port, $sync, $file) = @ARGV;
open my $from, '<', $file or die "$file: $!\n";
my $version = <$from>;
close $from;
chomp $version;

# what a start has to read; --sync-internal spares most of it
select undef, undef, undef, $kind eq 'server' && $sync eq '' ? 4 : 1.5;

my $stopped = 0;
$SIG{TERM} = sub { $stopped = 1 };
$SIG{CHLD} = sub { 1 while waitpid(-1, POSIX::WNOHANG()) > 0 };
my $server = IO::Socket::INET->new(LocalPort => $port, Listen => 128, ReuseAddr => 1, Proto => 'tcp')
  or die "port $port: $!\n";

until ($stopped) {
  my $client = $server->accept or next;
  my $child = fork;
  if (!defined $child) { close $client; next }
  if ($child) { close $client; next }
  $SIG{TERM} = 'IGNORE';
  close $server;
  answer($client);
  POSIX::_exit(0);
}
close $server;
$SIG{CHLD} = 'DEFAULT';
1 while waitpid(-1, 0) > 0;

sub answer {
  my ($client) = @_;
  my $asked = <$client> // return;
  while (defined(my $line = <$client>)) { last if $line =~ /^\r?\n$/ }
  my ($status, $text) = ('404 Not Found', "not here\n");
  if ($asked =~ m{^GET /zato/ping }) { ($status, $text) = ('200 OK', "pong\n") }
  elsif ($asked =~ m{^GET /work }) {
    select undef, undef, undef, 0.05;
    ($status, $text) = ('200 OK', "$version $port\n");
  }
  my $length = length $text;
  print $client "HTTP/1.1 $status\r\nContent-Length: $length\r\nConnection: close\r\n\r\n$text";
  close $client;
}
