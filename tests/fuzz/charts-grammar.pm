package ChartsGrammar;

# Random charts with the command lines that render them: subcharts in several levels, conditions, tags, aliases,
# imports, nulls, globals, schemas, broken documents, values files and --set. The same number makes the same case.

use strict;
use warnings;

my @CHARTS = qw(c s t u);
my @KEYS = (qw(a b enabled x s t u global tags exports), 'k.k', 'n', '1', 'Z');
my @KINDS = qw(ConfigMap Secret Deployment Service Namespace Job CustomResourceDefinition Pod Widget PriorityClass);

sub pick { return $_[ int rand @_ ] }
sub chance { return rand() < $_[0] }
sub some { my ($most, $make) = @_; return map { $make->() } 1 .. int rand($most + 1) }

my @SCALARS = ('null', '~', '', 'true', 'false', 'yes', '0', '1', '-3', '1.5', '1e3', '1e21', '0777', '0x1f', '12345678901234567890', '1_000', '.inf',
	'""', '"text"', 'plain', "'single'", '"a\nb"', '2001-01-01', '1:30', '"{{ .Release.Name }}"', '[]', '{}', '"null"', '"true"', '!!str 1', '1.0', '123456789');

# --- values ---

sub scalar_text { return pick(@SCALARS) }

sub value_lines {
	my ($indent, $depth) = @_;
	my $pad = '  ' x $indent;
	if ($depth > 0 && chance(0.55)) {
		return "\n" . table_lines($indent + 1, $depth - 1);
	}
	if ($depth > 0 && chance(0.2)) {
		return "\n" . join '', map { chance(0.3) ? "$pad- {" . pick(@KEYS) . ': ' . pick(1, 'null', 'q') . "}\n" : "$pad- " . scalar_text() . "\n" } 0 .. int rand 3;
	}
	return ' ' . scalar_text() . "\n";
}

sub table_lines {
	my ($indent, $depth, @always) = @_;
	my (%seen, $text);
	$text = '';
	for my $key (@always, some(4, sub { pick(@KEYS) })) {
		next if $seen{$key}++;
		$text .= ('  ' x $indent) . (chance(0.02) ? "\"$key\"" : $key) . ':' . value_lines($indent, $depth);
	}
	$text = ('  ' x $indent) . pick(@KEYS) . ": " . scalar_text() . "\n" if $text eq '';
	return $text;
}

sub values_text {
	my (@always) = @_;
	return pick('', "# nothing\n", "null\n", "{}\n", "[]\n", "text\n", "a: 1\n---\nb: 2\n", "---\na: 1\n...\n") if chance(0.04);
	my $text = table_lines(0, 3, @always);
	$text = "---\n$text" if chance(0.03);
	$text =~ s/\n/\r\n/g if chance(0.02);
	$text = "\xef\xbb\xbf$text" if chance(0.02);
	$text =~ s/^(\s*\w+: .*\n)/$1$1/m if chance(0.02);
	return $text;
}

# --- schemas ---

my @TYPES = ('"object"', '"string"', '"integer"', '"number"', '"boolean"', '"null"', '"array"', '["string","null"]', '["object","null"]', '["integer","string"]');

