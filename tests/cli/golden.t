#!/usr/bin/perl
# `cleat golden`: what renders as it should, what does not and why, and how it is taken over.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use JSON::PP;
use Test::More;

sub project
{
	my %more = @_;
	return folder(
		'Chart.yaml'  => "apiVersion: v2\nname: t\nversion: 1.0.0\n",
		'values.yaml' => "image: app:1\nreplicas: 1\npassword: hunter2hunter2\n",
		'prod.yaml'   => "replicas: 3\n",
		'templates/_helpers.tpl' => qq({{- define "image" -}}\nregistry/{{ .Values.image }}\n{{- end }}\n),
		'templates/app.yaml' => <<'END',
# a comment
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
        - name: main
          image: {{ include "image" . }}
END
		'templates/secret.yaml' =>
			qq(apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: {{ .Values.password }}\n),
		'.cleat.yaml' => "golden:\n  - {name: dev, file: golden/dev.yaml}\n"
			. "  - {name: prod, values: [prod.yaml], release: r, file: golden/prod.yaml}\n",
		%more);
}

my $dir = project();
chdir $dir;
my ($out, $err, $code) = run('cleat golden');
is($code, 1, 'a missing golden file is a difference');
like($out, qr/^dev: has no golden file yet$/m, 'and is told');
ok(!-e 'golden', 'nothing is written without --update');
($out, $err, $code) = run('cleat golden --update');
is($code, 0, '--update writes them');
is(slurp('golden/prod.yaml'), (run('cleat render r . -f prod.yaml'))[0], 'as cleat render prints them');
($out, $err, $code) = run('cleat golden');
is("$code $out", "0 2 as they should be, 0 different\n", 'then all are as they should be');

run("sed -i 's/app:1/app:2/' values.yaml");
($out, $err, $code) = run('cleat golden');
is($code, 1, 'a changed value is a difference');
like($out, qr/^  Deployment\/app spec\.template\.spec\.containers\[main\]\.image: registry\/app:1 -> registry\/app:2\n      from values\.yaml:1 image, templates\/_helpers\.tpl:2$/m,
	'named field by field, with the line of the values and of the template that made it');
like($out, qr/^0 as they should be, 2 different$/m, 'and counted');
like($err, qr/golden --update/, 'with what to do');
($out, $err, $code) = run('cleat golden --only prod');
like($out, qr/^0 as they should be, 1 different$/m, '--only looks at some');
unlike($out, qr/^dev/m, 'and at no others');
($out, $err, $code) = run('cleat golden --only pord');
is($code, 2, 'a name that is none is a wrong call');
like($err, qr/did you mean "prod"/, 'with the name that was meant');
($out, $err, $code) = run('cleat golden --output json --only prod');
my $json = decode_json($out);
is("$json->[0]{name} $json->[0]{state}", 'prod different', '-o json gives a list');
is($json->[0]{changes}[0]{after}, 'registry/app:2', 'which says the same');
is_deeply($json->[0]{changes}[0]{values}, {file => 'values.yaml', line => 1, path => 'image'}, 'with its places');
run("sed -i 's/hunter2hunter2/swordfish99999/' values.yaml");
($out, $err, $code) = run('cleat golden');
unlike($out, qr/hunter2|swordfish/, 'no secret is ever shown');
like($out, qr/Secret\/s stringData\.password: h\*{8}2/, 'only that it changed');
($out, $err, $code) = run('cleat golden --update && cleat golden');
is($code, 0, '--update takes the renders as they are');

run("sed -i 's/a comment/another comment/' templates/app.yaml");
($out, $err, $code) = run('cleat golden --only dev');
is($code, 1, 'bytes that say the same count too');
like($out, qr/golden\/dev\.yaml:\d+: only comments, order or spacing differ/, 'and are told as what they are');

spew('templates/bad.yaml', "{{ .Values.nope.deep }}\n");
($out, $err, $code) = run('cleat golden');
is($code, 1, 'what does not render fails');
like($out, qr/^dev: can't be rendered\n.*nil pointer evaluating/ms, 'with the reason');
like($out, qr/2 can't be rendered$/m, 'each on its own');
run('cp golden/dev.yaml before; cleat golden --update');
is(slurp('golden/dev.yaml'), slurp('before'), '--update leaves its file alone then');
unlink 'templates/bad.yaml';

chdir '/';
($out, $err, $code) = run("cleat golden --update '$dir' && cleat golden '$dir'");
is($code, 0, 'paths count from the folder of .cleat.yaml');

my %wrong = (
	"golden:\n  - {nmae: a}\n"           => qr/\.cleat\.yaml:2: golden has no key "nmae" \(did you mean "name"\?\)/,
	"golden:\n  - {chart: .}\n"          => qr/\.cleat\.yaml:2: a golden render needs a name/,
	"golden:\n  - {name: a}\n  - {name: a}\n" => qr/\.cleat\.yaml:3: this name has been used above/,
	"golden: x\n"                        => qr/\.cleat\.yaml:1: golden is a list of renders/,
	"golden:\n  - x\n"                   => qr/\.cleat\.yaml:2: each of golden is a table/,
	"golden:\n  - {name: a, values: {b: c}}\n" => qr/\.cleat\.yaml:2: a list is expected here/,
	"rules: {}\n"                        => qr/names no golden renders/,
	"golden: [\n"                        => qr/\.cleat\.yaml: yaml: line/,
);
for my $text (sort keys %wrong) {
	my $project = project('.cleat.yaml' => $text);
	($out, $err, $code) = run("cd '$project' && cleat golden");
	is($code, 2, "refused: $text");
	like($err, $wrong{$text}, 'with the line');
}
($out, $err, $code) = run('cd / && cleat golden');
is($code, 2, 'no .cleat.yaml is a wrong call');
like($err, qr/golden renders are named in \.cleat\.yaml/, 'that says what is missing');

my $overlaid = project(
	'overlay/kustomization.yaml' => "namePrefix: p-\nresources: [chart.yaml]\n",
	'.cleat.yaml' => "golden:\n  - {name: laid, overlay: overlay}\n  - {name: built, chart: kustom}\nfailOn: warning\n",
	'kustom/kustomization.yaml' => "resources: [a.yaml]\nnameSuffix: -x\n",
	'kustom/a.yaml' => "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
chdir $overlaid;
($out, $err, $code) = run('cleat golden --update && cat golden/laid.yaml golden/built.yaml');
like($out, qr/name: p-app/, 'a chart under an overlay');
like($out, qr/name: a-x/, 'a kustomization, into golden/NAME.yaml where no file is named');
is((run('cleat golden'))[2], 0, 'both compare');
is(join(' ', map { $_->{state} } @{ decode_json((run('cleat golden -o json'))[0]) }), 'same same', 'in JSON too');
spew('golden/laid.yaml', "a: [\n");
unlink 'golden/built.yaml';
($out, $err, $code) = run('cleat golden -o json');
is(join(' ', map { $_->{state} } @{ decode_json($out) }), 'failed missing', 'a golden file that is no YAML, and one that is not there');
run('cleat golden --update');
is((run('cleat lint . --fail-on never'))[2], 0, 'the linter reads the same file');

chdir $repository;
($out, $err, $code) = run('cleat golden');
is($code, 0, "this repository's golden files") or diag($out);
done_testing();
