#!/usr/bin/perl
# cleat lint --explore: findings under the configurations that the values allow, and the options that show them again.

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use FindBin;
use lib $FindBin::Bin;
use Cli;
use JSON::PP;
use Test::More;

# A service with its workload, where `if` holds.
sub backend
{
	my ($name, $port, $if) = @_;
	return <<"YAML";
{{- if $if }}
---
apiVersion: v1
kind: Service
metadata: {name: $name}
spec: {selector: {app: $name}, ports: [{port: $port}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: $name}
spec:
  selector: {matchLabels: {app: $name}}
  template:
    metadata: {labels: {app: $name}}
    spec: {containers: [{name: main, image: "example/$name:1.0.0"}]}
{{- end }}
YAML
}

# A pod that waits for a host, where `if` holds.
sub waiter
{
	my ($name, $host, $port, $if) = @_;
	return <<"YAML";
{{- if $if }}
---
apiVersion: v1
kind: Pod
metadata: {name: $name}
spec:
  initContainers:
    - name: wait
      image: busybox:1.36.1
      command: [sh, -c, 'until nc -z $host $port; do sleep 2; done']
  containers: [{name: main, image: "example/$name:1.0.0"}]
{{- end }}
YAML
}

sub chart
{
	my %files = @_;
	return folder('Chart.yaml' => "apiVersion: v2\nname: t\nversion: 1.0.0\n", %files);
}

# What `lint --explore` finds that the values alone do not show: a list of "rule resource: configuration".
sub explored
{
	my ($dir, $options) = @_;
	my ($out, $err, $code) = run("cd '$dir' && cleat lint . --explore --only wait-on-missing-service -o json " . ($options // ''));
	return ([], $code, $err) if $out !~ /^\{/;
	my $report = decode_json($out);
	my @list = map { "$_->{resource}: " . ($_->{configuration} // '') } @{ $report->{findings} };
	return (\@list, $code, $err, $report);
}

subtest 'the release that hangs in Init:0/2, before anybody has turned it on' => sub {
	my %files = map { $_ => slurp("$repository/tests/lint/external-backend/$_") }
		qw(Chart.yaml values.yaml templates/_helpers.tpl templates/backends.yaml templates/pipeline.yaml templates/training-services.yaml);
	$files{'templates/backends.yaml'} =~ s/if \.Values\.(mlflow|fastapi)\.enabled/if and .Values.$1.enabled (not .Values.externalBackend.enabled)/g;
	my $dir = folder(%files);
	my ($list, $code, undef, $report) = explored($dir);
	my %stuck = map { $_->{resource} => 1 } grep { $_->{configuration} eq '--set externalBackend.enabled=true' } @{ $report->{findings} };
	is($code, 1, 'fails');
	is_deeply([sort keys %stuck], [map { /^pre/ ? "Job/$_" : "Deployment/$_" } qw(eval inference nonml-prophet train-gru train-lstm preprocess)],
		'the six workloads wait for ever with the external backend on');
	my ($out) = run("cd '$dir' && cleat lint . --only wait-on-missing-service --fail-on never -o json");
	is(scalar(@{ decode_json($out)->{findings} }), 0, 'and the values alone show none of it');
	($out) = run("cd '$dir' && cleat lint . --explore --only wait-on-missing-service");
	like($out, qr/^       = only with: --set externalBackend\.enabled=true$/m, 'text names the option');
	like($out, qr/^6 workloads wait for ever with --set externalBackend\.enabled=true: /m, 'and sums up');
	my %said = map { $_->{fingerprint} => $_ } @{ $report->{findings} };
	for my $options (sort { $a cmp $b } do { my %seen; grep { !$seen{$_}++ } map { $_->{configuration} } values %said }) {
		my ($again) = run("cd '$dir' && cleat lint . --only wait-on-missing-service -o json $options");
		my %there = map { $_->{fingerprint} => $_ } @{ decode_json($again)->{findings} };
		for my $f (grep { $_->{configuration} eq $options } values %said) {
			my $other = $there{ $f->{fingerprint} };
			$other->{message} =~ s{; Service/\S+ is left out because .*}{}; # which the options say here
			is($other && "$other->{message} $other->{template}{line}", "$f->{message} $f->{template}{line}", "$f->{resource}: the same with $options");
		}
	}
};

subtest 'this chart is clean' => sub {
	my ($out, $err, $code) = run("cd '$repository' && cleat lint . --explore --explore-limit 60 --fail-on warning");
	is($code, 0, 'nothing above info') or diag($out, $err);
	like($out, qr/^\d+ other configurations were tried: \d+ refused by the chart, \d+ rendered the same as another; the limit of 60 left \d+ more out/m,
		'and what was done is told');
};

subtest 'what is a switch' => sub {
	my $job = waiter('job', 'db', 5432, 'true');
	my @cases = (
		['a boolean', "db: {enabled: true}\n", '.Values.db.enabled', ['Pod/job: --set db.enabled=false']],
		['a boolean that a variable carries', "db: {enabled: true}\n", '$on', ['Pod/job: --set db.enabled=false'], '{{- $on := .Values.db.enabled }}'],
		['a text that eq compares', "mode: local\n", 'ne .Values.mode "cloud"', ['Pod/job: --set mode=cloud']],
		['a text behind a pipe', "mode: local\n", '.Values.mode | ne "cloud"', ['Pod/job: --set mode=cloud']],
		['a text in a list', "mode: local\n", 'not (has .Values.mode (list "x y" "z"))', ["Pod/job: --set 'mode=x y'"]],
		['a text that looks like a number', "mode: local\n", 'ne .Values.mode "1"', ['Pod/job: --set-string mode=1']],
		['a key with a dot', "\"a.b\": {use: true}\n", '(index .Values "a.b").use', ["Pod/job: --set 'a\\.b.use=false'"]],
		['a member of a table in scope', "db: {use: true, x: 1}\n", '$.Values.db.use', ['Pod/job: --set db.use=false'], '{{- with .Values.db }}{{ if .use }}{{ end }}{{ end }}'],
		['no free text', "name: x\n", 'eq .Values.name .Release.Name | not', []],
		['no number', "count: 1\n", 'gt (int .Values.count) 0', []],
		['no credential', "password: local\n", 'ne .Values.password "cloud"', []],
		['no item of a list', "l: [{use: true}]\n", '(index .Values.l 0).use', []],
	);
	for my $case (@cases) {
		my ($name, $values, $if, $want, $before) = @$case;
		my $dir = chart('values.yaml' => $values, 'templates/a.yaml' => ($before // '') . backend('db', 5432, $if) . $job);
		my ($list, undef, $err) = explored($dir);
		is_deeply($list, $want, $name) or diag($err);
	}
};

subtest 'what the schema names' => sub {
	my $schema = encode_json({properties => {
		mode => {'$ref' => '#/$defs/mode'}, db => {properties => {use => {type => ['boolean', 'null']}}}},
		'$defs' => {mode => {enum => ['local', 'cloud', 'none']}}});
	my $dir = chart('values.yaml' => "mode: local\n", 'values.schema.json' => $schema,
		'templates/a.yaml' => backend('db', 5432, 'eq .Values.mode "local" | or .Values.other') . waiter('job', 'db', 5432, 'ne .Values.mode "none"'));
	is_deeply((explored($dir))[0], ['Pod/job: --set mode=cloud'], 'every member of an enum');
	$dir = chart('values.yaml' => "db: {}\n", 'values.schema.json' => $schema,
		'templates/a.yaml' => waiter('job', 'db', 5432, '.Values.db.use'));
	is_deeply((explored($dir))[0], ['Pod/job: --set db.use=true'], 'a boolean that the values leave out');
};

subtest 'dependencies' => sub {
	my %sub = ('charts/db/Chart.yaml' => "apiVersion: v2\nname: db\nversion: 1.0.0\n", 'charts/db/values.yaml' => "service: {use: true}\nglobal: {}\n",
		'charts/db/templates/a.yaml' => backend('db', 5432, '.Values.service.use'));
	my $needs = "apiVersion: v2\nname: t\nversion: 1.0.0\ndependencies:\n  - {name: db, version: 1.0.0, repository: ''";
	my %job = ('templates/a.yaml' => waiter('job', 'db', 5432, 'true'));
	my $dir = folder('Chart.yaml' => "$needs, condition: db.enabled}\n", 'values.yaml' => "db: {enabled: true}\n", %sub, %job);
	is_deeply((explored($dir))[0], ['Pod/job: --set db.enabled=false'], 'one finding: the first of the smallest configurations');
	is_deeply((explored($dir, '--set db.service.use=true'))[0], ['Pod/job: --set db.enabled=false'], 'a condition');
	$dir = folder('Chart.yaml' => "$needs, condition: db.enabled}\n", %sub, %job);
	is_deeply((explored($dir, '--set db.service.use=true'))[0], ['Pod/job: --set db.enabled=false'], 'a condition that no values have');
	$dir = folder('Chart.yaml' => "$needs, tags: [store]}\n", %sub, %job);
	is_deeply((explored($dir, '--set db.service.use=true'))[0], ['Pod/job: --set tags.store=false'], 'a tag');
	$dir = folder('Chart.yaml' => "$needs, condition: db.enabled}\n", 'values.yaml' => "db: {enabled: false}\n", %sub,
		'charts/db/values.yaml' => "wait: false\n", 'charts/db/templates/a.yaml' => waiter('in', 'gone', 1, '.Values.wait'));
	is_deeply((explored($dir))[0], ['Pod/in: --set db.enabled=true --set db.wait=true'], 'what a subchart that is off asks for once it is on');
	$dir = folder('Chart.yaml' => "$needs}\n", 'values.yaml' => "global: {wait: false}\n", %sub,
		'charts/db/templates/a.yaml' => waiter('in', 'gone', 1, '.Values.global.wait'));
	is_deeply((explored($dir))[0], ['Pod/in: --set global.wait=true'], 'a global is set where all see it');
};

subtest 'pairs' => sub {
	my $dir = chart('values.yaml' => "a: {use: false}\nb: {use: false}\nc: {use: false}\n",
		'templates/a.yaml' => waiter('job', 'db', 5432, 'and .Values.a.use .Values.b.use'), 'templates/c.yaml' => backend('x', 1, '.Values.c.use'));
	is_deeply((explored($dir))[0], ['Pod/job: --set a.use=true --set b.use=true'], 'two switches in one decision');
	$dir = chart('values.yaml' => "a: {use: false}\nb: {use: true}\nc: {use: false}\n",
		'templates/a.yaml' => waiter('job', 'db', 5432, '.Values.a.use'), 'templates/b.yaml' => backend('db', 5432, '.Values.b.use'),
		map { ("templates/c$_.yaml" => backend("c$_", 1, '.Values.c.use')) } 1 .. 3);
	is_deeply((explored($dir))[0], ['Pod/job: --set b.use=false --set a.use=true'], 'two switches whose resources refer to each other');
	is((explored($dir, '--explore-limit 4'))[3]{summary}{explored}{tried}, 4, 'and those come before pairs that have nothing to do with each other');
	is_deeply((explored($dir, '--explore-limit 4'))[0], ['Pod/job: --set b.use=false --set a.use=true'], 'so a low limit finds it');
};

# Twelve switches of which decisions ask two by two make 66 pairs: before them come those that can leave somebody waiting.
subtest 'pairs that matter come first' => sub {
	my @noise = map { "n$_" } 1 .. 12;
	my $noise = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: n}\ndata:\n";
	for my $i (0 .. $#noise) {
		$noise .= "  n$i-$_: '{{ if or .Values.$noise[$i] .Values.$noise[$_] }}a{{ end }}'\n" for $i + 1 .. $#noise;
	}
	my %common = ('values.yaml' => join('', map { "$_: false\n" } @noise, 'worker', 'external') . "inner: true\nouter: true\n", 'templates/n.yaml' => $noise);
	my $dir = chart(%common, 'templates/job.yaml' => waiter('job', 'db', 5432, '.Values.worker'), 'templates/db.yaml' => backend('db', 5432, 'not .Values.external'));
	is_deeply((explored($dir, '--explore-limit 17'))[0], ['Pod/job: --set worker=true --set external=true'], 'one takes a service away that the other waits for');
	$dir = chart(%common, 'templates/job.yaml' => waiter('job', 'db', 5432, 'true'), 'templates/z.yaml' => backend('db', 5432, 'has true (list .Values.inner .Values.outer)'));
	is_deeply((explored($dir, '--explore-limit 17'))[0], ['Pod/job: --set inner=false --set outer=false'], 'both take a service away that somebody waits for');
	my $counts = (explored($dir, '--explore-limit 17'))[3]{summary}{explored};
	is($counts->{tried} + $counts->{left}, 14 + 14 * 13 / 2, 'the others are counted');
};

subtest 'refused configurations' => sub {
	my $dir = chart('values.yaml' => "a: false\nb: false\nc: false\nd: false\nurl: ''\n",
		'values.schema.json' => '{"properties":{"c":{"const":false}}}',
		'templates/a.yaml' => <<'YAML');
{{- if .Values.a }}{{ fail "a needs more" }}{{ end }}
{{- if .Values.b }}{{ required "b needs a url" .Values.url }}{{ end }}
{{- if .Values.c }}{{ end }}
{{- if .Values.d }}
: [
{{- end }}
YAML
	my (undef, $code, $err, $report) = explored($dir);
	is($code, 0, 'are no fault');
	is($err, '', 'and nothing is said of them');
	is($report->{summary}{explored}{refused}, 4, 'fail, required, the schema, and what is no YAML are counted');
	like((explored($dir, '--debug'))[2], qr/^refused: --set a=true: .*a needs more$/m, '--debug says why');
};

subtest 'what a switch says is made by others' => sub {
	my $account = <<'YAML';
{{- if .Values.account.create }}
apiVersion: v1
kind: ServiceAccount
metadata: {name: app}
{{- end }}
---
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  serviceAccountName: app
  containers:
    - name: main
      image: example/app:1.0.0
      env: [{name: DB_HOST, value: "http://db:5432"}]
YAML
	my $dir = chart('values.yaml' => "account: {create: true}\ndb: {enabled: true}\n", 'templates/a.yaml' => $account,
		'templates/b.yaml' => backend('db', 5432, '.Values.db.enabled'));
	my $lint = "cd '$dir' && cleat lint . --only dangling-endpoint,reference-missing --fail-on info -o json";
	my ($out) = run("$lint --set account.create=false --set db.enabled=false");
	is(scalar(@{ decode_json($out)->{findings} }), 2, 'what is asked for by hand is told');
	($out) = run("$lint --explore");
	is_deeply([map { "$_->{rule} " . ($_->{configuration} // '') } @{ decode_json($out)->{findings} }], [],
		'an account that is not to be made, and a part that is switched off, are missed by nobody');
};

subtest 'renders that are equal are linted once' => sub {
	my $dir = chart('values.yaml' => "a: false\nb: false\n", 'templates/a.yaml' => '{{ if .Values.a }}{{ end }}{{ if .Values.b }}{{ end }}');
	my (undef, undef, undef, $report) = explored($dir);
	is_deeply($report->{summary}{explored}, {tried => 3, refused => 0, equal => 3, left => 0, limit => 200}, 'and counted');
	$dir = chart('values.yaml' => "a: false\n", 'templates/a.yaml' => <<'YAML');
{{ if .Values.a }}{{ end }}
a: {{ randAlphaNum 8 }}
b: {{ now }}
c: {{ genPrivateKey "rsa" | b64enc }}
YAML
	is((explored($dir))[3]{summary}{explored}{equal}, 1, 'chance and the clock do not tell them apart');
};

subtest 'names with a hash of the content are one name' => sub {
	my $dir = chart('values.yaml' => "a: false\nb: false\nc: true\n", 'templates/a.yaml' => <<'YAML' . backend('db', 5432, '.Values.c'));
apiVersion: v1
kind: Pod
metadata: {name: 'job-{{ toJson .Values | sha256sum | trunc 8 }}'}
spec:
  initContainers:
    - {name: wait, image: 'busybox:1.36.1', command: [sh, -c, 'until nc -z db 5432; do sleep 2; done']}
  containers: [{name: main, image: example/app:1.0.0}]
{{- if or .Values.a .Values.b }}{{ end }}
YAML
	is(scalar(@{ (explored($dir))[0] }), 1, 'so they give one finding');
};

my $two = chart('values.yaml' => "a: {use: false}\ndb: {use: true}\n", 'on.yaml' => "a: {use: true}\n", 'off.yaml' => "db: {use: false}\n",
	'templates/a.yaml' => waiter('job', 'db', 5432, '.Values.a.use') . backend('db', 5432, '.Values.db.use'));

subtest 'values sets' => sub {
	my (undef, undef, undef, $report) = explored($two, '--values-set plain= 2>/dev/null || true');
	($report) = (explored($two, '--values-set on=on.yaml --values-set off=off.yaml'))[3];
	is_deeply([map { [$_->{resource}, $_->{configuration}, $_->{sets}] } @{ $report->{findings} }],
		[['Pod/job', '--set db.use=false', ['on']]], 'each is explored, and the finding names the set with the option');
	my ($out) = run("cd '$two' && cleat lint . --explore --only wait-on-missing-service --values-set on=on.yaml --values-set off=off.yaml");
	like($out, qr/= only with: on and --set db\.use=false$/m, 'in text, too');
	($report) = (explored($two, '--values-set on=on.yaml --values-set both=on.yaml,off.yaml'))[3];
	is_deeply([map { [$_->{resource}, $_->{configuration}, $_->{sets}] } @{ $report->{findings} }],
		[['Pod/job', undef, ['both']]], 'what a set shows on its own is told as ever');
};

subtest 'what the command line sets is not varied' => sub {
	is_deeply((explored($two, '--set a.use=true'))[0], ['Pod/job: --set db.use=false'], 'a value that is set stays');
	is_deeply((explored($two, '--set a.use=true --set db.use=true'))[0], [], 'all of them');
	is_deeply((explored($two, '-f on.yaml'))[0], ['Pod/job: --set db.use=false'], 'a values file is where it starts');
};

subtest 'formats' => sub {
	my ($out) = run("cd '$two' && cleat lint . --explore --only wait-on-missing-service -f on.yaml -o sarif");
	my $sarif = decode_json($out)->{runs}[0];
	is($sarif->{results}[0]{properties}{configuration}, '--set db.use=false', 'SARIF: a property of the result');
	like($sarif->{results}[0]{message}{text}, qr/ \(with --set db\.use=false\)\. /, 'and its message');
	is($sarif->{properties}{explored}{limit}, 200, 'and what was done, of the run');
	($out) = run("cd '$two' && cleat lint . --explore --only wait-on-missing-service -f on.yaml -o github");
	like($out, qr/^::error file=.*\(with --set db\.use=false\)%0A/m, 'GitHub: the message');
	($out) = run("cd '$two' && cleat lint . --explore --only wait-on-missing-service -f on.yaml -o junit");
	like($out, qr{<property name="explored\.tried" value="\d+"/>.*only with --set db\.use=false}s, 'JUnit: the failure, and properties');
};

subtest 'baselines and suppressions' => sub {
	my $dir = folder(map { $_ => slurp("$two/$_") } qw(Chart.yaml values.yaml on.yaml templates/a.yaml));
	run("cd '$dir' && cleat lint . --explore --only wait-on-missing-service -f on.yaml --write-baseline known --fail-on never");
	my (undef, undef, $code) = run("cd '$dir' && cleat lint . --explore --only wait-on-missing-service -f on.yaml --baseline known");
	is($code, 0, 'a finding of a configuration can be known');
	(undef, undef, $code) = run("cd '$dir' && cleat lint . --only wait-on-missing-service -f on.yaml --set db.use=false --baseline known");
	is($code, 0, 'and is the same one where the configuration is set by hand');
	(my $text = slurp("$dir/templates/a.yaml")) =~ s/^(\s+)(command:)/$1# cleat:ignore wait-on-missing-service, wait-without-end: the test says so\n$1$2/m;
	spew("$dir/templates/a.yaml", $text);
	my ($out) = run("cd '$dir' && cleat lint . --explore --fail-on info");
	like($out, qr/^nothing found, \d+ ignored in place$/m, 'a suppression that only a configuration needs is used') or diag($out);
};

subtest 'settings' => sub {
	my $dir = folder(map { $_ => slurp("$two/$_") } qw(Chart.yaml values.yaml on.yaml templates/a.yaml));
	my $lint = "cd '$dir' && cleat lint . --only wait-on-missing-service -f on.yaml";
	my @cases = (
		["explore: true\n", 1], ["explore: false\n", 0], ["explore: {limit: 5}\n", 1], ["explore: {enabled: false, limit: 5}\n", 0],
		["explore: {except: [db.use]}\n", 0], ["explore: {except: [db]}\n", 0], ["explore: {except: ['*.use']}\n", 0], ["explore: {except: [a]}\n", 1],
	);
	for my $case (@cases) {
		spew("$dir/.cleat.yaml", $case->[0]);
		is((run($lint))[2], $case->[1], $case->[0]);
	}
	spew("$dir/.cleat.yaml", "explore: true\n");
	is((run("$lint --explore=false"))[2], 0, 'the command line counts for more');
	spew("$dir/.cleat.yaml", "explore: {except: [bd.use]}\n");
	like((run($lint))[1], qr/^Warning: explore\.except: no value that can be switched is called bd\.use$/m, 'an exception that names nothing is told');
	for my $bad (["explore: 7\n", qr/\.cleat\.yaml:1:10: true or false is expected here/], ["explore: {limits: 5}\n", qr/unknown key "limits" \(did you mean "limit"\?\)/],
		["explore: {limit: 0}\n", qr/limit must be a number of configurations, from 1 to/], ["explore: {limit: x}\n", qr/limit must be/],
		["explore: [a]\n", qr/explore is true, false or a table/], ["explore: {except: {a: b}}\n", qr/\.cleat\.yaml:1:\d+/],
		["explor: true\n", qr/did you mean "explore"/]) {
		spew("$dir/.cleat.yaml", $bad->[0]);
		my (undef, $err, $code) = run($lint);
		is($code, 2, "refused: $bad->[0]");
		like($err, $bad->[1], 'with its reason');
	}
	unlink "$dir/.cleat.yaml";
	for my $bad (['--explore-limit 0', qr/from 1 to/], ['--explore-limit -3', qr/from 1 to/], ['--explore-limit many', qr/from 1 to/]) {
		my (undef, $err, $code) = run("$lint $bad->[0]");
		is($code, 2, $bad->[0]);
		like($err, $bad->[1], 'with its reason');
	}
	is((run("$lint --explore-limit 10"))[2], 1, 'a limit explores');
	my (undef, $err, $code) = run("cd '$dir' && cleat lint values.yaml --explore");
	is($code, 2, 'manifests can not be explored');
	like($err, qr/only a chart can be explored/, 'which is said');
	my ($words) = run('cleat completion words lint --expl');
	like($words, qr/--explore\b.*--explore-limit/s, 'completion knows the options');
};

subtest 'hostile charts' => sub {
	my $many = join '', map { "s$_: false\n" } 1 .. 3000;
	my $asks = join '', map { "{{ if .Values.s$_ }}a$_: b{{ end }}\n" } 1 .. 3000;
	my $dir = chart('values.yaml' => $many, 'templates/a.yaml' => $asks);
	my ($list, $code, $err, $report) = explored($dir, '--explore-limit 20');
	is($code, 0, 'thousands of switches');
	is($report->{summary}{explored}{left}, 2980, 'the limit holds, and what it left is told');
	$dir = chart('values.yaml' => "use: false\nn: 100000\n", 'templates/a.yaml' => '{{ range until (int .Values.n) }}{{ if $.Values.use }}{{ end }}{{ end }}');
	is((explored($dir))[1], 0, 'a decision in a long loop');
	$dir = chart('values.yaml' => "use: false\n", 'templates/a.yaml' => '{{ define "a" }}{{ include "a" . }}{{ end }}{{ if .Values.use }}{{ include "a" . }}{{ end }}');
	is((explored($dir))[3]{summary}{explored}{refused}, 1, 'a configuration that never ends is refused');
	$dir = chart('values.yaml' => "use: false\n", 'templates/a.yaml' =>
		'{{ if .Values.use }}{{ $l := list }}{{ range until 20000 }}{{ $l = append $l (repeat 100000 "x") }}{{ end }}{{ end }}');
	is((explored($dir))[3]{summary}{explored}{refused}, 1, 'one that fills the memory, too, and the rest goes on');
	$dir = chart('values.yaml' => "use: false\n", 'templates/a.yaml' => '{{ fail "never" }}');
	(undef, $code, $err) = explored($dir);
	is($code, 2, 'a chart that does not render at all');
	like($err, qr/never/, 'says why, as without exploring');
	my $deep = '{"$ref":"#/$defs/a"}';
	$dir = chart('values.yaml' => "mode: x\n", 'templates/a.yaml' => '{{ if .Values.mode }}{{ end }}',
		'values.schema.json' => '{"properties":{"mode":{"anyOf":[{"enum":["x","y"]},{"type":"string"}]}},"$defs":{"a":{"anyOf":[' . join(',', ($deep) x 9) . ']}},"not":{"$ref":"#/$defs/b"}}');
	isnt((explored($dir))[1], 139, 'a schema whose references never end');
};

done_testing;
