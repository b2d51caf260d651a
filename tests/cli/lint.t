#!/usr/bin/perl
# cleat lint and cleat graph as commands: the case they were made for, formats, settings, suppressions, baselines, sets,
# exit codes, and that no credential is ever printed.

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

my $here = dirname(abs_path(__FILE__));
my $cleat = abs_path($ENV{CLEAT} // "$here/../../build/cleat");
my $top = "$here/../..";
my $folder = tempdir(CLEANUP => 1);

sub put {
	my ($name, $text) = @_;
	make_path("$folder/" . dirname($name));
	open my $out, '>', "$folder/$name" or die "$name: $!";
	print $out $text;
	close $out;
}

sub get { open my $in, '<', "$folder/$_[0]" or return ''; local $/; return scalar(<$in>) // '' }

# (output, exit code); what goes to standard error is in the file err.
sub cleat {
	my $in = shift;
	my $words = join ' ', map { "'$_'" } @_;
	my $output = `cd '$in' && NO_COLOR= '$cleat' $words 2>'$folder/err' </dev/null`;
	return ($output, $? >> 8);
}

sub findings { return @{ decode_json($_[0])->{findings} } }

my $pod = <<'YAML';
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  initContainers:
    - name: wait
      image: busybox:1.36
      command: [sh, -c, 'until nc -z mlflow 5000; do sleep 2; done']
  containers:
    - name: main
      image: app:1
      env:
        - name: DB_PASSWORD
          value: correct-horse-battery
YAML

subtest 'the release that hangs in Init:0/2' => sub {
	my ($out, $code) = cleat("$here/../lint/external-backend", 'lint', '.', '-f', 'values-complete.yaml', '-o', 'json');
	my (%stuck, %said);
	for my $f (grep { $_->{severity} eq 'error' } findings($out)) {
		is($f->{rule}, 'wait-on-missing-service', "$f->{resource}: the rule");
		like($f->{message}, qr/service "(mlflow|fastapi-app)"/, "$f->{resource}: names what is missing");
		my ($state) = $f->{message} =~ m{(Init:\d/\d)};
		$stuck{$f->{resource}} //= "$f->{template}{file}:$f->{template}{line} $state";
		push @{ $said{$f->{resource}} }, $f->{message} =~ /service "([^"]+)"/;
	}
	is($code, 1, 'fails');
	is_deeply(\%stuck, {
		'Deployment/train-gru' => 'templates/training-services.yaml:19 Init:0/2',
		'Deployment/train-lstm' => 'templates/training-services.yaml:19 Init:0/2',
		'Deployment/nonml-prophet' => 'templates/training-services.yaml:19 Init:0/2',
		'Deployment/eval' => 'templates/training-services.yaml:47 Init:0/3',
		'Deployment/inference' => 'templates/pipeline.yaml:43 Init:1/2',
		'Job/preprocess' => 'templates/pipeline.yaml:12 Init:0/2',
	}, 'exactly the six workloads, with what kubectl showed of them');
	is_deeply([sort @{ $said{'Deployment/eval'} }], ['fastapi-app', 'mlflow'], 'eval waits for both');
	my ($gru) = grep { ($_->{resource} // '') eq 'Deployment/train-gru' } findings($out);
	is_deeply($gru->{leftOut}, {
		kind => 'Service', name => 'mlflow', because => 'mlflow.enabled is false',
		condition => {file => 'templates/backends.yaml', line => 38, column => 8},
		values => {file => 'values-complete.yaml', line => 6, column => 12},
	}, 'and which value left the service out, where');
	my $piped = `cd '$here/../lint/external-backend' && '$cleat' lint . -f - -o json <values-complete.yaml 2>'$folder/err'`;
	my ($of_pipe) = grep { ($_->{resource} // '') eq 'Deployment/train-gru' } findings($piped);
	is_deeply($of_pipe->{leftOut}{values}, {file => '-', line => 6, column => 12}, 'of values from a pipe, too');
	($out, $code) = cleat("$here/../lint/external-backend", 'lint', '.', '--fail-on', 'warning');
	is($code, 0, 'and nothing with everything in the cluster') or diag($out);
};

subtest 'the chart of this repository' => sub {
	my @sets = map { my ($name) = m{([^/]+)\.yaml$}; ('--values-set', "$name=values/$name.yaml") } glob("$top/values/*.yaml");
	my ($out, $code) = cleat($top, 'lint', '.', '--fail-on', 'warning', @sets);
	is($code, 0, 'nothing above info under any values file') or diag($out);
	($out, $code) = cleat($top, 'lint', '.', '--fail-on', 'warning');
	is($code, 0, 'nor with the defaults') or diag($out);
};

subtest 'exit codes' => sub {
	put('pod.yaml', $pod);
	put('clean.yaml', "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
	put('broken.yaml', "a: [b\n");
	is((cleat($folder, 'lint', 'clean.yaml'))[1], 0, 'clean');
	is((cleat($folder, 'lint', 'pod.yaml'))[1], 1, 'findings');
	is((cleat($folder, 'lint', 'pod.yaml', '--fail-on', 'never'))[1], 0, 'never fails');
	is((cleat($folder, 'lint', 'pod.yaml', '--only', 'wait-without-end'))[1], 0, 'info does not fail');
	is((cleat($folder, 'lint', 'pod.yaml', '--only', 'wait-without-end', '--fail-on', 'info'))[1], 1, 'unless asked to');
	is((cleat($folder, 'lint', 'broken.yaml'))[1], 2, 'no YAML');
	like(get('err'), qr/broken\.yaml|line/, 'and says where');
	is((cleat($folder, 'lint', 'absent.yaml'))[1], 2, 'no such file');
	is((cleat($folder, 'lint', 'absent', '-f', 'clean.yaml'))[1], 2, 'no such chart');
	is(get('err'), "Error: open absent: no such file or directory\n", 'as is said');
	is((cleat($folder, 'lint', 'pod.yaml', '--output', 'xml'))[1], 2, 'no such format');
	is((cleat($folder, 'lint', '--explain', 'wait-cycl'))[1], 2, 'no such rule');
	like(get('err'), qr/did you mean "wait-cycle"/, 'and the nearest');
	like((cleat($folder, 'lint', '--explain', 'wait-cycle'))[0], qr/^Why: .*^Mend: /ms, 'a rule explained');
};

subtest 'standard input and folders' => sub {
	my $out = `'$cleat' lint - -o json < '$folder/pod.yaml'`;
	is((findings($out))[0]{rendered}{file}, 'standard input', 'a finding of standard input');
	put('many/a/pod.yaml', $pod);
	put('many/service.yml', "apiVersion: v1\nkind: Service\nmetadata: {name: mlflow}\nspec: {ports: [{port: 5000}]}\n");
	put('many/README.md', 'not: [yaml');
	($out) = cleat($folder, 'lint', 'many', '-o', 'json', '--only', 'wait-on-missing-service');
	is(scalar(findings($out)), 0, 'files of a folder are one model');
};

subtest 'folders of odd things' => sub {
	put('odd/a.yaml', $pod);
	symlink '.', "$folder/odd/round" or die;
	symlink 'a.yaml', "$folder/odd/z.yaml" or die;
	symlink 'gone', "$folder/odd/gone.yaml" or die;
	my @count = map { scalar findings((cleat($folder, 'lint', @$_, '--only', 'plaintext-credential', '-o', 'json'))[0]) }
		['odd'], ['odd', 'odd/a.yaml', './odd'], ['odd/a.yaml', 'odd/a.yaml'];
	is_deeply(\@count, [1, 1, 1], 'a file is read once: by links, round in circles, and named twice');
	put('odd/b.yaml', "apiVersion: v1\nkind: X\n---\na: b\n c: d\n");
	is((cleat($folder, 'lint', 'odd'))[1], 2, 'one of them is broken');
	is(get('err'), "Error: odd/b.yaml:5:3: yaml: line 5: mapping values are not allowed in this context\n", 'which, and where');
	put('odd/b.yaml', "a: \x01\n");
	cleat($folder, 'lint', 'odd');
	is(get('err'), "Error: odd/b.yaml: yaml: control characters are not allowed\n", 'which');
	unlink "$folder/odd/b.yaml";
	put('odd/shop/Chart.yaml', "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
	put('odd/shop/templates/a.yaml', "{{- if .Values.a }}\na: [\n{{ end }}\n");
	my ($out) = cleat($folder, 'lint', 'odd', '-o', 'json');
	is(scalar(findings($out)), 3, 'a chart between manifests is left out');
	is(get('err'), "Warning: odd/shop is a chart and was left out: cleat lint odd/shop\n", 'and that is said');
};

subtest 'nothing to lint' => sub {
	my $nothing = qr/^Warning: there is no Kubernetes object in standard input: nothing was checked$/m;
	for my $text ('', "---\n# a render that failed\n") {
		put('nothing.yaml', $text);
		my $out = `cd '$folder' && '$cleat' lint - <nothing.yaml 2>err`;
		is($? >> 8, 0, 'no finding, no failure');
		is($out, "nothing found\n", 'nothing found');
		like(get('err'), $nothing, 'and that there was nothing is said');
		$out = `cd '$folder' && '$cleat' lint - -o json <nothing.yaml 2>err`;
		is_deeply(decode_json($out)->{findings}, [], 'standard output stays what it is');
		like(get('err'), $nothing, 'said there, too');
	}
	cleat($folder, 'lint', 'nothing.yaml');
	like(get('err'), qr/no Kubernetes object in nothing\.yaml: nothing was checked/, 'a file');
	cleat($folder, 'lint', 'pod.yaml');
	is(get('err'), '', 'no word where there is something');
};

subtest 'text' => sub {
	my ($out) = cleat($folder, 'lint', 'pod.yaml', '--only', 'wait-on-missing-service');
	is($out, <<'TEXT', 'the line with a caret, where, how to mend it, a summary');
error[wait-on-missing-service]: init container wait waits for mlflow:5000, and nothing rendered is a service "mlflow" in namespace default: the pod stays in Init:0/1
   --> pod.yaml:8:38
     8 |       command: [sh, -c, 'until nc -z mlflow 5000; do sleep 2; done']
       |                                      ^
       = in: Pod/a in namespace default, container wait
       = mend: Render the wait only when the service is rendered (wrap the init container in the same condition), wait for the service's real name, or declare the host under outside.services in .cleat.yaml.

1 workload waits for ever: Pod/a
1 error
TEXT
	like((cleat($folder, 'lint', 'pod.yaml', '--color', 'always'))[0], qr/\x1b\[1;31merror/, 'colours when asked for');
	unlike((cleat($folder, 'lint', 'pod.yaml'))[0], qr/\x1b/, 'none in a pipe');
	SKIP: {
		skip 'script is not installed', 4 unless `script --version 2>&1` =~ /util-linux/;
		my %coloured = ('NO_COLOR= TERM=xterm' => 1, 'NO_COLOR=1 TERM=xterm' => 0, 'NO_COLOR= TERM=dumb' => 0);
		for my $env (sort keys %coloured) {
			my $out = `cd '$folder' && $env script -qc "'$cleat' lint pod.yaml" /dev/null`;
			is($out =~ /\x1b\[1;31merror/ ? 1 : 0, $coloured{$env}, "on a terminal with $env");
		}
		my $out = `cd '$folder' && NO_COLOR=1 script -qc "'$cleat' lint pod.yaml --color always" /dev/null`;
		like($out, qr/\x1b/, '--color always counts for more');
	}
};

subtest 'text of odd lines' => sub {
	my $of = sub {
		put('odd.yaml', "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: m, image: 'a:1', env: [$_[0]]}$_[1]");
		my ($out) = cleat($folder, 'lint', 'odd.yaml', '--only', 'plaintext-credential');
		$out =~ /^     6 \| (.*)\n       \| ( *)\^\n/m or diag($out);
		return ($1, length($2), $out);
	};
	my $env = "{name: DB_PASSWORD, value: correct-horse-battery}";
	my ($line, $caret, $out) = $of->("{name: \"\xe4\xb8\xad\xe6\x96\x87\", value: x}, $env", "\n");
	is($caret, 87, 'ideographs are two cells wide');
	($line, $caret) = $of->("{name: \"e\xcc\x81\", value: x}, $env", "\n");
	is($caret, 84, 'a combining accent is none');
	($line, $caret) = $of->("{name: \"\t\xe2\x80\xae\", value: x}, $env", "\n");
	is(substr($line, 41, 5), '" ?",', 'neither a tab nor what turns the direction of writing gets through');
	is(substr($line, $caret, 1), '*', 'and the caret stays in place');
	($line) = $of->($env, "\r\n");
	like($line, qr/\*\}\]\}$/, 'nothing of CRLF');
	($line, $caret) = $of->(join(', ', ("{name: \"\xe4\xb8\xad\", value: x}") x 20, $env, ('{name: a, value: b}') x 20), "\n");
	like($line, qr/^\.\.\.[\x20-\x7e].*\.\.\.$/, 'a long line is cut on both sides, between characters, and that shows');
	utf8::decode($line) or fail('no UTF-8');
	my $width = 0;
	my ($before) = $line =~ /^(.*DB_PASSWORD, value: )/;
	$width += /\p{Han}/ ? 2 : 1 for split //, $before;
	is($caret, $width, 'the caret stands below the mask');
	(undef, undef, $out) = $of->("{name: \"DB_PASSWORD\", value: correct-horse-battery}], args: [\"\"", "\n");
	put('odd.yaml', get('odd.yaml') =~ s/name: m,/name: "m\\nerror[x]: \\e[31m\\x9b1m\\u202e",/r);
	for my $format (qw(text json sarif github junit)) {
		($out) = cleat($folder, 'lint', 'odd.yaml', '--only', 'plaintext-credential', '-o', $format);
		unlike($out, qr/\x1b|\xc2[\x80-\x9f]|\xe2\x80\xae/, "$format: no orders to a terminal") unless $format eq 'junit';
		unlike($out, qr/^error\[x\]/m, "$format: no line is made up");
	}
};

subtest 'no credential is printed' => sub {
	put('secrets.yaml', <<"YAML");
$pod---
apiVersion: v1
kind: Secret
metadata: {name: s}
data: {password: Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  url: http://app:correct-horse-battery\@mlflow:5000
  a: correct-horse-battery
  a: correct-horse-battery
  app.ini: |
    password = correct-horse-battery
---
apiVersion: v1
kind: Pod
metadata: {name: b, annotations: {x/token: correct-horse-battery}}
spec:
  containers:
    - name: main
      image: app:1
      args: [--password, correct-horse-battery]
      env:
        - {name: DATABASE_URL, value: 'postgres://app:correct-horse-battery\@db:5432/x'}
YAML
	for my $format (qw(text json sarif github junit)) {
		my ($out, $code) = cleat($folder, 'lint', 'secrets.yaml', '-o', $format, '--fail-on', 'info', '--show-suppressed');
		is($code, 1, "$format: findings");
		unlike($out . get('err'), qr/correct-horse|Y29ycmVjdC/, "$format: no credential");
	}
	cleat($folder, 'lint', 'secrets.yaml', '--write-baseline', 'secrets.base');
	unlike(get('secrets.base'), qr/correct-horse|Y29ycmVjdC/, 'nor in a baseline');
	my ($out) = cleat($folder, 'graph', 'secrets.yaml');
	unlike($out, qr/correct-horse/, 'nor in the graph');
};

subtest 'sarif' => sub {
	my ($out) = cleat($folder, 'lint', 'pod.yaml', '-o', 'sarif');
	my $log = decode_json($out);
	my $run = $log->{runs}[0];
	is($log->{version}, '2.1.0', 'version');
	my ($result) = grep { $_->{ruleId} eq 'wait-on-missing-service' } @{ $run->{results} };
	is($run->{tool}{driver}{rules}[$result->{ruleIndex}]{id}, 'wait-on-missing-service', 'the index of the rule');
	is_deeply($result->{locations}[0]{physicalLocation},
		{artifactLocation => {uri => 'pod.yaml'}, region => {startLine => 8, startColumn => 38}}, 'the line to edit');
	put('moved.yaml', "# one\n# two\n$pod");
	my ($moved) = grep { $_->{ruleId} eq 'wait-on-missing-service' }
		@{ decode_json((cleat($folder, 'lint', 'moved.yaml', '-o', 'sarif'))[0])->{runs}[0]{results} };
	is($moved->{partialFingerprints}{'cleat/v1'}, $result->{partialFingerprints}{'cleat/v1'}, 'fingerprints outlive edits');
};

subtest 'sarif counts columns in UTF-16' => sub {
	put('wide.yaml', "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n" .
		"  - {name: m, image: 'a:1', env: [{name: \"\xf0\x9f\x98\x80\xc3\xa9\", value: x}, {name: DB_PASSWORD, value: correct-horse-battery}]}\n");
	my $run = decode_json((cleat($folder, 'lint', 'wide.yaml', '--only', 'plaintext-credential', '-o', 'sarif'))[0])->{runs}[0];
	is($run->{columnKind}, 'utf16CodeUnits', 'says so');
	is($run->{results}[0]{locations}[0]{physicalLocation}{region}{startColumn}, 87, 'a pair of surrogates counts as two');
	my $odd = "a b%#?:\xc3\xa9.yaml";
	put($odd, $pod);
	my @uris = map { $_->{locations}[0]{physicalLocation}{artifactLocation}{uri} } @{ decode_json((cleat($folder, 'lint', $odd, '-o', 'sarif'))[0])->{runs}[0]{results} };
	is($uris[0], 'a%20b%25%23%3F%3A%C3%A9.yaml', 'what may not stand in a URI is escaped');
	like((cleat($folder, 'lint', $odd, '-o', 'github'))[0], qr/^::error file=a b%25#\?%3A\xc3\xa9\.yaml,line=8/, 'what means something to GitHub, too');
};

# Fingerprints name a finding whatever else is edited: the same before and after each of these.
subtest 'fingerprints outlive unrelated edits' => sub {
	my %start = (
		'Chart.yaml' => "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
		'values.yaml' => "host: mlflow\nimage: app:latest\npassword: correct-horse-battery\nreplicas: 1\nnobody: reads\ntls: false\n",
		'templates/a.yaml' => <<'YAML',
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:
      initContainers:
        - name: wait
          image: busybox:1.36
          command: [sh, -c, 'until nc -z {{ .Values.host }} 5000; do sleep 2; done']
      containers:
        - name: main
          image: {{ .Values.image }}
          env:
            - name: DB_PASSWORD
              value: {{ .Values.password }}
            - name: TLS
              value: {{ .Values.tls | default true | quote }}
YAML
	);
	my $prints = sub {
		my ($files, $in, $target) = @_;
		put("prints/shop/$_", $files->{$_}) for keys %$files;
		my ($out) = cleat("$folder/prints/" . ($in // 'shop'), 'lint', $target // '.', '-o', 'sarif');
		like($out, qr/^{/, get("err"));
		system('rm', '-r', "$folder/prints/shop/templates");
		return join "\n", sort map { "$_->{partialFingerprints}{'cleat/v1'} $_->{ruleId}" } @{ decode_json($out)->{runs}[0]{results} };
	};
	my $before = $prints->(\%start);
	like($before, qr/ $_$/m, $_) for qw(wait-on-missing-service plaintext-credential latest-tag default-on-boolean value-unused);
	mkdir "$folder/prints/other";
	my $edit = sub { my ($name, $change) = @_; local $_ = $start{$name}; $change->(); return {%start, $name => $_} };
	my $template = 'templates/a.yaml';
	my %edits = (
		'lines above in the template' => $edit->($template, sub { $_ = "# one\n\n{{/* two */}}\n$_" }),
		'lines above in the values' => $edit->('values.yaml', sub { $_ = "# one\n\n$_" }),
		'another order of values' => $edit->('values.yaml', sub { $_ = join '', reverse map { "$_\n" } split /\n/ }),
		'a value more' => $edit->('values.yaml', sub { $_ .= "more: {a: b}\n" }),
		'another value' => $edit->('values.yaml', sub { s/replicas: 1/replicas: 7/ }),
		'an object before it' => $edit->($template, sub { $_ = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\n$_" }),
		'a container before it' => $edit->($template, sub { s/      containers:\n/      containers:\n        - {name: side, image: 'side:1'}\n/ }),
		'a label' => $edit->($template, sub { s/\{app: a\}\}\n    spec/{app: a, tier: web}}\n    spec/ }),
		'another indentation' => $edit->($template, sub { s/^(      +)/  $1/mg }),
		'quotes' => $edit->($template, sub { s/\{\{ \.Values\.password \}\}/"{{ .Values.password }}"/ }),
		'CRLF' => $edit->($template, sub { s/\n/\r\n/g }),
		'another version of the chart' => $edit->('Chart.yaml', sub { s/1\.0\.0/1.1.0/ }),
	);
	is($prints->($edits{$_}), $before, $_) for sort grep { $_ ne 'a value more' } keys %edits;
	my %known = map { $_ => 1 } split /\n/, $prints->($edits{'a value more'});
	is_deeply([grep { !$known{$_} } split /\n/, $before], [], 'a value more');
	is($prints->(\%start, '.', 'shop'), $before, 'called from above');
	is($prints->(\%start, 'other', '../shop'), $before, 'called from beside');
	is($prints->(\%start, 'other', "$folder/prints/shop"), $before, 'called by its whole path');
};

subtest 'what left a service out, in every format' => sub {
	my %files = (
		'Chart.yaml' => "{apiVersion: v2, name: t, version: 0.1.0}\n",
		'values.yaml' => "mlflow: {enabled: true}\nexternal: {enabled: false}\n",
		'prod.yaml' => "\nexternal:\n  enabled: true\n",
		'templates/train.yaml' => $pod,
		'templates/mlflow.yaml' => "{{- if and .Values.mlflow.enabled (not .Values.external.enabled) }}\napiVersion: v1\nkind: Service\n" .
			"metadata: {name: mlflow}\nspec: {selector: {app: mlflow}, ports: [{port: 5000}]}\n{{- end }}\n",
	);
	put("left-out/$_", $files{$_}) for keys %files;
	my @lint = ('lint', '.', '-f', 'prod.yaml', '--only', 'wait-on-missing-service');
	my $in = "$folder/left-out";
	like((cleat($in, @lint))[0], qr/= left out: by templates\/mlflow\.yaml:1:8, set in prod\.yaml:3:12\n/, 'text');
	like((cleat($in, @lint, '-o', 'github'))[0], qr/because external\.enabled is true%0Aleft out by templates\/mlflow\.yaml:1:8, set in prod\.yaml:3:12%0A/, 'github');
	like((cleat($in, @lint, '-o', 'junit'))[0], qr/left out by templates\/mlflow\.yaml:1:8, set in prod\.yaml:3:12\n/, 'junit');
	my @related = @{ decode_json((cleat($in, @lint, '-o', 'sarif'))[0])->{runs}[0]{results}[0]{relatedLocations} };
	is_deeply([map { [$_->{id}, $_->{physicalLocation}{artifactLocation}{uri}, $_->{physicalLocation}{region}{startLine}, $_->{message}{text}] } @related[1, 2]], [
		[2, 'prod.yaml', 3, 'external.enabled is true'],
		[3, 'templates/mlflow.yaml', 1, 'the condition that leaves out Service/mlflow'],
	], 'sarif: related locations');
	my ($finding) = findings((cleat($in, 'lint', '.', '--set', 'external.enabled=true', '-o', 'json'))[0]);
	is($finding->{leftOut}{values}{file}, '--set external.enabled=true', 'an option');
	my @sets = map { ('--values-set', $_) } 'here=values.yaml', 'there=prod.yaml';
	($finding) = grep { $_->{rule} eq 'wait-on-missing-service' } findings((cleat($in, 'lint', '.', @sets, '-o', 'json'))[0]);
	is_deeply([$finding->{sets}, $finding->{leftOut}{values}{file}], [['there'], 'prod.yaml'], 'of the set that has it');
};

subtest 'github and junit' => sub {
	my ($out) = cleat($folder, 'lint', 'pod.yaml', '-o', 'github', '--only', 'wait-on-missing-service');
	like($out, qr/^::error file=pod\.yaml,line=8,col=38,title=wait-on-missing-service::Pod\/a: init container/, 'an annotation');
	($out) = cleat($folder, 'lint', 'pod.yaml', '-o', 'junit');
	like($out, qr/<testcase classname="cleat" name="wait-on-missing-service" time="0">\n\s+<failure type="error"/, 'a failed case');
	like($out, qr/&quot;mlflow&quot;/, 'escaped');
};

subtest 'junit is valid by a schema' => sub {
	plan skip_all => 'xmllint is not installed (apt-get install libxml2-utils)' unless `xmllint --version 2>&1` =~ /version/;
	put('odd.yaml', "apiVersion: v1\nkind: Pod\nmetadata: {name: \"a]]>&<b\"}\nspec: {containers: [{name: \"caf\\u00e9\\x07\", image: busybox, env: [{name: DB_PASSWORD, value: 'x<&\"1234567'}]}]}\n");
	my %reports = (
		chart => [$top, '.'], stuck => ["$here/../lint/external-backend", '.', '-f', 'values-complete.yaml'],
		explored => ["$here/../lint/external-backend", '.', '--explore'], odd => [$folder, 'odd.yaml'], nothing => [$folder, 'nothing.yaml'],
	);
	for my $name (sort keys %reports) {
		my ($in, @arguments) = @{ $reports{$name} };
		my ($out) = cleat($in, 'lint', @arguments, '-o', 'junit', '--fail-on', 'info');
		put('report.xml', $out);
		my $said = `xmllint --noout --schema '$here/../lint/junit.xsd' '$folder/report.xml' 2>&1`;
		is($?, 0, $name) or diag($said);
	}
};

subtest 'settings' => sub {
	put('set/pod.yaml', $pod);
	put('set/.cleat.yaml', "rules:\n  wait-on-missing-service: warning\n  plaintext-credential: off\n  wait-without-end: off\n");
	my ($out, $code) = cleat($folder, 'lint', 'set', '-o', 'json');
	is_deeply([map { "$_->{severity} $_->{rule}" } findings($out)], ['warning wait-on-missing-service'], 'severities and off');
	is($code, 0, 'a warning does not fail');
	put('set/.cleat.yaml', "failOn: info\noutside:\n  services: [\"ml*\"]\nrules: {plaintext-credential: off, wait-without-end: off}\n");
	is((cleat($folder, 'lint', 'set'))[1], 0, 'outside');
	put('set/.cleat.yaml', "paths:\n  - path: '**/pod.yaml'\n    rules: {wait-on-missing-service: off, plaintext-credential: off}\n");
	is((cleat($folder, 'lint', 'set'))[1], 0, 'by path');
	put('set/.cleat.yaml', "rules:\n  latest-tag: off\noutsid: {}\n");
	is((cleat($folder, 'lint', 'set'))[1], 2, 'a wrong key');
	like(get('err'), qr/unknown key "outsid" \(did you mean "outside"\?\)/, 'and the nearest');
	like(get('err'), qr/\.cleat\.yaml:3/, 'and its line');
	put('set/.cleat.yaml', "rules:\n  latest-tg: off\n");
	cleat($folder, 'lint', 'set');
	like(get('err'), qr/no rule "latest-tg" \(did you mean "latest-tag"\?\)/, 'a wrong rule');
	is((cleat($folder, 'lint', 'set', '--no-config'))[1], 1, 'none of it');
};

subtest 'settings that are wrong' => sub {
	my %errors = (
		"a\n" => '1:1: a table of settings is expected',
		"rules: {latest-tag: off}\nrules: {}\n" => '2:1: "rules" stands here for the second time: line 1 has it, too',
		"rules:\n  latest-tag: off\n  latest-tag: error\n" => '3:3: "latest-tag" stands here for the second time: line 2 has it, too',
		"rules: {latest-tag: 1}\n" => '1:21: a rule is set to off, info, warning or error, not to "1"',
		"rules: {latest-tag: {}}\n" => '1:21: a rule is set to off, info, warning or error, not to ""',
		"rules: {latest-tag: {sev: off}}\n" => '1:22: unknown key "sev"',
		"rules: [latest-tag]\n" => '1:8: rules must be a table of rule: severity',
		"failOn: off\n" => '1:9: failOn is error, warning, info or never, not "off"',
		"failOn: {severity: info}\n" => '1:9: failOn is error, warning, info or never, not ""',
		"namespace: [a]\n" => '1:12: a name is expected here',
		"namespace:\n" => '1:11: a name is expected here',
		"clusterDomain: ''\n" => '1:16: a name is expected here',
		"outside: {hosts: [a, ~]}\n" => '1:22: a name is expected here',
		"outside: {host: [a]}\n" => '1:11: unknown key "host" (did you mean "hosts"?)',
		"paths: [{path: '*'}]\n" => '1:9: each of paths is a table of path and rules',
		"paths: [{rules: {}}]\n" => '1:9: each of paths is a table of path and rules',
		"paths: [{path: [a], rules: {}}]\n" => '1:16: a name is expected here',
		"paths: [{path: a, path: b, rules: {}}]\n" => '1:19: "path" stands here for the second time: line 1 has it, too',
		"paths: [{path: a, rule: {}}]\n" => '1:19: unknown key "rule" (did you mean "rules"?)',
		"explore: {limit: 0}\n" => '1:18: limit must be a number of configurations, from 1 to 1000000',
		"explore: 5\n" => '1:10: true or false is expected here',
		"rules: {}\n---\nrules: {}\n" => '2:1: settings are one document: what follows this line would not count',
		"rules:\n\tlatest-tag: off\n" => '2:1: yaml: line 2: found character that cannot start any token',
		"x: &x {latest-tag: off}\nrules: *x\n" => '1:1: unknown key "x"',
	);
	for my $text (sort keys %errors) {
		put('wrong.yaml', $text);
		is((cleat($folder, 'lint', 'clean.yaml', '--config', 'wrong.yaml'))[1], 2, $text);
		is(get('err'), "Error: wrong.yaml:$errors{$text}\n", 'what and where');
	}
	put('wrong.yaml', "\x00\x01\xff");
	is((cleat($folder, 'lint', 'clean.yaml', '--config', 'wrong.yaml'))[1], 2, 'no text at all');
	like(get('err'), qr/^Error: wrong\.yaml: yaml: control characters/, 'names the file');
	my @right = ('', "# nothing\n", "rules:\n  # latest-tag: off\noutside:\npaths:\nexplore:\n", "\xef\xbb\xbfrules: {latest-tag: off}\r\n",
		"rules: &r {latest-tag: off}\npaths: [{path: a, rules: *r}]\n");
	for my $text (@right) {
		put('right.yaml', $text);
		is((cleat($folder, 'lint', 'clean.yaml', '--config', 'right.yaml'))[1], 0, $text) or diag(get('err'));
	}
	put('never.yaml', "failOn: never\n");
	is((cleat($folder, 'lint', 'pod.yaml', '--config', 'never.yaml'))[1], 0, 'failOn: never');
	is((cleat($folder, 'lint', 'pod.yaml', '--config', 'never.yaml', '--fail-on', 'error'))[1], 1, 'the command line counts for more');
	cleat($folder, 'lint', 'pod.yaml', '--only', 'wait-cycl');
	like(get('err'), qr/no rule "wait-cycl" \(did you mean "wait-cycle"\?\)/, '--only, too');
};

subtest 'settings by path count from the folder of the file' => sub {
	put("two/$_/Chart.yaml", "apiVersion: v2\nname: $_\nversion: 1.0.0\n"), put("two/$_/templates/pod.yaml", $pod) for qw(a b);
	my $row = sub { "paths:\n  - {path: '$_[0]', rules: {wait-on-missing-service: off}}\n" };
	my $errors = sub { my ($in, @arguments) = @_; scalar grep { $_->{rule} eq 'wait-on-missing-service' } findings((cleat("$folder/two/$in", 'lint', @arguments, '-o', 'json'))[0]) };
	put('two/a/.cleat.yaml', $row->('templates/*.yaml'));
	is($errors->(@$_), 0, "in $_->[0], of $_->[1]") for ['.', 'a'], ['.', './a/'], ['a', '.'], ['a/templates', '..'], ['b', '../a'], ['.', "$folder/two/a"];
	put('two/.cleat.yaml', $row->('./b/templates/**'));
	is($errors->(@$_), 0, "in $_->[0], of $_->[1]") for ['.', 'b'], ['.', "$folder/two/b"], ['b', '.', '--config', '../.cleat.yaml'];
	is($errors->('a', '../b'), 1, 'the settings of another folder are not looked for');
	put('two/a/.cleat.yaml', $row->('templates/*') . "  - {path: '**/pod.yaml', rules: {wait-on-missing-service: info}}\n");
	my ($finding) = grep { $_->{rule} eq 'wait-on-missing-service' } findings((cleat("$folder/two", 'lint', 'a', '-o', 'json'))[0]);
	is($finding->{severity}, 'info', 'the last row that speaks of a rule counts');
};

subtest 'suppressions' => sub {
	my $ignored = $pod;
	$ignored =~ s/^(\s+)(command:)/$1# cleat:ignore wait-on-missing-service: made by hand\n$1$2/m;
	$ignored =~ s/(battery)$/$1 # cleat:ignore plaintext-credential: of a test/m;
	put('ignored.yaml', $ignored);
	my ($out, $code) = cleat($folder, 'lint', 'ignored.yaml');
	is($code, 0, 'above the line and behind it') or diag($out);
	like($out, qr/2 ignored in place/, 'counted');
	like((cleat($folder, 'lint', 'ignored.yaml', '--show-suppressed'))[0], qr/= ignored: made by hand/, 'shown when asked for');
	$ignored =~ s/: made by hand//;
	put('ignored.yaml', $ignored);
	like((cleat($folder, 'lint', 'ignored.yaml'))[0], qr/bad-suppression.*no reason/, 'a reason is wanted');
	put('unused.yaml', "# cleat:ignore latest-tag: why not\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
	like((cleat($folder, 'lint', 'unused.yaml'))[0], qr/unused-suppression/, 'one that nothing needs');
	my $annotated = $pod;
	$annotated =~ s/\{name: a\}/{name: a, annotations: {cleat.dev\/ignore: "wait-on-missing-service: made by hand\\nplaintext-credential: of a test"}}/;
	put('annotated.yaml', $annotated);
	is((cleat($folder, 'lint', 'annotated.yaml'))[1], 0, 'an annotation');
};

# Of a file: the rules of its findings that are not ignored, with their lines.
sub left { no warnings; join ' ', map { $_->{rule} . ':' . (($_->{template} // $_->{rendered} // $_->{values})->{line}) } grep { $_->{state} eq 'new' } findings((cleat($folder, 'lint', @_, '-o', 'json'))[0]) }

subtest 'what a suppression covers' => sub {
	put('sup/Chart.yaml', "apiVersion: v2\nname: sup\nversion: 1.0.0\n");
	my $try = sub { put('sup/templates/a.yaml', $_[0]); left('sup') };
	my $wait = sub { "$_[0]- name: wait\n$_[0]  image: busybox:1.36\n$_[0]  command: [sh, -c, 'until nc -z mlflow 5000; do sleep 2; done']\n" };
	my $head = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: main, image: 'app:1'}]\n";
	my $both = 'cleat:ignore wait-on-missing-service, wait-without-end: by hand';
	is($try->("$head  # $both\n  initContainers:\n" . $wait->('  ')), '', 'a block whose list is not indented');
	is($try->("$head  # $both\n  initContainers:\n{{- if true }}\n" . $wait->('  ') . "{{- end }}\n"), '', 'over actions at the margin');
	is($try->("$head  # $both\n  securityContext: {}\n  initContainers:\n" . $wait->('  ')),
		'wait-on-missing-service:11 unused-suppression:6 unused-suppression:6 wait-without-end:11', 'not what follows the block');
	is($try->("$head\n{{- /* $both */}}\n{{- if true }}\n  initContainers:\n" . $wait->('    ') . "{{- end }}\n"), '', 'all of an action');
	is($try->("$head\n{{- /*\nSome words.\n$both\n*/}}\n  initContainers:\n" . $wait->('    ')), '', 'below a comment of several lines');
	is($try->("{{- define \"w\" }}\n{{- /* $both */ -}}\n" . $wait->('') . "{{- end }}\n$head  initContainers:\n{{ include \"w\" . | indent 4 }}\n"), '', 'in a helper');
	is($try->("{{- range (list \"a\" \"b\") }}\n---\n" . ($head =~ s/name: a\}/name: {{ . }}}/r) . "  # $both\n  initContainers:\n" . $wait->('    ') . "{{- end }}\n"), '', 'in a loop');
	is($try->("$head  # cleat:ignore wait-on-missing-service: a\n  # cleat:ignore wait-without-end: b\n  initContainers:\n" . $wait->('    ')), '', 'two in a row');
	is($try->("$head  initContainers:\n" . ($wait->('    ') =~ s/$/ # $both/mr =~ s/ # .*//r =~ s/(done'\])/$1 # $both/r)), '', 'on the line itself');
	is($try->("$head  # cleat:ignore\n"), 'bad-suppression:6', 'one that names no rule');
	is($try->("$head  # cleat:ignore wait-on-mising-service: a\n"), 'bad-suppression:6', 'one that names none that is there');
	like((cleat($folder, 'lint', 'sup'))[0], qr/no rule "wait-on-mising-service" \(did you mean "wait-on-missing-service"\?\)/, 'and the nearest');
	is($try->($head =~ s/(name: a)/$1, annotations: {note: "see cleat:ignore: in the docs"}/r), '', 'a word in a text is none');
};

subtest 'suppressions in annotations and in the values of a subchart' => sub {
	my $try = sub { put('an.yaml', $pod =~ s/name: a\}/name: a, annotations: {cleat.dev\/ignore: "$_[0]"}}/r); left('an.yaml') };
	my $left = 'wait-on-missing-service:8 plaintext-credential:14';
	is($try->('wait-on-missing-service, wait-without-end: both'), 'plaintext-credential:14', 'several rules');
	is($try->('wait-without-end: x\n\nwait-on-missing-service: y'), 'plaintext-credential:14', 'several lines');
	is($try->('wait-without-end'), "bad-suppression:3 $left wait-without-end:8", 'no reason');
	is($try->('wait-withot-end: x'), "bad-suppression:3 $left wait-without-end:8", 'no rule');
	is($try->('wait-without-end: x\nlatest-tag: y'), "$left unused-suppression:3", 'one that nothing needs');
	put('loop/Chart.yaml', "apiVersion: v2\nname: loop\nversion: 1.0.0\n");
	put('loop/values.yaml', "names: [mlflow, here]\n");
	put('loop/templates/a.yaml', "{{- range .Values.names }}\n---\n" .
		($pod =~ s/name: a\}/name: {{ . }}, annotations: {cleat.dev\/ignore: "wait-on-missing-service: x"}}/r =~ s/mlflow/{{ . }}/r =~ s/- name: DB(.*\n)+//r =~ s/\s+env:\n\s+$/\n/r) .
		"{{- end }}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: here}\nspec: {ports: [{port: 5000}]}\n");
	is(left('loop', '--only', 'wait-on-missing-service,unused-suppression'), '', 'of a loop');
	is(left('loop'), 'wait-without-end:10 wait-without-end:10', 'one that an object of the loop needs is used');
	put('loop/charts/kid/Chart.yaml', "apiVersion: v2\nname: kid\nversion: 1.0.0\n");
	put('loop/charts/kid/values.yaml', "a: correct-horse-battery\n# cleat:ignore plaintext-credential: of a test\nb: wrong-donkey-staple\n");
	put('loop/charts/kid/templates/a.yaml', $pod =~ s/mlflow/here/r =~ s/correct-horse-battery/{{ .Values.b }}\n        - {name: X_PASSWORD, value: '{{ .Values.a }}'}/r);
	is(left('loop', '--only', 'plaintext-credential'), 'plaintext-credential:15', "a subchart's values");
	system("cd '$folder' && tar czf loop.tgz loop") == 0 or die;
	is(left('loop.tgz', '--only', 'plaintext-credential'), 'plaintext-credential:15', 'and those of an archive');
};

subtest 'baseline' => sub {
	put('old.yaml', $pod);
	cleat($folder, 'lint', 'old.yaml', '--write-baseline', 'base');
	my ($out, $code) = cleat($folder, 'lint', 'old.yaml', '--baseline', 'base');
	is($code, 0, 'known findings are kept') or diag($out);
	like($out, qr/known from the baseline/, 'and counted');
	put('old.yaml', "# moved\n" . $pod . "        - name: API_TOKEN\n          value: 9f8e7d6c5b4a3\n");
	($out, $code) = cleat($folder, 'lint', 'old.yaml', '--baseline', 'base', '-o', 'json');
	is_deeply([map { $_->{message} =~ /(API_TOKEN)/ } grep { $_->{state} eq 'new' } findings($out)], ['API_TOKEN'], 'new ones fail');
	is($code, 1, 'really');
	(my $mended = $pod) =~ s/mlflow/localhost/;
	put('old.yaml', $mended);
	like((cleat($folder, 'lint', 'old.yaml', '--baseline', 'base'))[0], qr/of the baseline mended/, 'mended ones are noted');
	(undef, $code) = cleat($folder, 'lint', 'pod.yaml', '--baseline', 'base', '--only', 'wait-without-end', '--fail-on', 'info');
	is($code, 0, 'with --only');
	unlike((cleat($folder, 'lint', 'pod.yaml', '--baseline', 'base', '--only', 'wait-without-end'))[0], qr/mended/, 'what was not looked for is not mended');
	for my $wrong ("nonsense\n", '{"version": "2.1.0"}', "0123456789abcde wait-cycle Pod/a\n", "0123456789abcdef\n", substr(get('base'), 0, -1) =~ s/ \S+ \S+\z//r) {
		put('wrong.base', $wrong);
		is((cleat($folder, 'lint', 'old.yaml', '--baseline', 'wrong.base'))[1], 2, 'what is no baseline');
		like(get('err'), qr/^Error: wrong\.base:[14]:1: this is no entry of a baseline, .*--write-baseline/, 'which line');
	}
	put('crlf.base', get('base') =~ s/\n/\r\n/gr);
	is((cleat($folder, 'lint', 'pod.yaml', '--baseline', 'crlf.base'))[1], 0, 'CRLF');
	is((cleat($folder, 'lint', 'pod.yaml', '--write-baseline', 'link'))[1], 1, 'written');
	chmod 0600, "$folder/link";
	symlink 'link', "$folder/to-link";
	cleat($folder, 'lint', 'pod.yaml', '--write-baseline', 'to-link');
	is((stat "$folder/link")[2] & 0777, 0600, 'the mode stays what it was');
	ok(-l "$folder/to-link", 'and a link a link');
	SKIP: {
		skip 'no mkfifo', 2 unless system('mkfifo', "$folder/fifo") == 0;
		my $through = `timeout 10 cat '$folder/fifo' & cd '$folder' && '$cleat' lint old.yaml --write-baseline fifo >/dev/null; wait`;
		ok(-p "$folder/fifo", 'a pipe stays a pipe');
		like($through, qr/^[0-9a-f]{16} plaintext-credential Pod\/a$/m, 'and is written to');
	}
	is((cleat($folder, 'lint', 'pod.yaml', '--write-baseline', '.'))[1], 2, 'a folder is no file');
	like(get('err'), qr/^Error: open \.: Is a directory$/m, 'as is said');
};

subtest 'values sets' => sub {
	put('chart/Chart.yaml', "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
	put('chart/values.yaml', "host: mlflow\nexists: true\n");
	put('chart/values/eu.yaml', "exists: false\n");
	put('chart/values/us.yaml', "host: mlflow\n");
	put('chart/templates/a.yaml', <<'YAML');
{{- if .Values.exists }}
apiVersion: v1
kind: Service
metadata: {name: mlflow}
spec: {ports: [{port: 5000}]}
{{- end }}
---
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  initContainers:
    - {name: w, image: 'busybox:1', command: [sh, -c, 'until nc -z {{ .Values.host }} 5000; do sleep 1; done']}
  containers: [{name: main, image: 'app:1'}]
YAML
	my ($out, $code) = cleat("$folder/chart", 'lint', '--values-set', 'eu=values/eu.yaml', '--values-set', 'us=values/us.yaml', '-o', 'json');
	my ($missing) = grep { $_->{rule} eq 'wait-on-missing-service' } findings($out);
	is_deeply($missing->{sets}, ['eu'], 'a finding says which sets it belongs to');
	is_deeply([@{ $missing->{template} }{qw(file line)}], ['templates/a.yaml', 13], 'the template line');
	is_deeply([@{ $missing->{values} }{qw(file line)}, $missing->{valuesPath}], ['values.yaml', 1, 'host'], 'the values line');
	my ($endless) = grep { $_->{rule} eq 'wait-without-end' } findings($out);
	is(scalar(grep { $_->{rule} eq 'wait-without-end' } findings($out)), 2, 'findings with other values lines are two');
	like((cleat("$folder/chart", 'lint', '--values-set', 'eu=values/eu.yaml', '--values-set', 'us=values/us.yaml'))[0],
		qr/= only with: eu/, 'for people, too');
	is((cleat("$folder/chart", 'lint', '--values-set', 'eu'))[1], 2, 'a set needs files');
	is((cleat("$folder/chart", 'lint', '--values-set', 'eu=none.yaml'))[1], 2, 'that are there');
};

subtest 'values sets that are wrong' => sub {
	my $in = "$folder/chart";
	my %errors = (
		'a=' => 'must be NAME=FILE', '=values/eu.yaml' => 'must be NAME=FILE', 'a=values/eu.yaml,' => 'must be NAME=FILE',
		'a=values/eu.yaml,,values/us.yaml' => 'must be NAME=FILE', 'a=none.yaml' => '^Error: values set a: open none\.yaml',
	);
	for my $set (sort keys %errors) {
		is((cleat($in, 'lint', '--values-set', $set))[1], 2, $set);
		like(get('err'), qr/$errors{$set}/, 'why');
	}
	is((cleat($in, 'lint', '--values-set', 'a=values/eu.yaml', '--values-set', 'a=values/us.yaml'))[1], 2, 'a name twice');
	is(get('err'), "Error: there are two values sets called a\n", 'why');
	my $once = "Error: standard input can be read once: it stands for the values of several sets here\n";
	for my $words ([qw(--values-set a=- --values-set b=-)], [qw(-f - --values-set a=values/eu.yaml --values-set b=values/us.yaml)]) {
		is((cleat($in, 'lint', @$words))[1], 2, "@$words");
		is(get('err'), $once, 'why');
	}
	is((cleat($in, 'lint', qw(--values-set a=- --values-set b=values/eu.yaml)))[1] & 2, 0, 'standard input once');
	put('chart/values/bad.yaml', "exists: [\n");
	is((cleat($in, 'lint', '--values-set', 'eu=values/eu.yaml', '--values-set', 'bad=values/bad.yaml'))[1], 2, 'a set that cannot be read');
	like(get('err'), qr/^Error: values set bad: /, 'names the set');
	for my $words (['-f', 'values/eu.yaml'], ['--set', 'a=b'], ['--values-set', 'eu=values/eu.yaml']) {
		is((cleat($in, 'lint', '../pod.yaml', @$words))[1], 2, "$words->[0] for a manifest");
		is(get('err'), "Error: ../pod.yaml is no chart: manifests take no values\n", 'why');
	}
};

subtest 'graph' => sub {
	my ($out, $code) = cleat("$here/../lint/external-backend", 'graph', '.', '-f', 'values-complete.yaml');
	like($out, qr/^Deployment\/eval  \(never starts\)\n  \+- mlflow:5000  MISSING\n/m, 'missing ends');
	is($code, 0, 'exit code');
	put('cycle.yaml', join '', map { my ($a, $b) = @$_; <<"YAML" } ['a', 'b'], ['b', 'a']);
---
apiVersion: v1
kind: Service
metadata: {name: $a}
spec: {selector: {app: $a}, ports: [{port: 1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: $a, labels: {app: $a}}
spec:
  initContainers: [{name: w, image: 'busybox:1', command: [sh, -c, 'until nc -z $b 1; do sleep 1; done']}]
  containers: [{name: main, image: 'app:1'}]
YAML
	like((cleat($folder, 'graph', 'cycle.yaml'))[0], qr/^Pod\/a  \(in a cycle: never starts\)\n  `- b:1 -> Pod\/b  CYCLE$/m, 'cycles');
	like((cleat($folder, 'graph', 'cycle.yaml', '-o', 'dot'))[0], qr/n0 -> n1 \[label="b:1", color=red/, 'dot');
	like((cleat($folder, 'graph', 'cycle.yaml', '-o', 'svg'))[0], qr/^<svg .*<rect class="stuck".*<\/svg>$/ms, 'svg');
	my ($empty) = cleat($folder, 'graph', 'clean.yaml', '-o', 'svg');
	like($empty, qr/>nothing waits for anything<.*<\/svg>$/s, 'a picture of nothing says so');
	# a waits for b and c, b for c: the line from a to c goes round b's box, not behind it.
	my $chain = join '', map { my ($name, @for) = @$_; <<"YAML" } ['a', 'b', 'c'], ['b', 'c'], ['c'];
---
apiVersion: v1
kind: Service
metadata: {name: $name}
spec: {selector: {app: $name}, ports: [{port: 1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: $name, labels: {app: $name}}
spec:
  initContainers: [@{[join ', ', map { "{name: w-$_, image: 'busybox:1', command: [sh, -c, 'until nc -z $_ 1; do sleep 1; done']}" } @for]}]
  containers: [{name: main, image: 'app:1'}]
YAML
	put('chain.yaml', $chain);
	my ($svg) = cleat($folder, 'graph', 'chain.yaml', '-o', 'svg');
	my ($x, $y, $width) = $svg =~ /<rect class="box" x="(\d+)" y="(\d+)" width="(\d+)" height="32" rx="4"\/>\n<text x="\d+" y="\d+">Pod\/b</;
	my ($around) = grep { / L/ } $svg =~ /<path class="good" d="([^"]+)"/g;
	my ($lane_x, $lane_y, $end_x) = ($around // "") =~ /^M(\d+) (\d+) L(\d+) \2 C/;
	is_deeply([$lane_x, $end_x], [$x, $x + $width], 'a lane through the column of b');
	ok($lane_y < $y || $lane_y > $y + 32, 'beside its box');
	put('long.yaml', $chain =~ s/\{name: a, labels/{name: @{['n' x 200]}, labels/r);
	($svg) = cleat($folder, 'graph', 'long.yaml', '-o', 'svg');
	my ($wide) = $svg =~ /width="(\d+)" height="32" rx="4"\/>\n<text x="\d+" y="\d+">Pod\/n{200}</;
	cmp_ok($wide, '>', 204 * 7.2, 'a long name fits into its box');
	put('hostile.yaml', $chain =~ s/metadata: \{name: b,/metadata: {name: "]]><script>\\"&'\\n\\e[31m\\\\",/r);
	for my $format (qw(text dot svg)) {
		my ($drawn) = cleat($folder, 'graph', 'hostile.yaml', '-o', $format);
		unlike($drawn, qr/\x1b/, "$format: no orders to a terminal");
		put("hostile.$format", $drawn);
	}
	SKIP: {
		skip 'xmllint is not installed', 1 unless `xmllint --version 2>&1` =~ /version/;
		is(system("xmllint --noout '$folder/hostile.svg'"), 0, 'svg: XML whatever the names are');
	}
	SKIP: {
		skip 'graphviz is not installed', 1 unless `dot -V 2>&1` =~ /version/;
		is(system("dot -Tplain '$folder/hostile.dot' >/dev/null"), 0, 'dot: read by Graphviz');
	}
	put('ends/.cleat.yaml', "outside: {services: [broker]}\n");
	put('ends/ends.yaml', <<'END');
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  initContainers:
  - {name: a, image: busybox:1.37, command: [sh, -c, 'until nc -z broker 9092; do sleep 1; done']}
  - {name: b, image: busybox:1.37, command: [sh, -c, 'until nc -z gone 80; do sleep 1; done']}
  - {name: c, image: kubectl:1, command: [sh, -c, 'kubectl wait $(kubectl get job -o name) --for=condition=Complete']}
  containers:
  - {name: main, image: i:1}
END
	is((cleat("$folder/ends", 'graph', 'ends.yaml'))[0],
		"Pod/p  (never starts)\n  +- broker:9092  outside\n  `- gone:80  MISSING\n",
		'what others provide is outside, what is gone is missing, what nobody can know is left out');
	is((cleat($folder, 'graph', 'clean.yaml'))[0], "nothing waits for anything\n", 'nothing');
};

done_testing();
