#!/usr/bin/perl
# Manifests that were made to take time or memory without end: cleat lint and cleat graph answer them as any other, or with
# one error that has a place.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Test::More;

# Commands that follow every part of a manifest.
my @commands = ('lint', 'lint -o sarif', 'graph', 'graph -o svg');

sub is_refused {
	my ($manifest, $message, $name) = @_;
	my $dir = folder('m.yaml' => $manifest);
	for my $command (@commands) {
		my ($out, $err, $code) = run("cd '$dir' && cleat $command m.yaml");
		is_deeply([$err, $code], ["Error: $message\n", 2], "$name: $command");
	}
}

subtest 'aliases' => sub {
	my @levels = map { my $below = $_ - 1; "  a$_: &a$_ [" . join(', ', ("*a$below") x 10) . "]\n" } 1 .. 9;
	for my $object ("apiVersion: apps/v1\nkind: Deployment", "apiVersion: example.com/v1\nkind: Anything") {
		my $bomb = "$object\nmetadata: {name: a}\nspec:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n@{[join '', @levels]}";
		is_refused($bomb, 'm.yaml:8:27: yaml: document contains excessive aliasing', 'each standing for ten of the next');
	}
	is_refused("apiVersion: example.com/v1\nkind: Anything\nmetadata: {name: a}\nspec: &a {b: [*a, *a]}\n",
		'm.yaml:4:15: yaml: anchor \'a\' value contains itself', 'one that stands for itself');
};

sub pod_with_env {
	my @env = map { "    - {name: $_->[0], value: '$_->[1]'}\n" } @_;
	return "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: main\n    image: app:1\n    env:\n" . join("", @env);
}

subtest 'variables of many variables' => sub {
	for my $first ('http://db:80 ', '') {
		my $dir = folder('m.yaml' => pod_with_env(['V0', $first], map { ["V$_", "\$(V@{[$_ - 1]})" x 20] } 1 .. 30));
		my ($out, $err, $code) = run("cd '$dir' && cleat lint m.yaml --fail-on never");
		is_deeply([$err, $code], ['', 0], 'each twenty times the one before');
	}
};

done_testing();
