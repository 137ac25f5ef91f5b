# tarspatch: gives the tarsnodes what the web has put into the folder of uploads. Its line:
#   get APPLICATION/SERVER/FILE    "file " and its bytes in hex

sub answer {
    my ($line) = @_;
    my ($path) = $line =~ m{^get ((?:\w[\w.-]*/){2}\w[\w.-]*)$} or return 'error: unknown command';
    my $file = "$CONF{'tars/uploadDirectory'}/$path";
    open my $handle, '<:raw', $file or return "error: cannot read $file: $!";
    return 'file ' . unpack 'H*', do { local $/; <$handle> };
}

run(command => \&answer);