sub schema_node {
	my ($depth) = @_;
	my @parts;
	push @parts, '"type":' . ($depth == 3 ? pick(('"object"') x 6, @TYPES) : pick(@TYPES)) if chance(0.7);
	push @parts, '"required":[' . join(',', map { "\"$_\"" } (pick(@KEYS), some(1, sub { pick(@KEYS) }))) . ']' if chance(0.3);
	push @parts, '"additionalProperties":' . ($depth > 0 && chance(0.3) ? schema_node($depth - 1) : pick('false', 'true')) if chance(0.2);
	push @parts, '"' . pick('minLength', 'maxLength', 'minProperties', 'maxProperties', 'minItems', 'maxItems') . '":' . int rand 4 if chance(0.25);
	push @parts, '"' . pick('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf') . '":' . pick(1, 2, 1.5, 10, 0.1, 1000000, 'true') if chance(0.25);
	push @parts, '"pattern":' . pick('"^[a-z]+$"', '"^\\\\d+$"', '"x|y"', '""') if chance(0.15);
	push @parts, '"enum":[' . join(',', map { pick('1', '"a"', 'null', 'true', '{}', '[1]', '1.5', '"text"') } 0 .. int rand 3) . ']' if chance(0.12);
	push @parts, '"const":' . pick('1', '"a"', 'null', '{"a":1}', '1e3') if chance(0.06);
	push @parts, '"format":"' . pick(qw(ipv4 email date-time uri hostname duration uuid regex nonsense)) . '"' if chance(0.08);
	push @parts, '"uniqueItems":true' if chance(0.05);
	push @parts, '"$ref":"#/' . pick('definitions', '$defs') . '/' . pick('d', 'e') . '"' if chance(0.1);
	if ($depth > 0) {
		push @parts, '"properties":{' . join(',', uniq_pairs(map { [ pick(@KEYS), schema_node($depth - 1) ] } 0 .. int rand 4)) . '}' if chance(0.6);
		push @parts, '"patternProperties":{"' . pick('^[a-m]', '.', 'x$') . '":' . schema_node($depth - 1) . '}' if chance(0.1);
		push @parts, '"propertyNames":' . schema_node(0) if chance(0.06);
		push @parts, '"items":' . schema_node($depth - 1) if chance(0.2);
		push @parts, '"' . pick('anyOf', 'oneOf', 'allOf') . '":[' . join(',', map { schema_node($depth - 1) } 0 .. int rand 3) . ']' if chance(0.15);
		push @parts, '"not":' . schema_node($depth - 1) if chance(0.06);
		push @parts, '"if":' . schema_node($depth - 1) . ',"then":' . schema_node($depth - 1) . (chance(0.5) ? ',"else":' . schema_node($depth - 1) : '') if chance(0.06);
		push @parts, '"' . pick('dependentRequired', 'dependencies') . '":{"' . pick(@KEYS) . '":["' . pick(@KEYS) . '"]}' if chance(0.05);
		push @parts, '"contains":' . schema_node($depth - 1) if chance(0.04);
	}
	my %seen;
	return '{' . join(',', grep { /^"([^"]*)"/; !$seen{$1}++ } @parts) . '}';
}

sub uniq_pairs { my %seen; return map { $seen{ $_->[0] }++ ? () : "\"$_->[0]\":$_->[1]" } @_ }

