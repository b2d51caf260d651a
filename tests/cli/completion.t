#!/usr/bin/perl
# Completions: what is offered where, and that the shells' scripts ask for it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Test::More;

chdir $repository;

# What is offered for these words, the last being typed.
sub offered
{
	my @words = map { "'$_'" } @_;
	my ($out) = run("cleat completion words @words");
	return join ' ', map { /^([^\t]*)/ } split /\n/, $out;
}

like(offered(''), qr/^render build why lint golden diff watch package .*functions krm completion man$/, 'commands');
is(offered('gol'), 'golden', 'by their beginning');
like(offered('lint', '--'), qr/^--output --fail-on --only .*--values .*--set /, 'options');
is(offered('lint', '--base'), '--baseline', 'by their beginning');
like(offered('lint', '--only', 'wait-'), qr/^wait-on-missing-service wait-on-wrong-port/, 'rules');
like(offered('lint', '--explain', ''), qr/latest-tag|plaintext/, 'all of them');
is(offered('lint', '-o', 'j'), 'json junit', "an option's formats, by its letter");
is(offered('diff', '--output', ''), 'text json markdown', 'and by its name');
is(offered('lint', '--color=', ), 'auto always never', 'behind an equals sign');
is(offered('lint', '--fail-on', 'w'), 'warning', 'severities');
is(offered('render', 'flts', '.', '--set', 'kafka.en'), 'kafka.enabled=', 'values of the chart at hand');
is(offered('render', '--set=kafka.en'), 'kafka.enabled=', 'with an equals sign');
is(offered('render', '--set', '=', 'kafka.en'), 'kafka.enabled=', 'which bash makes three words of');
is(offered('why', '--value', 'externalBackend.en'), 'externalBackend.enabled', 'paths of values');
is(offered('why', 'Deployment/train-'), 'Deployment/train-gru Deployment/train-lstm', 'resources of the chart at hand');
is(offered('why', 'Deployment/train-gru', 'spec.rep'), 'spec.replicas', 'paths into a resource');
is(offered('golden', '--only', 'd'), 'default dev', 'golden renders');
is(offered('functions', 'nind'), 'nindent', 'functions');
is(offered('package', 'seldon'), 'seldon-system/production seldon-system/staging', 'packages');
is(offered('render', '-f', ''), ':files', 'files');
is(offered('render', '-k', ''), ':dirs', 'folders');
is(offered('nope', ''), '', 'nothing for what is no command');
is(offered('lint', '--only', 'nothing-like-it'), '', 'nothing that does not match');
my $chart = folder('c/Chart.yaml' => "apiVersion: v2\nname: c\nversion: 1.0.0\n", 'c/values.yaml' => "deep: {er: {x: 1, z: []}}\nempty: {}\n");
chdir $chart;
is(offered('render', 'x', 'c', '--set', ''), 'deep.er.x= deep.er.z= empty=', "another chart's values");
is(offered('why', ''), '', 'no chart, no resources');
chdir $repository;
is(offered('completion', ''), 'bash zsh fish', 'shells');
is(offered('man', 'li'), 'lint', 'manual pages');
is((run('cleat completion tcsh'))[2], 2, 'another shell is refused');

SKIP: {
	skip 'bash is not there', 3 unless find_program('bash');
	my $try = 'try() { COMP_WORDS=(cleat "$@"); COMP_CWORD=$#; COMPREPLY=(); _cleat 2>/dev/null; echo "${COMPREPLY[*]}"; }';
	my ($out, $err) = run("bash -c 'source <(cleat completion bash); $try; try wat; try render --set kafka.en; try lint -f values.s'");
	is($out, "watch\nkafka.enabled=\nvalues.schema.json\n", 'bash');
	is($err, '', 'without a word');
	like((run("bash -c 'source <(cleat completion bash); complete -p cleat'"))[0], qr/-F _cleat cleat/, 'bash knows it');
}
SKIP: {
	skip 'fish is not there', 1 unless find_program('fish');
	my ($out) = run(q(HOME=/nonexistent fish -N -c 'cleat completion fish | source; complete -C "cleat wat"; complete -C "cleat lint --only wait-on-w"'));
	like($out, qr/^watch\t.*\nwait-on-wrong-port\t/, 'fish');
}
SKIP: {
	skip 'zsh is not there', 2 unless find_program('zsh');
	my $dump = folder();
	my ($out) = run("zsh -f -c 'autoload -U compinit; compinit -u -d $dump/z; source <(cleat completion zsh); echo \${_comps[cleat]}'");
	is($out, "_cleat\n", 'zsh');
	spew("$dump/try", q(autoload -U compinit; compinit -u -d $1/z; source <(cleat completion zsh)
_describe() { print -rl -- "${(@P)2}" }
_files() { print files $* }
try() { words=(cleat "$@"); CURRENT=$#words; _cleat }
try wat; try lint --only wait-on-w; try render --set kafka.en; try lint -f v; try render -k o
));
	is((run("zsh -f $dump/try $dump"))[0], "watch:render and lint again when a file changes, show what changed\nwait-on-wrong-port:"
		. "a wait for a port that the service does not have\nkafka.enabled=:bool\nfiles\nfiles -/\n", 'what it offers there');
}
done_testing();
