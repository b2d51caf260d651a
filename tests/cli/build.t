#!/usr/bin/env perl
# `cleat build` and files that are none: a pipe never ends the build by never beginning.
use strict;
use warnings;
use FindBin;
use POSIX qw(mkfifo);
use lib $FindBin::Bin;
use Cli;
use Test::More;

my $dir = folder('kustomization.yaml' => "resources: [pipe]\n");
mkfifo("$dir/pipe", 0600) or die "mkfifo: $!\n";
local $SIG{ALRM} = sub { die "cleat waits for a pipe\n" };
alarm 30;
my ($out, $err, $code) = run("cleat build $dir");
is($code, 1, 'a pipe among the resources is refused');
like($err, qr/accumulating resources from 'pipe': '\Q$dir\E\/pipe' is no regular file/, 'by name');
is($out, '', 'and nothing is printed');
done_testing;
