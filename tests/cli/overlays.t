#!/usr/bin/perl
# overlays/ of this repository, and `cleat render CHART -k DIR`: a chart and a kustomization in one pass.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Test::More;

chdir $repository;
my $kubectl = reference('kubectl');
my ($out, $err, $code);
for my $overlay (qw(overlays/base overlays/dev overlays/prod), glob 'overlays/packages/*/*') {
	($out, $err, $code) = run("cleat build $overlay");
	is($code, 0, "$overlay builds") or diag($err);
	SKIP: {
		skip 'kubectl is not there (tests/compat/fetch.sh brings it)', 1 unless $kubectl;
		ok($out eq (run("'$kubectl' kustomize $overlay"))[0], 'as kubectl builds it');
	}
	next if $overlay =~ /packages/;
	ok($out eq (run("cleat render flts . -k $overlay"))[0], 'and so with the chart rendered on the way');
}
($out, $err, $code) = run('cleat render flts . -f values/prod.yaml -k overlays/prod');
like($out, qr/kind: PodDisruptionBudget/, 'an overlay over other values: what it adds');
like($out, qr/kind: SeldonRuntime/, 'and what the values add');
ok(!-l 'overlays/base/chart.yaml' && -l 'tests/golden/default.yaml', 'the default golden file is the base of the overlays');

my $dir = folder(
	'chart/Chart.yaml' => "apiVersion: v2\nname: t\nversion: 1.0.0\n",
	'chart/templates/a.yaml' => "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: {{ .Release.Name }}}\n",
	'base/kustomization.yaml' => "resources: [chart.yaml, other.yaml]\n",
	'base/other.yaml' => "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n",
	'over/kustomization.yaml' => "namePrefix: p-\nresources: [../base]\n",
	'none/kustomization.yaml' => "resources: [../base/other.yaml]\n",
	'loop/kustomization.yaml' => "resources: [../loop, chart.yaml]\n",
	'out/kustomization.yaml' => "resources: [chart.yaml, link.yaml]\n",
	'secret.yaml' => "apiVersion: v1\nkind: Secret\nmetadata: {name: outside}\n");
symlink '../secret.yaml', "$dir/out/link.yaml" or die;
chdir $dir;
($out, $err, $code) = run('cleat render rel chart -k over');
is($code, 0, 'chart.yaml need not be there');
is($out, "apiVersion: v1\ndata:\n  x: rel\nkind: ConfigMap\nmetadata:\n  name: p-a\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: p-other\n",
	'the chart is a resource of the base');
spew('base/chart.yaml', "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: stale}\n");
unlike((run('cleat render rel chart -k over'))[0], qr/stale/, 'what lies there is not what is built');
is((run('cd over && cleat render rel ../chart -k .'))[0], $out, 'from anywhere');
is((run("cd / && cleat render rel $dir/chart -k $dir/over"))[0], $out, 'by absolute paths');
for my $bad (['none', qr/names chart\.yaml among its resources/], ['loop', qr/cycle/], ['out', qr/link\.yaml/], ['nope', qr/there is no kustomization at nope/],
	['over --output-dir x', qr/can't be used/]) {
	($out, $err, $code) = run("cleat render rel chart -k $bad->[0]");
	is($code, 1, "-k $bad->[0] fails");
	like($err, $bad->[1], 'with a reason');
	is($out, '', 'and prints nothing');
}
($out, $err, $code) = run('cleat diff chart chart; cleat render rel chart -k over | cleat diff --release rel - base');
like($out, qr/p-a/, 'what comes out can be compared');
chdir '/';
done_testing();
