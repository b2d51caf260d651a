#!/usr/bin/perl
# Every command of README.md, in a copy of this repository: as someone who has read nothing else types them.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Docs;
use Test::More;

my $dir   = checkout();
my $built = -x "$repository/build/cleat" && -d "$repository/build/obj";
mkdir "$dir/build";
if ($built) { run("cp -a '$repository/build/obj' '$repository/build/cleat' '$repository/build/libcleat.a' '$dir/build/'") }
else { symlink $cleat, "$dir/build/cleat" }

run_page("$repository/README.md", $dir, sub {
	my ($command, $want) = @_;
	# These tests are part of `make test`: that it can be made is all that is looked at here.
	$$command =~ s/make test/make -n test/;
	return 'build/ is not built' if $$command =~ /make/ && !$built;
	$$want = 'any' if $$command =~ /^build\/cleat (lint|diff)/; # findings and differences are an answer, too
	return undef;
});

SKIP: {
	skip 'build/ is not built', 2 unless $built;
	my ($out, $err, $code) = run("cd '$dir' && make -s render");
	is($out, slurp("$repository/overlays/base/chart.yaml"), '`make -s render` prints the manifests and nothing else');
	($out, $err, $code) = run("cd '$dir' && ./setup.sh && make help");
	my %there = map { /^(\S+)/ ? ($1 => 1) : () } split /\n/, $out;
	is_deeply([grep { !$there{$_} } qw(render test install golden compat fuzz bench man docs deb static)], [], 'make help lists what can be made');
}

my ($text) = slurp("$repository/README.md");
my ($help) = run('cleat --help');
my %commands = map { /^  (\w+) / ? ($1 => 1) : () } split /\n/, $help;
$commands{template} = $commands{kustomize} = 1;
my @unknown = grep { !$commands{$_} } $text =~ /build\/cleat (\w+)/g;
is_deeply(\@unknown, [], 'every command it names is one');
($text) = run("cd '$dir' && cleat render nope; cleat render flts . --set a=b -f nope.yaml");
is($text, '', 'a render that fails prints not one byte on standard output');
is((run("cd '$dir' && cleat render -f values/external-backend.yaml >/dev/null"))[2], 0, 'exit code 0: done');
is((run("cd '$dir' && cleat render --nope"))[2], 2, 'exit code 2: called wrongly');
done_testing();
