#!/usr/bin/perl
# `cleat render`: what no Helm can be asked about. Cases that compare with Helm are in tests/charts/.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

my $cleat = abs_path($ENV{CLEAT} // dirname(abs_path(__FILE__)) . '/../../build/cleat');
my $dir = tempdir(CLEANUP => 1);

sub put {
	my ($path, $text, $mode) = @_;
	make_path(dirname("$dir/$path"));
	open my $out, '>:raw', "$dir/$path" or die "$path: $!";
	print $out $text;
	close $out;
	chmod $mode, "$dir/$path" if $mode;
}
sub get { open my $in, '<:raw', $_[0] or return ''; local $/; return scalar(<$in>) // '' }
sub run {
	my ($args) = @_;
	local %ENV = (%ENV, HOME => $dir);
	delete @ENV{ grep { /^KUBE|^HELM_/ } keys %ENV };
	system '/bin/sh', '-c', "cd '$dir' && $args >out 2>err </dev/null";
	return ($? >> 8 || $? & 127, get("$dir/out"), get("$dir/err"));
}
sub is_misuse {
	my ($args, $want, $name) = @_;
	my ($code, $out, $err) = run("'$cleat' render $args");
	is($code, 2, "$name: exit code");
	is($out, '', "$name: nothing on standard output");
	like($err, $want, "$name: message");
	is(() = $err =~ /\n/g, 1, "$name: one line");
}

put('c/Chart.yaml', "apiVersion: v2\nname: c\nversion: 0.1.0\n");
put('c/values.yaml', "a: 1\n");
put('c/templates/a.yaml', "kind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\na: {{ .Values.a }}\n");
my $shown = "---\n# Source: c/templates/a.yaml\nkind: ConfigMap\nmetadata: {name: release-name}\na: 1\n";

is_deeply([ run("(cd c && '$cleat' render)") ], [ 0, $shown, '' ], 'no arguments: the chart in the current folder');
is_deeply([ run("'$cleat' render c") ], [ 0, $shown, '' ], 'one argument: a chart');
is_deeply([ run("'$cleat' template c") ], [ 0, $shown, '' ], 'template is another name of it');
symlink $cleat, "$dir/render";
is_deeply([ run("(cd c && ../render --set a=1)") ], [ 0, $shown, '' ], 'called as render');

is_misuse('c --vlaues x', qr/^Error: unknown flag: --vlaues \(did you mean --values\?\)$/, 'a misspelt option');
is_misuse('c --repo https://x/y', qr/^Error: --repo needs the network/, '--repo');
is_misuse('c --verify', qr/^Error: --verify is not done/, '--verify');
is_misuse('c --dry-run=server', qr/^Error: --dry-run=server needs a cluster/, '--dry-run=server');
is_misuse('oci://x/y', qr/helm pull oci:\/\/x\/y --untar/, 'an oci chart');
is_misuse('https://x/y.tgz', qr/helm pull https:/, 'a chart by URL');
is_misuse('bitnami/nginx', qr/helm pull bitnami\/nginx --untar/, 'a chart of a repository');
is_misuse('nope', qr/there is no chart at "nope"/, 'a chart that is not there');
is_misuse('c -f https://x/v.yaml', qr/^Error: values from https:.*network/, 'values by URL');
is_misuse('c --seed x', qr/"--seed"/, 'a seed that is no number');
is_misuse('c --now yesterday', qr/"--now"/, 'a time that is none');
is_misuse('c -f nope.yaml', qr/^Error: open nope.yaml: no such file or directory$/, 'a missing values file');
is_misuse('c --set-file a=nope', qr/open nope: no such file/, 'a missing file for --set-file');
{
	my ($code, $out, $err) = run("'$cleat' render c --validate");
	is("$code|$out", '2|', '--validate is refused');
}

# Random and time.
put('r/Chart.yaml', "apiVersion: v2\nname: r\nversion: 0.1.0\n");
put('r/templates/a.yaml', "a: {{ randAlphaNum 20 }}\nt: {{ now | date \"2006-01-02T15:04:05\" }} {{ now | unixEpoch }}\n");
my $one = join '|', run("'$cleat' render r --seed 7 --now 2026-01-31T12:00:00+02:00");
is(join('|', run("'$cleat' render r --seed 7 --now 2026-01-31T12:00:00+02:00")), $one, '--seed and --now repeat a render');
like($one, qr/ 1769853600$/m, '--now is the time given');
isnt((run("'$cleat' render r --seed 8 --now 0"))[1], (run("'$cleat' render r --seed 7 --now 0"))[1], 'another seed, another render');
isnt((run("'$cleat' render r"))[1], (run("'$cleat' render r"))[1], 'no seed, another render each time');

# Each function of chance and of the clock by itself.
my %chance = (
	(map { $_ => "$_ 12" } qw(randAlpha randAlphaNum randAscii randBytes randNumeric)),
	randInt => 'randInt 0 1000000000', shuffle => 'shuffle "abcdefghijklmnop"', uuidv4 => 'uuidv4', bcrypt => 'bcrypt "x"', htpasswd => 'htpasswd "a" "b"',
	encryptAES => 'encryptAES "k" "v"', (map { ("genPrivateKey-$_" => "genPrivateKey \"$_\"") } qw(rsa dsa ecdsa ed25519)),
	genCA => '(genCA "a" 1).Cert', genSelfSignedCert => '(genSelfSignedCert "a" nil nil 1).Key', genSignedCert => '(genSignedCert "a" nil nil 1 (genCA "a" 1)).Cert',
	genCAWithKey => '(genCAWithKey "a" 1 (genPrivateKey "ecdsa")).Cert', genSelfSignedCertWithKey => '(genSelfSignedCertWithKey "a" nil nil 1 (genPrivateKey "ed25519")).Cert',
	genSignedCertWithKey => '(genSignedCertWithKey "a" nil nil 1 (genCAWithKey "a" 1 (genPrivateKey "ecdsa")) (genPrivateKey "ed25519")).Cert',
);
my %clock = (
	now => 'now | toString', date => 'date "2006-01-02T15:04:05" nil', dateInZone => 'dateInZone "15:04:05" nil "Asia/Tokyo"', date_in_zone => 'date_in_zone "15:04:05" nil "UTC"', htmlDate => 'htmlDate nil',
	htmlDateInZone => 'htmlDateInZone nil "UTC"', ago => 'ago (toDate "2006" "2020")', durationRound => 'durationRound (toDate "2006" "2020")', unixEpoch => 'now | unixEpoch', dateModify => 'now | dateModify "1h" | toString',
);
put('f/Chart.yaml', "apiVersion: v2\nname: f\nversion: 0.1.0\n");
put('f/templates/a.yaml', join '', map { "$_: {{ " . ($chance{$_} // $clock{$_}) . " | quote }}\n" } sort(keys %chance), sort(keys %clock));
sub each_of { return { map { /^([\w-]+): (.*)/ ? ($1 => $2) : () } split /\n/, (run("'$cleat' render f @_"))[1] } }
my ($same, $again, $seed, $time) = map { each_of($_) } ('--seed 3 --now 1700000000') x 2, '--seed 4 --now 1700000000', '--seed 3 --now 1400000000';
is($again->{$_}, $same->{$_}, "$_ repeats") for sort keys %chance, sort keys %clock;
isnt($seed->{$_}, $same->{$_}, "$_ hangs on the seed") for sort keys %chance;
isnt($time->{$_}, $same->{$_}, "$_ hangs on the time") for sort keys %clock;

# A failed render says nothing on standard output, and where it failed.
put('e/Chart.yaml', "apiVersion: v2\nname: e\nversion: 0.1.0\n");
put('e/values.yaml', "img:\n  tag: \"a: b\"\n");
put('e/templates/a.yaml', "kind: X\nspec:\n  image: {{ .Values.img.tag }}\n");
put('e/templates/b.yaml', "ok: 1\n");
{
	my ($code, $out, $err) = run("'$cleat' render e");
	is($code, 1, 'no YAML: exit code');
	is($out, '', 'no YAML: nothing on standard output');
	like($err, qr/^Error: YAML parse error on e\/templates\/a.yaml: error converting YAML to JSON: yaml: line 3: /, 'no YAML: Helm\'s words');
	like($err, qr/^>    3 \|   image: a: b$/m, 'no YAML: the rendered line');
	like($err, qr/^  template e\/templates\/a.yaml:3$/m, 'no YAML: the template line');
	like($err, qr/^  value img.tag from e\/values.yaml:2$/m, 'no YAML: the value');
}
# go-yaml's number is often that of the line above, or of the end of the document: the lines that count are marked.
put('e/templates/a.yaml', "kind: X\nspec:\n  labels:\n    a: b\n    {{- toYaml .Values.img | nindent 3 }}\n");
{
	my (undef, undef, $err) = run("'$cleat' render e");
	like($err, qr/: yaml: line 4: did not find expected key$/m, 'a wrong indent: Helm\'s words');
	like($err, qr/^>    5 \|    tag: 'a: b'$/m, 'a wrong indent: the line where reading stopped');
	like($err, qr/^line 5, where reading stopped, was made by\n  template e\/templates\/a.yaml:5\n  value img.tag from e\/values.yaml:2$/m, 'a wrong indent: who made it');
}
put('e/values.yaml', "cert: |\n  one\n  two\n");
put('e/templates/a.yaml', "kind: X\nspec:\n  cert: {{ .Values.cert }}\n");
{
	my (undef, undef, $err) = run("'$cleat' render e");
	like($err, qr/^>    4 \| two\nline 4 was made by\n  template e\/templates\/a.yaml:3\n  value cert from e\/values.yaml:1$/m, 'a text of several lines in a scalar');
}
put('e/templates/a.yaml', "kind: X\nspec:\n  a: \"{{ \"open\" }}\n" . join '', map { "  k$_: 1\n" } 1 .. 12);
{
	my (undef, undef, $err) = run("'$cleat' render e");
	like($err, qr/^>    3 \|   a: "open\n.*^       \.\.\.\n.*^>   15 \|   k12: 1$/ms, 'a quote that is not closed: where it began and where reading stopped');
}
put('s/Chart.yaml', "apiVersion: v2\nname: s\nversion: 0.1.0\n");
put('s/values.yaml', "a: {num: x}\n");
put('s/values.schema.json', '{"properties": {"a": {"properties": {"num": {"type": "integer"}, "m": {"type": "string"}}, "additionalProperties": false}}}');
put('s-values.yaml', "a:\n  typo: 1\n");
{
	my ($code, $out, $err) = run("'$cleat' render s -f s-values.yaml --set a.m=5");
	is("$code|$out", '1|', 'values that a schema refuses: nothing on standard output');
	like($err, qr{^- at '/a': additional properties 'typo' not allowed\n.*^s-values.yaml:2:9  a.typo$}ms, 'refused values: the line of a key that is not allowed');
	like($err, qr{^s/values.yaml:1:10  a.num$}m, 'refused values: the line of a default');
	like($err, qr{^--set a.m=5$}m, 'refused values: the flag');
	unlike((run("'$cleat' render s -f - <s-values.yaml"))[2], qr{a.typo}, 'refused values of standard input: what Helm says, since it is gone');
}
put('p/Chart.yaml', "apiVersion: v2\nname: p\nversion: 0.1.0\n");
put('p/templates/a.yaml', "a: 1\nb: {{ .Values.x.y }}\n");
{
	my ($code, $out, $err) = run("'$cleat' render p");
	is("$code|$out", '1|', 'a template error: nothing on standard output');
	like($err, qr/^  2 \| b: \{\{ \.Values\.x\.y \}\}\n +\| +\^$/m, 'a template error: the line and a caret');
}

# --output-dir
put('o/Chart.yaml', "apiVersion: v2\nname: o\nversion: 0.1.0\n");
put('o/crds/x.yaml', "kind: CustomResourceDefinition\n");
put('o/templates/a.yaml', "kind: A\n---\nkind: B\n");
put('o/templates/h.yaml', "kind: Job\nmetadata: {annotations: {helm.sh/hook: pre-install}}\n");
is_deeply([ run("'$cleat' render o --output-dir out.d --include-crds") ],
	[ 0, "wrote out.d/o/crds/x.yaml\nwrote out.d/o/templates/a.yaml\nwrote out.d/o/templates/a.yaml\nwrote out.d/o/templates/h.yaml\n\n", '' ],
	'--output-dir says what it wrote') or diag(get("$dir/out"));
is(get("$dir/out.d/o/templates/a.yaml"), "---\n# Source: o/templates/a.yaml\nkind: A\n---\n# Source: o/templates/a.yaml\nkind: B\n", '--output-dir: a file of two documents');
run("'$cleat' render x o --output-dir out2 --release-name");
ok(-f "$dir/out2/x/o/templates/a.yaml", '--release-name is part of the path');
mkdir "$dir/target";
make_path("$dir/out3/o");
symlink "$dir/target", "$dir/out3/o/templates";
{
	my ($code, $out, $err) = run("'$cleat' render o --output-dir out3");
	is($code, 1, '--output-dir: a link that leads out is refused');
	like($err, qr/outside of --output-dir/, '--output-dir: and named');
	is(join('', glob "$dir/target/*"), '', '--output-dir: nothing is written there');
}

# --post-renderer
put('post.sh', "#!/bin/sh\nsed 's/kind: A/kind: Z/'; echo \"\$@\" >&2\n", 0755);
is_deeply([ run("'$cleat' render o --post-renderer ./post.sh --post-renderer-args one --post-renderer-args 'two three'") ],
	[ 0, "---\n# Source: o/templates/a.yaml\nkind: B\n---\n# Source: o/templates/a.yaml\nkind: Z\n---\n# Source: o/templates/h.yaml\nkind: Job\nmetadata: {annotations: {helm.sh/hook: pre-install}}\n",
		"one two three\n" ], '--post-renderer runs a program') or diag(get("$dir/out"));
put('evil.sh', "#!/bin/sh\nprintf \"kind: E\\nmetadata:\\n  annotations:\\n    postrenderer.helm.sh/postrender-filename: '../../evil.yaml'\\n\"\n", 0755);
{
	my ($code, $out, $err) = run("'$cleat' render o --post-renderer ./evil.sh --output-dir out4/deep");
	is($code, 1, 'a post-renderer can not write outside');
	ok(!-e "$dir/evil.yaml" && !-e "$dir/out4/evil.yaml", 'and nothing is there');
}
for ('false', './nope') {
	my ($code, $out, $err) = run("'$cleat' render o --post-renderer $_");
	is("$code|$out", '1|', "post-renderer $_ fails the render");
	like($err, qr/^Error: error while running post render on files: post-renderer "\Q$_\E": /, "post-renderer $_ is named");
}
# More than a pipe holds, both ways.
put('big/Chart.yaml', "apiVersion: v2\nname: big\nversion: 0.1.0\n");
put('big/templates/a.yaml', "{{ range until 20000 }}\n---\nkind: ConfigMap\nmetadata: {name: n{{ . }}}\n{{ end }}");
is((() = (run("'$cleat' render big --post-renderer cat"))[1] =~ /^kind:/mg), 20000, 'a large stream goes through a post-renderer');

# Namespaces.
put('n/Chart.yaml', "apiVersion: v2\nname: n\nversion: 0.1.0\n");
put('n/templates/a.yaml', "ns: {{ .Release.Namespace }}\n");
put('k.yaml', "current-context: x\ncontexts:\n- name: x\n  context: {namespace: fromfile}\n- name: second\n  context: {namespace: other}\n");
like((run("'$cleat' render n"))[1], qr/ns: default/, 'the namespace is default');
like((run("HELM_NAMESPACE=env '$cleat' render n"))[1], qr/ns: env/, 'HELM_NAMESPACE');
like((run("KUBECONFIG=k.yaml '$cleat' render n"))[1], qr/ns: fromfile/, 'the namespace of the kubeconfig');
like((run("KUBECONFIG=k.yaml '$cleat' render n --kube-context second"))[1], qr/ns: other/, 'the namespace of a context');
like((run("KUBECONFIG=k.yaml HELM_NAMESPACE=env '$cleat' render n -n flag"))[1], qr/ns: flag/, '--namespace counts most');

# Control characters of a chart give a terminal no orders.
put('t/Chart.yaml', "apiVersion: v2\nname: t\nversion: 0.1.0\n");
put('t/templates/a.yaml', "{{ fail \"\\x1b[31mred\" }}\n");
unlike((run("'$cleat' render t"))[2], qr/\x1b/, 'an error has no escape sequences');

# dependency list
is_deeply([ run("'$cleat' dependency list c") ], [ 0, "WARNING: no dependencies at c/charts\n", '' ], 'no dependencies');
put('d/Chart.yaml', "apiVersion: v2\nname: d\nversion: 0.1.0\ndependencies:\n- name: c\n  version: 0.1.x\n  repository: https://x\n- name: gone\n  version: 1.0.0\n");
make_path("$dir/d/charts");
system "cp -r '$dir/c' '$dir/o' '$dir/d/charts/'";
is_deeply([ run("'$cleat' dep ls d") ], [ 0, "NAME\tVERSION\tREPOSITORY\tSTATUS  \nc   \t0.1.x  \thttps://x \tunpacked\ngone\t1.0.0  \t          \tmissing \n\nWARNING: \"d/charts/o\" is not in Chart.yaml.\n", '' ], 'dependency list');
{
	my ($code, $out, $err) = run("'$cleat' render d");
	like($err, qr/missing in charts\/ directory: gone\n\nlooked for them in d\/charts$/m, 'a missing dependency, and where it was looked for');
	is((run("'$cleat' dependency update d"))[0], 2, 'dependency update is refused');
}

# --help
like((run("'$cleat' render --help"))[1], qr/^Usage: cleat render .*--seed N.*--show-only/s, '--help is printed from the table');
done_testing();
