#!/usr/bin/perl
# cleat why and render --annotate, on a small chart and on this repository's own.
use strict;
use warnings;
use Cwd qw(getcwd);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

my $cleat = $ENV{CLEAT} // getcwd() . '/build/cleat';
my $repo  = getcwd();
my $dir   = tempdir(CLEANUP => 1);

sub write_file
{
	my ($name, $text) = @_;
	my ($folder) = "$dir/$name" =~ m{^(.*)/};
	make_path($folder);
	open my $out, '>', "$dir/$name" or die "$name: $!";
	print $out $text;
	close $out;
}

# (exit code, standard output, standard error)
sub run
{
	my $out = `$cleat @_ 2>$dir/stderr`;
	my $code = $? >> 8;
	open my $in, '<', "$dir/stderr" or die;
	local $/;
	return ($code, $out, scalar(<$in>) // '');
}

write_file('t/Chart.yaml', "apiVersion: v2\nname: t\nversion: 0.1.0\n");
write_file('t/values.yaml', "enabled: true\next:\n  uri: http://x\nhost: mlflow\nport: 5000\nunused: 1\npassword: hunter2hunter2\n");
write_file('t/over.yaml', "ext:\n  uri: http://outside:1\n");
write_file('t/templates/_helpers.tpl', <<'TPL');
{{- define "uri" -}}
{{- if .Values.enabled }}
{{- .Values.ext.uri }}
{{- else }}
{{- printf "http://%s:%v" .Values.host .Values.port }}
{{- end }}
{{- end }}
TPL
write_file('t/templates/config.yaml', <<'TPL');
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-config
data:
  uri: {{ include "uri" . | quote }}
  port: {{ .Values.port | quote }}
  text: |
    first
    {{ .Values.host }}
  DB_PASSWORD: {{ .Values.password }}
  version: v{{ .Values.unset | default .Chart.Version }}
TPL

my ($code, $out, $err) = run("why ConfigMap/release-name-config data.uri $dir/t -f $dir/t/over.yaml");
is($code, 0, 'a value is explained');
like($out, qr/rendered\s+line 8:   uri: "http:\/\/outside:1"/, 'with the line of the render');
like($out, qr/template\s+templates\/_helpers.tpl:3:5\n.*\.Values\.ext\.uri.*\n\s+\|\s+\^/, 'the template line and a caret');
like($out, qr/through\s+include "uri" \.\s+templates\/config.yaml:6:11/, 'the helper on the way');
like($out, qr/from\s+\S*over.yaml:2:8  ext.uri/, 'the values file that won');
like($out, qr/over\s+\S*values.yaml:3:8/, 'the one that lost');
like($out, qr/because\s+if \.Values\.enabled is true\s+templates\/_helpers.tpl:2:8\s+\(enabled \S*values.yaml:1:10\)/, 'the condition, and where what decided it stands');

($code, $out) = run("why ConfigMap/release-name-config data.uri $dir/t --set enabled=false --set port=7");
like($out, qr/from\s+--set port=7/, 'a flag is an origin');
like($out, qr/the template's own text, templates\/_helpers.tpl:5:13/, 'so is the text of a format');
like($out, qr/if \.Values\.enabled is false/, 'the other way of the condition');

($code, $out) = run("why configmap/release-name-config data.text $dir/t");
is($code, 0, 'kinds are found in any case');
like($out, qr/from\s+\S*values.yaml:4:7  host/, 'a block scalar names what stands in it');

($code, $out) = run("why --value port $dir/t --set enabled=false");
like($out, qr/port reaches 2 places/, 'what a value reaches');
like($out, qr/ConfigMap\/release-name-config data.port  \(templates\/config.yaml:7:12\)/, 'named');
($code, $out) = run("why --value enabled $dir/t");
like($out, qr/reaches 0 places and takes 1 decision$/m, 'what it decides');
like($out, qr/decides\s+if \.Values\.enabled is true  \S+:2:8  .*\n\s+lets appear ConfigMap\/release-name-config \(1 value\)/,
	'and what appears by it');
($code, $out) = run("why --value unused $dir/t");
like($out, qr/unused is never read/, 'a value that nobody reads');
($code, $out, $err) = run("why --value prot $dir/t");
is($code, 1, 'a value that is not there');
like($err, qr/did you mean "port"/, 'the nearest one');

($code, $out, $err) = run("why ConfigMap/release-name-confg data.uri $dir/t");
is($code, 1, 'a resource that is not there');
like($err, qr/nearest is ConfigMap\/release-name-config/, 'the nearest one');
($code, $out, $err) = run("why ConfigMap/release-name-config data.urii $dir/t");
is($code, 1, 'a path that is not there');
like($err, qr/nearest is uri behind "data"/, 'the nearest one');
($code, $out, $err) = run("why ConfigMap/release-name-config");
is($code, 2, 'called wrongly');
is($out, '', 'nothing on standard output');

($code, $out) = run("why ConfigMap/release-name-config data.DB_PASSWORD $dir/t");
unlike($out, qr/hunter2/, 'a credential is masked');
like($out, qr/h\*{8}2 \(8 to 15 characters\)/, 'with its ends and the class of its length');
($code, $out) = run("why ConfigMap/release-name-config data.DB_PASSWORD $dir/t -o json");
unlike($out, qr/hunter2/, 'in JSON too');

($code, $out) = run("why ConfigMap/release-name-config data.uri $dir/t -o json");
like($out, qr/"path": "ext.uri"/, 'JSON names the key');
like($out, qr/"line": 2/, 'and the line');

# Conditions on text that a helper made, on variables and on items name the values behind them, with their places.
write_file('u/Chart.yaml', "apiVersion: v2\nname: u\nversion: 0.1.0\n");
write_file('u/values.yaml', "up: true\next:\n  up: false\nitems: [a]\nkey.with.dots: 1\n");
write_file('u/templates/c.yaml', <<'TPL');
{{- define "inside" }}{{ if and .Values.up (not .Values.ext.up) }}yes{{ end }}{{ end }}
{{- $inside := include "inside" . }}
{{- $late := "" }}{{ if .Values.up }}{{ $late = "x" }}{{ end }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: c
data:
  {{- if include "inside" . }}
  helper: a
  {{- end }}
  {{- if $inside }}
  variable: b
  {{- end }}
  {{- if $late }}
  assigned: c
  {{- end }}
  {{- range .Values.items }}
  {{- if . }}
  item: d
  {{- end }}
  {{- end }}
---
apiVersion: v1
kind: Secret
metadata:
  name: s
  namespace: one
stringData:
  name: quite-secret-one
---
apiVersion: v1
kind: Secret
metadata:
  name: s
  namespace: two
stringData:
  name: quite-secret-two
---
apiVersion: v1
kind: Pod
metadata:
  name: p
spec:
  containers:
  - name: main
    image: i
    env:
    - name: MODE
      value: fast
    - name: DB_PASSWORD
      value: quite-secret-three
TPL
my $places = qr/\(up \S*values.yaml:1:5, ext.up \S*values.yaml:3:7\)/;
for my $case (['helper', 'if include "inside" .'], ['variable', 'if $inside']) {
	my ($key, $source) = @$case;
	($code, $out) = run("why ConfigMap/c data.$key $dir/u");
	like($out, qr/because\s+\Q$source\E is true  \S+  $places/, "a condition on a $key");
}
($code, $out) = run("why ConfigMap/c data.assigned $dir/u");
like($out, qr/because\s+if \$late is true  \S+  \(up /, 'a condition on a variable that was assigned under another');
($code, $out) = run("why ConfigMap/c data.item $dir/u");
like($out, qr/because\s+if \. is true  \S+  \(items\[0\] \S*values.yaml:4:9\)/, 'a condition on an item');
($code, $out) = run("why --value ext.up $dir/u");
like($out, qr/takes 3 decisions/, 'a value decides what its helper decides');
($code, $out) = run("why --value ext.up $dir/u -o json");
like($out, qr/"appears": \[\s*\{\s*"resource": "ConfigMap\/c",\s*"values": 1/, 'with what appears, in JSON');

# A map or list: a line for each of its lines.
($code, $out) = run("why ConfigMap/c data $dir/u");
is(scalar(() = $out =~ /^\s+\d+ \| /mg), 4, 'the lines of a map');
like($out, qr/^\s+26 \|   helper: a  # templates\/c.yaml:10$/m, 'each with who made it');
($code, $out) = run("why Pod/p spec $dir/u");
like($out, qr/value: fast  # /, 'the lines of a pod');
unlike($out, qr/quite-secret/, 'without its credentials');
for my $format ('text', 'json') {
	for my $path ('spec.containers[0].env', 'spec.containers[0].env[1]', 'spec.containers[0].env[1].value') {
		($code, $out) = run("why Pod/p '$path' $dir/u -o $format");
		is($code, 0, "$path in $format");
		unlike($out, qr/quite-secret/, 'a credential by its index');
	}
}

# Documents of a values file: lines are counted from the top of the file.
write_file('d/Chart.yaml', "apiVersion: v2\nname: d\nversion: 0.1.0\n");
write_file('d/values.yaml', "# licence\n---\na: first\n---\n# more\nb: second\n");
write_file('d/templates/c.yaml', "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.a }}\n  namespace: {{ .Values.b }}\n");
($code, $out) = run("why ConfigMap/first metadata.name $dir/d");
like($out, qr/from\s+\S*values.yaml:3:4  a$/m, 'a value behind a comment and a document start');
($code, $out) = run("why ConfigMap/first metadata.namespace $dir/d");
like($out, qr/from\s+\S*values.yaml:6:4  b$/m, 'a value of the next document');

# The same name in several namespaces.
($code, $out) = run("why Secret/s metadata.namespace $dir/u");
like($out, qr/namespace: one/, 'the first where no namespace is said');
($code, $out) = run("why Secret/two/s metadata.namespace $dir/u");
like($out, qr/namespace: two/, 'the one of the namespace');
($code, $out, $err) = run("why Secret/three/s metadata.namespace $dir/u");
is($code, 1, 'none of that namespace');
like($err, qr/there is no Secret\/three\/s/, 'and says so');
($code, $out) = run("why Secret/s stringData $dir/u");
unlike($out, qr/quite-secret/, 'a whole secret is masked');

my ($plain_code, $plain) = run("render r $dir/t");
($code, $out) = run("render r $dir/t --annotate");
is($code, 0, 'an annotated render');
like($out, qr/^  uri: "http:\/\/x"  # templates\/\S+:\d+, \S*values.yaml:3 ext.uri$/m, 'says where lines come from');
like($out, qr/^    first$/m, 'not inside a block of text');
(my $stripped = $out) =~ s/  # \S+:\d+.*$//mg;
is($stripped, $plain, 'and is the same without its comments');

# Keys of the values, and what is no text, know their places as well.
write_file('k/Chart.yaml', "apiVersion: v2\nname: k\nversion: 0.1.0\n");
write_file('k/values.yaml', "env:\n  FOO: text\n  BAR: 2\n  QUIET: false\n");
write_file('k/templates/a.yaml', "kind: A\nmetadata: {name: a}\nenv:\n{{- range \$k, \$v := .Values.env }}\n- {{ \$k }}\n{{- end }}\nall:\n  {{- toYaml .Values.env | nindent 2 }}\n");
($code, $out) = run("render r $dir/k --annotate --set env.NEW=x");
like($out, qr/^- BAR  # templates.a.yaml:5, \S*values.yaml:3 env.BAR$/m, 'a key that range gave');
like($out, qr/^- NEW  # templates.a.yaml:5, --set env.NEW=x$/m, 'a key that a flag made');
like($out, qr/^  BAR: 2  # templates.a.yaml:8, \S*values.yaml:3 env.BAR$/m, 'a number in toYaml');
like($out, qr/^  QUIET: false  # templates.a.yaml:8, \S*values.yaml:4 env.QUIET$/m, 'a bool in toYaml');
($code, $out) = run("why A/a 'all.BAR' $dir/k");
like($out, qr/values.yaml:3/, 'why names the line of a number');

# This repository's chart: the annotated documents are the plain ones.
($code, $plain) = run("render flts $repo -f $repo/values/complete.yaml");
($code, $out)   = run("render flts $repo -f $repo/values/complete.yaml --annotate");
($stripped = $out) =~ s/  # (?:templates|charts)\S+:\d+.*$//mg;
is($stripped, $plain, 'the pipeline chart, annotated');
($code, $out) = run("why Deployment/flts-train-gru 'spec.template.spec.containers[0].image' $repo");
($code, $out) = run("why Deployment/train-gru 'spec.template.spec.containers[0].image' $repo") if $code;
is($code, 0, 'an image of the pipeline chart');
like($out, qr/from\s+\S*values.yaml:\d+/, 'names its values line');

($code, $out) = run("why ConfigMap/release-name-config data.version $dir/t");
like($out, qr/^  from +\.Chart\.Version$/m, 'what Chart.yaml says is named');
unlike($out, qr/made of/, 'a default comes from none of the others');

done_testing();
