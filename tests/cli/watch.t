#!/usr/bin/perl
# `cleat watch`: says what changed when a file changes, and nothing else.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Test::More;

my $dir = folder(
	'Chart.yaml' => "apiVersion: v2\nname: t\nversion: 1.0.0\n",
	'values.yaml' => "replicas: 1\nimage: app:1.0\n",
	'templates/app.yaml' => "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec:\n  replicas: {{ .Values.replicas }}\n"
		. "  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      containers:\n"
		. "        - name: c\n          image: {{ .Values.image }}\n");
chdir $dir;

# Waits until the file matches, ten seconds at most: the machine may be busy.
sub wait_for
{
	my ($file, $pattern) = @_;
	for (1 .. 500) {
		my $text = -e $file ? slurp($file) : '';
		return $text if $text =~ $pattern;
		select undef, undef, undef, 0.02;
	}
	return slurp($file);
}

my $pid = fork // die;
if (!$pid) {
	open STDOUT, '>', 'out' or die;
	open STDERR, '>', 'err' or die;
	exec 'cleat', 'watch', '.', '--runs', '5' or exit 127;
}
like(wait_for('out', qr/watching/), qr/^1 resource, \d+ findings?; watching \d+ folders$/, 'the first render is counted');
spew('values.yaml', "replicas: 3\nimage: app:1.0\n");
like(wait_for('out', qr/differ/), qr/^Deployment\/app spec\.replicas: 1 -> 3\n    from values\.yaml:1 replicas, templates\/app\.yaml:5$/m,
	'a change of a value shows, with its line');
mkdir 'templates/more' or die;
spew('templates/bad.yaml', "{{ nope }}\n");
like(wait_for('err', qr/nope/), qr/^Error: .*function "nope" not defined/, 'a template that does not parse is told');
unlink 'templates/bad.yaml';
spew('templates/more/service.yaml', "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n");
my $out = wait_for('out', qr/Service/);
like($out, qr/^Service\/s: added$/m, 'and so is what a new folder brings');
is(() = $out =~ /spec\.replicas/g, 1, 'what has not changed again is not told again');
kill 'TERM', $pid;
waitpid $pid, 0;

my ($o, $e, $code) = run('cleat watch --runs 1 --no-lint');
is($o, "2 resources; watching 3 folders\n", '--runs 1 --no-lint');
is($code, 0, 'ends with 0');
is((run('cleat watch nope'))[2], 2, 'nothing there: 2');
is((run('cleat watch a b'))[2], 2, 'two charts: 2');
is((run('cleat watch --runs x'))[2], 2, '--runs wants a number');
mkdir 'k' or die;
spew('k/kustomization.yaml', "resources: [a.yaml]\n");
spew('k/a.yaml', "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
($o, $e, $code) = run('cleat watch k --runs 1');
like($o, qr/^1 resource,/, 'a kustomization');

# A folder that goes and comes back, as when a branch without it is looked at; files put in place by renaming.
chdir '..';
my $place = folder('c/Chart.yaml' => "apiVersion: v2\nname: t\nversion: 1.0.0\n", 'c/values.yaml' => "a: 1\n", 'v/more.yaml' => "b: 1\n",
	'c/templates/a.yaml' => "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: '{{ .Values.a }}', b: '{{ .Values.b }}'}\n");
chdir $place;
$pid = fork // die;
if (!$pid) {
	open STDOUT, '>', 'out' or die;
	open STDERR, '>', 'err' or die;
	$SIG{INT} = 'DEFAULT'; # a test run in the background has it ignored
	exec 'cleat', 'watch', 'c', '-f', 'v/more.yaml', '--no-lint' or exit 127;
}
wait_for('out', qr/watching/);
spew('v/more.new', "b: 2\n");
rename 'v/more.new', 'v/more.yaml' or die;
like(wait_for('out', qr/data\.b/), qr/^ConfigMap\/x data\.b: 1 -> 2$/m, 'a values file elsewhere, renamed into its place');
rename 'c', 'away' or die;
like(wait_for('err', qr/nothing at c/), qr/^Error: .*nothing at c/, 'a folder that goes');
spew('away/values.yaml', "a: 5\n");
rename 'away', 'c' or die;
like(wait_for('out', qr/data\.a/), qr/^ConfigMap\/x data\.a: 1 -> 5$/m, 'and comes back');
kill 'INT', $pid;
waitpid $pid, 0;
is($? & 127, 2, 'an interrupt ends it');
chdir '/';
done_testing();