sub schema_text {
	my $draft = pick('', '', 'http://json-schema.org/draft-04/schema#', 'http://json-schema.org/draft-06/schema#', 'http://json-schema.org/draft-07/schema#',
		'https://json-schema.org/draft/2019-09/schema', 'https://json-schema.org/draft/2020-12/schema');
	my $text = schema_node(3);
	my $head = ($draft ne '' ? "\"\$schema\":\"$draft\"," : '') . (chance(0.3) ? '"' . pick('definitions', '$defs') . '":{"d":' . schema_node(1) . ',"e":' . schema_node(1) . '},' : '');
	$text =~ s/^\{/{$head/;
	$text =~ s/,\}$/}/;
	# A line to each keyword, so that the case can be made small.
	$text =~ s/([{,])(?=")/$1\n/g;
	return "$text\n";
}

# --- templates ---

sub document {
	my ($name) = @_;
	my $kind = pick(@KINDS);
	my @annotations;
	push @annotations, "    helm.sh/hook: " . pick('pre-install', 'post-install', 'test', 'test-success', 'pre-install,post-upgrade', 'crd-install', 'none', '""', 'post-delete, pre-install') if chance(0.3);
	push @annotations, "    helm.sh/hook-weight: " . pick('"1"', '"-5"', '"x"', '""', '"0"', "5") if chance(0.2);
	push @annotations, "    helm.sh/resource-policy: keep" if chance(0.05);
	return join "\n", "apiVersion: " . pick('v1', 'apps/v1', '""', 'x/v2'), "kind: $kind", 'metadata:', "  name: " . pick($name, "$name-{{ .Release.Name }}", '{{ .Chart.Name }}', 'n'),
		(@annotations ? ('  annotations:', @annotations) : ()), pick('', 'data: {a: {{ .Values.a | toJson }}}', 'spec: {{ .Values.x | default dict | toYaml | nindent 2 }}', '# {{ keys .Values | sortAlpha }}'), '';
}

my @DUMPS = ('v: {{ toJson .Values }}', 'v: {{ .Values | toYaml | nindent 2 }}', 'v: {{ .Subcharts | keys | sortAlpha | toJson }}', 'v: {{ .Chart.Name }} {{ .Chart.Version }} {{ .Chart.IsRoot }} {{ .Chart.Type }}',
	'v: {{ toJson .Values.global }}', 'v: {{ .Values.a }} {{ .Values.b.x }}', 'v: {{ range $k, $v := .Subcharts }}{{ $k }}: {{ toJson $v.Values }} {{ $v.Chart.Name }} {{ end }}', 'v: {{ include "d" . }}',
	'v: {{ .Template.Name }} {{ .Template.BasePath }}', 'v: {{ .Files.Get "f.txt" }}', 'v: {{ typeOf .Values.x }} {{ kindOf .Values.s }}', 'v: {{ tpl (toString .Values.x) . }}', '{{ $_ := set .Values "added" 1 }}w: {{ toJson .Values }}',
	'v: {{ .Release | toJson }}', 'v: {{ .Capabilities.KubeVersion }} {{ .Capabilities.APIVersions.Has "x/v1" }}', 'v: {{ required "needs a" .Values.a }}', 'v: {{ .Values.exports | toJson }}', 'v: {{ .Values.s.x }}', 'v: {{ index .Values "k.k" }}',
	'v: {{ .Values.tags | toJson }} {{ .Chart.Dependencies | toJson }}', 'v: {{ if .Values.enabled }}on{{ else }}off{{ end }}', '{{ if .Values.enabled }}v: 1{{ end }}', 'v: {{ .Chart | toJson }}');

my @BROKEN = ('a: b: c', "\tx: 1", "a:\n  b: 1\n c: 2", '- a', 'text', '{', '"', "a: [1", "a: *x", '%', "a: 1\na: 2", "? x", "a: \"\\q\"", "\x01", "- a\nb: 1", '{{ fail "no" }}', '{{ .Values.a.b.c.d }}', '{{ nofunc }}', '{{ if }}', '{{ end }}', '{{ include "nope" . }}', '{{ template "d" . }}', "a: |\n b\n  c\n d: e\nf");

sub template_text {
	my ($name) = @_;
	my @documents = map { chance(0.45) ? document("$name$_") : pick(@DUMPS) } 0 .. int rand 3;
	splice @documents, int rand @documents, 0, pick(@BROKEN) if chance(0.06);
	splice @documents, int rand @documents, 0, pick('', '# comment', '   ', '{{/* x */}}', '{{- "" -}}') if chance(0.1);
	my $text = join pick("\n---\n", "\n---\n", "\n--- \n", "\n---\n---\n", "\n--- # c\n", "\n---text\n", "---\n"), @documents;
	$text = pick("---\n", "# c\n", "\n\n", "--- \n") . $text if chance(0.15);
	$text .= pick("\n", '', "\n---\n", "\n---", "\n\n\n") unless chance(0.5);
	$text =~ s/\n/\r\n/g if chance(0.02);
	return $text;
}

# --- charts ---

sub yaml_word { return $_[0] =~ /^[\w.\/-]+$/ ? $_[0] : '"' . $_[0] =~ s/(["\\])/\\$1/gr . '"' }

sub path_of_key { return join '.', (pick(@KEYS), some(1, sub { pick(@KEYS) })) }

sub import_lines {
	my $text = "    import-values:\n";
	for (0 .. int rand 3) {
		$text .= chance(0.5) ? '      - ' . pick('a', 'x', 'data', 'b') . "\n"
			: chance(0.9) ? '      - child: ' . pick('a', 'x', 'exports.a', 's', 'x.a', 'nope', '.', 'global') . "\n        parent: " . pick('a', 'imported', 'x.y', '.', 's.a', 'global') . "\n"
			: pick("      - 1\n", "      - {child: 1}\n", "      - null\n");
	}
	return $text;
}

sub dependency_lines {
	my ($name, $version) = @_;
	my $text = '  - name: ' . $name . "\n";
	$text .= '    version: ' . yaml_word(chance(0.85) ? pick($version, "^$version", '>=0.0.0-0', '*', "~$version") : pick('2.x', '', '>9', 'bad', '0.1')) . "\n" unless chance(0.04);
	$text .= '    repository: ' . pick('""', '"file://../x"', 'https://example.com/charts', '"@r"') . "\n" if chance(0.5);
	$text .= '    alias: ' . pick('x', 'y', 't', 'a-b', 'bad/alias', '""', 'u', $name) . "\n" if chance(0.25);
	$text .= '    condition: ' . yaml_word(join ',', (pick("$name.enabled", 'x.enabled', 'enabled', 'a', 'global.enabled', 'global.s'), some(1, sub { path_of_key() }))) . "\n" if chance(0.45);
	$text .= "    tags:\n" . join '', map { "      - " . pick(qw(a b x s)) . "\n" } 0 .. int rand 2 if chance(0.25);
	$text .= '    enabled: ' . pick('true', 'false') . "\n" if chance(0.03);
	$text .= import_lines() if chance(0.35);
	return $text;
}

# The parts of a chart in the folder PATH.
sub chart_parts {
	my ($path, $name, $depth) = @_;
	my $version = pick('0.1.0', '0.1.0', '1.2.3', '1.0.0-rc.1', '2.0.0+b');
	my $v1 = chance(0.06);
	my (@parts, @children, $dependencies, %seen);
	$dependencies = '';
	if ($depth > 0) {
		for my $child (some(3, sub { pick(@CHARTS) })) {
			next if $seen{$child}++ && !chance(0.1);
			my ($child_version, @of_child) = chart_parts("$path/charts/$child" . ($seen{$child} > 1 ? '-2' : ''), chance(0.95) ? $child : pick(@CHARTS), chance(0.5) ? $depth - 1 : 0);
			push @children, @of_child;
			$dependencies .= dependency_lines($child, $child_version) for 1 .. (chance(0.12) ? 2 : chance(0.85) ? 1 : 0);
		}
		$dependencies .= dependency_lines(pick(@CHARTS), '0.1.0') if chance(0.03);
	}
	my $type = chance(0.1) ? 'library' : chance(0.1) ? pick('application', '""', 'other') : '';
	my $text = 'apiVersion: ' . ($v1 ? 'v1' : chance(0.99) ? 'v2' : pick('v3', '""')) . "\nname: $name\nversion: $version\n";
	$text .= "type: $type\n" if $type ne '';
	$text .= 'kubeVersion: ' . yaml_word(pick('>=1.20.0', '>=1.20.0-0', '^1.30', '<1.20', 'bad', '1.35.x', '>=1.19 <2 || 3')) . "\n" if chance(0.06);
	$text .= 'appVersion: ' . pick('1.0', '"1.0"', '1', 'x', 'null', '2001-01-01') . "\n" if chance(0.2);
	$text .= "deprecated: true\n" if chance(0.04);
	$text .= pick("unknown: 1\n", "annotations: {a: b}\n", "keywords: [a, 1]\n", "maintainers: [{name: x}]\n", "icon: x\n", "annotations: {a: 1}\n", "dependencies: x\n") if chance(0.05);
	my $apart = $v1 || chance(0.03);
	$text .= "dependencies:\n$dependencies" if $dependencies ne '' && !$apart;
	push @parts, [ "file $path/Chart.yaml", $text ];
	push @parts, [ "file $path/requirements.yaml", "dependencies:\n$dependencies" ] if $dependencies ne '' && $apart;
	push @parts, [ "file $path/values.yaml", values_text((map { chance(0.5) ? $_ : () } keys %seen), chance(0.25) ? 'exports' : ()) ] if chance(0.9);
	push @parts, [ "file $path/values.schema.json", schema_text() ] if chance(0.12);
	push @parts, [ "file $path/templates/_h.tpl", "{{ define \"d\" }}d of ${name}{{ end }}\n{{- define \"d2\" }}{{ toJson .Values }}{{ end }}\n" ] if chance(0.6);
	push @parts, map { [ "file $path/templates/" . pick('a', 'b', 'd/a', 'z') . pick('.yaml', '.yaml', '.yml', '.txt', '.tpl', '.json'), template_text($name) ] } 0 .. int rand 2;
	push @parts, [ "file $path/templates/NOTES.txt", pick("notes of {{ .Chart.Name }}\n", "{{ .Values.a.b.c }}", "{{ nofunc }}") ] if chance(0.1);
	push @parts, [ "file $path/templates/tests/t.yaml", document('test') ] if chance(0.08);
	push @parts, [ "file $path/crds/" . pick('crd.yaml', 'd/crd.json'), pick("kind: CustomResourceDefinition\nmetadata: {name: {{ x }}}\n", "---\nkind: A\n---\nkind: B\n", "# empty\n", '') ] if chance(0.08);
	push @parts, [ "file $path/f.txt", "file of $name\n" ] if chance(0.1);
	push @parts, [ "file $path/.helmignore", join '', map { pick('*.txt', 'templates/', 'f.txt', '/templates/a.yaml', '!a.yaml', '# c', '', 'd/', 'charts', '*/a.yaml', 'templates/*.yml', '\\#x', '[', 'crds/') . "\n" } 0 .. int rand 3 ] if chance(0.05);
	return ($version, @parts, @children);
}

# --- the command line ---

sub set_path {
	my @path = (pick(@KEYS), some(2, sub { pick(@KEYS) }));
	s/\./pick('.', '\\.')/e for @path;
	my $text = join '.', @path;
	$text .= '[' . pick(0, 0, 1, 2, 5, -1, '', 'x', 65536, 99999999999999999999, ' 1', '01') . ']' . (chance(0.3) ? '[' . int(rand 3) . ']' : '') . (chance(0.3) ? '.' . pick(@KEYS) : '') if chance(0.2);
	return $text;
}

sub set_value {
	return pick('1', 'true', 'false', 'null', '', 'text', '{1,2}', '{}', '{a', 'a\\,b', '0123', '1.5', '1e3', '-0', 'a b', '{null,true}', '{a=b,c}', '"q"', '{{x}}', 'x.y', '~', '0x10', 'TRUE', '9223372036854775808', '\\', 'ü');
}

sub set_argument {
	my $text = join ',', map { set_path() . (chance(0.94) ? '=' . set_value() : '') } 0 .. (chance(0.2) ? 1 : 0);
	if (chance(0.06)) {
		my $at = int rand length($text) + 1;
		substr $text, $at, chance(0.5) ? 1 : 0, pick(split //, '=,.[]{}\" ');
	}
	return $text;
}

sub json_value { return pick('1', 'null', 'true', '"x"', '[1,null]', '{}', '{"a":1,"b":null}', '{"x":{"enabled":true}}', '1e3', '', '{', '"a', '1 2', '[1,2', '12345678901234567890') }

sub quoted { my ($word) = @_; return $word =~ m{^[\w./,=:-]+$} ? $word : "'" . $word =~ s/'/'\\''/gr . "'" }

sub arguments {
	my ($parts) = @_;
	my @words = chance(0.98) ? ('rel', 'c') : pick([ 'c', '-g' ], ['c'], [ 'c', '--name-template', 'n-{{ "x" | upper | lower }}' ], [ 'Bad_Name', 'c' ]);
	@words = @{ $words[0] } if ref $words[0];
	my $files = 0;
	for (some(2, sub { 1 })) {
		my $file = 'f' . $files++ . '.yaml';
		push @$parts, [ "file $file", values_text() ];
		push @words, '-f', $file;
	}
	for (some(3, sub { 1 })) {
		my $flag = pick('--set', '--set', '--set', '--set-string', '--set-json', '--set-literal', '--set-file');
		push @words, $flag, $flag eq '--set-json' ? (chance(0.15) ? json_value() : set_path() . '=' . json_value()) : $flag eq '--set-file' ? set_path() . '=' . pick('c/Chart.yaml', 'nope.txt', 'f0.yaml') : set_argument();
	}
	push @words, '--include-crds' if chance(0.1);
	push @words, '--no-hooks' if chance(0.05);
	push @words, '--skip-tests' if chance(0.05);
	push @words, '--is-upgrade' if chance(0.05);
	push @words, '--debug' if chance(0.04);
	push @words, '--skip-schema-validation' if chance(0.04);
	push @words, '-n', pick('ns', 'Bad NS', '') if chance(0.06);
	push @words, '-a', pick('x/v1', 'x/v1,y/v2', 'x/v1/Kind', '') if chance(0.05);
	push @words, '--kube-version', pick('1.20', 'v1.19.3', '1.35.0-rc1', 'bad', '1.2.3+k3s1') if chance(0.05);
	push @words, '-s', pick('templates/a.yaml', 'templates/*.yaml', 'charts/*/templates/*', 'charts/s/templates/a.yaml', 'nope', 'templates/_h.tpl', 'templates/NOTES.txt', '*', 'crds/crd.yaml', 'templates/d/a.yaml', '') if chance(0.08);
	return join(' ', map { quoted($_) } @words) . "\n";
}

# case_of(N): the case that the number makes.
sub case_of {
	my ($number) = @_;
	srand $number;
	my (undef, @parts) = chart_parts('c', 'c', pick(1, 2, 2, 3));
	my $arguments = arguments(\@parts);
	my %seen;
	@parts = grep { !$seen{ $_->[0] }++ } @parts;
	return { name => "chart $number", parts => [ @parts, [ args => $arguments ] ] };
}

1;
