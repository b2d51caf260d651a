package CompatOdd;

# Programs for tests/fuzz/compat that nobody writes on purpose: heaps of tokens, which the lexer and the parser must refuse
# in Helm's words; programs with a token too few, too many or out of place; and every function with arguments of any kind.

use strict;
use warnings;
use utf8;

*roll = \&CompatGrammar::roll;
*pick = \&CompatGrammar::pick;
*chance = \&CompatGrammar::chance;

# --- tokens ---

# U+F7FF is a byte that is no UTF-8 (CompatGrammar::quoted); a template gets it as it is.
my @OPERANDS = ('.', '$', '.a', '.a.b', '.Values', '.Values.s1', '.Values.d1.a', '.Values.nope.x', '$x', '$x.y', '$.Values.n1', '1', '0', '-1', '+1', '1.5', '0x1', '1_0', '1i', '1e1', '.5', '5.', "'a'", "'\\n'", "'\\x41'",
	'"s"', '"\\n"', '"\\q"', '`r`', 'true', 'false', 'nil', '(.)', '(1)', '()', '(.Values).s1', '("s")', '(print 1)', '(dict "a" 1).a', '(list 1).x', '(nil)', '(print "a" | quote)', '($x := 1)');
my @WORDS = qw(len print quote upper and or not eq ne index list dict include tpl nope if else end range with define template block break continue);
my @MARKS = ('|', '|', ':=', ':=', '=', ',', ',', '(', ')', '-', '- ', ' -', '@', '?', '\\', '!', '%', '&&', ';', '{', '}', '[', ']', '+', '*', '/', '//', '/*', '*/', '{{', '}}', '{{-', '-}}', ' -}}', '"', "'", '`', '.', '..', '.1', '1.', '1.x', '$', '$1',
	'$é', '.é', 'é', "\n", "\t", "\r\n", "\r", "\x0b", "\x{a0}", "\x{2003}", "\x{feff}", "\x{0}", "\x{1f600}", '_', '._', '$_', 'x1', '1x', '0b2', '08', "''", "'ab'", "'\\q'", '"\\', "\"\n", '#', '0x', '1__0', "\x7f", "\x{ad}", '<', '==', '->');

sub token { my $kind = roll(10); return pick($kind < 5 ? @OPERANDS : $kind < 8 ? @WORDS : @MARKS) }

sub tokens { my ($most) = @_; return join '', map { token() . pick('', ' ', ' ', ' ') } 1 .. 1 + roll($most) }

sub action { return pick('{{', '{{', '{{ ', '{{- ', '{{-') . $_[0] . pick('}}', '}}', ' }}', ' -}}', '-}}') }

sub body { my ($depth) = @_; return $depth > 0 && chance(40) ? heap($depth - 1) : pick('', 'x', " \n", "\n x", ' - ') }

# What the keywords want behind them, most often.
my %HEAD = (
	if => sub { tokens(2) }, with => sub { chance(20) ? '$x := ' . tokens(2) : tokens(2) }, range => sub { pick('', '$i := ', '$i, $x := ', '$i, ', '$i, $x = ', '$i, $j, $k := ') . tokens(2) },
	define => sub { pick('"d"', '"d"', '`d`', 'd', '"d" .', '', '"a" "b"') }, block => sub { pick('"d" .', '"d" .Values', '"d"', '', 'd .', '"d" 1 2') },
);

sub statement {
	my ($depth) = @_;
	my $kind = roll(10);
	return action(tokens(4)) if $kind < 4 || $depth <= 0;
	return action(pick('$x := ', '$x = ', '$x, $y := ', '$x :=', '$nope = ') . tokens(2)) . action('$x') if $kind < 5;
	return action('template ' . pick('"d"', '"d" .', 'd', '"nope" .', '"d" 1 2', '', '"d" | print', '("d")')) if $kind < 6;
	return pick('{{/* c */}}', '{{- /* c */ -}}', '{{/* c */ x}}', '{{ /* c */ }}', '{{/* c', '{{/**/}}', '{{/* c */-}}', '{{-/* c */}}', '{{/* c }}', '{{/*/}}') if $kind < 7;
	my $word = pick(qw(if if with range range define block));
	my $out = action("$word " . $HEAD{$word}->()) . body($depth);
	$out .= action(pick('else', 'else', 'else if ' . tokens(2), 'else with ' . tokens(2), 'else x', 'else range .', 'break', 'continue')) . body($depth) while chance(25);
	return $out . (chance(92) ? action(pick('end', 'end', 'end', 'end', 'end x')) : '');
}

sub heap { my ($depth) = @_; return join '', map { body(0) . statement($depth) } 1 .. 1 + roll(2) }

sub heap_of_tokens {
	my $text = heap(2) . body(0);
	$text = pick("\x{feff}", "\r\n", '{{', '}}', ' -}}', '{', "\x{0}") . $text if chance(3);
	return bytes($text);
}

sub bytes { my ($text) = @_; utf8::encode($text); return $text =~ s/\xef\x9f\xbf/\xff/gr }

# What would show the clock, or count for long, where a token changes its place.
my $FRAGILE = qr/[dD]ate|ago|unixEpoch|duration|until|seq|repeat|indent|[rR]and|\.Sub|\.Round|\.Truncate|printf/;

# A program with a token left out, doubled, exchanged or put in. Numbers and white space stay, so that none grows.
sub mutated {
	my ($text) = @_;
	return $text if $text =~ $FRAGILE;
	my @tokens = $text =~ /(\{\{-?|-?\}\}|"(?:[^"\\]|\\.)*"|`[^`]*`|\$?[\w.]+|\s+|.)/gs;
	my @at = grep { $tokens[$_] !~ /^\s|^[\d.]+$/ } 0 .. $#tokens;
	return $text unless @at;
	for (1 .. 1 + roll(2)) {
		my $at = pick(@at);
		my $kind = roll(4);
		$tokens[$at] = '' if $kind == 0;
		$tokens[$at] .= " $tokens[$at]" if $kind == 1;
		$tokens[$at] = bytes(' ' . token() . ' ') if $kind == 2;
		@tokens[ $at, $_ ] = @tokens[ $_, $at ] for $kind == 3 ? pick(@at) : ();
	}
	return join '', @tokens;
}

# --- functions ---

my @EDGES = ('nil', '.Values.nope', '""', '"a"', '"é日本"', '"\\xff"', '"a,b"', '" pad "', '"12"', '"1.5"', '"0x1f"', '"-7"', '"true"', '"no"', '"1h"', '"2020-01-02"', '"1.2.3"', '"[a-"', '"a: 1"', '"{\\"a\\":1}"', '"%d"', '"\\n"', '0', '1', '-1', '2', '3', '10', '1.5', '-0.5',
	'2.5', '1e3', "'a'", 'true', 'false', '(list)', '(list nil)', '(list 1 "a" nil (list 2))', '(list "b" "a" "b")', '(list 1 2.0 "1")', '(list (list 1) (dict "a" 1) 3)', '(until 3)', '(splitList "," "b,a")', '(dict)', '(dict "a" 1 "b" nil)', '(dict "a" (dict "b" "c"))', '(dict "a" (list 1 2))',
	'(split "," "x,y")', '(semver "1.2.3-a+b")', '(toDate "2006" "2020")', '((toDate "2006" "2020").Sub (toDate "2006" "2019"))', '(divf 1.0 0.0)', '(divf -1.0 0.0)', '(float64 "NaN")', '(int64 5)', '(int 7)', '(float64 3)', '(.Files.GetBytes "config/a.txt")', '(.Files.Get "config/a.txt")', '.Files',
	'.Files.nope', '.Chart.Name', '.Chart.Maintainers', '.Chart.Keywords', '.Chart.Annotations', '.Chart.Dependencies', '.Chart.IsRoot', '.Release', '.Release.Revision', '.Template', '.Capabilities.KubeVersion', '.Capabilities.KubeVersion.Major', '.Capabilities.HelmVersion', '.Subcharts', '(index "abc" 1)',
	'(semver "1.2.3").Major', '((toDate "2006" "2020").Weekday)', '((toDate "2006" "2020").Month)', '(fromJson "{")', '(fromYamlArray "[")', '(fromJsonArray "[1,null]")', '(urlParse "http://u@h/p?q")', '(chunk 2 (until 3))', '(pluck "a" (dict "a" 1))', '(regexFindAll "." "ab" -1)', '(lookup "" "" "" "")',
	'(.Files.Glob "config/*")', '(.Files.Lines "config/a.txt")', 'print', '(print 1 nil "x")', '(keys (dict "a" 1))', '(values (dict "a" 1))', '(toStrings (list 1 nil "a"))', '(index (list 1) 0)', '(list "a" | first)', '(dict "a" nil).a', '(get (dict) "x")', '(fromYaml "a: 1.5\\nb: [1, x]")', '(fromToml "a = 2020-01-01\\nb = 1")',
	'(deepCopy (dict "a" 1))', '(set (dict) "k" "v")', '(slice "abc" 1)', '(slice (until 5) 1 3)', '(sortAlpha (list "b" 1))', '(tuple 1 "x")', '(seq 3)', '(derivePassword 1 "long" "p" "u" "s" | len)', '(.Capabilities.APIVersions.Has "v1")', '(min 1 2)', '(round 1.55 1)', '(mul 2 3)', '(ternary 1 "x" true)',
	'.Capabilities', '.Capabilities.APIVersions', '(slice .Capabilities.APIVersions 0 2)', '(fromJson "null")', '(merge nil)', '(mustFromJson "null")', '(mustFromJson "[1]")', '(fromYaml "")', '(fromToml "a = [1, 2.5]").a', '(fromToml "[[a]]\nb = 1").a', '(sortAlpha (list))', '(toStrings (list))', '(until 0)', '(chunk 3 (list))', '(regexFindAll "x" "ab" -1)',
	'(b64dec "/w==")', '(split "" "ab")', '((semver "1.2.3").IncPatch)', '(toDate "2006" "x")', '(index .Chart.Maintainers 0)', '(.Files.Glob "nope")', '(.Files.GetBytes "nope")', '.Files.AsConfig', '(dict "a" (list) "b" (dict))', '(urlParse "x")', '(index "é" 0)', '(print)', '(coalesce)', '(default nil nil)', '(dict "" 1)', '"\\u2028\\x00"', '"ﬁ ß ǆ İ"', '1_000', "'\\x00'",
	'.Values.s1', '.Values.n1', '.Values.l1', '.Values.l2', '.Values.d1', '.Values.d2', '.Values.set1', '.Values.set2', '"a.b"', '"h0"', '"{{ . }}"', '"{{ .a }}"', '"$1"', '"(a)|(b)"', '">=1"', '"UTC"', '"http://h/p"', '"/a/../b"', '"x"', '"YQ=="', '"Ma"', '"<&>"', '"' . 'word ' x 9 . '"');
my @LARGE = ('9223372036854775807', '-9223372036854775808', '1e19', '1e300', '-1e300', '"9223372036854775808"', '"1e400"', '2147483648', '(int64 "9223372036854775807")', '(float64 1e19)', '"-9223372036854775809"', '0x7fffffff', '100', '1000000', '4294967296', '"Inf"');

# What counts up to its argument, or would show the clock where it gets no time.
my %COUNTS = map { $_ => 1 } qw(until untilStep seq repeat indent nindent);
my %CLOCK = map { $_ => 1 } qw(date date_in_zone dateInZone dateModify date_modify mustDateModify must_date_modify htmlDate htmlDateInZone durationRound unixEpoch ago now);
my %OTHER = map { $_ => 1 } qw(printf fail include call lookup getHostByName derivePassword buildCustomCert decryptAES eq);

# edge_call(ROWS): one of the functions with one to three arguments.
sub edge_call {
	my (@rows) = @_;
	my $row = pick(@rows);
	my ($name, undef, @types) = @$row;
	$name = pick(sort keys %OTHER) if chance(6);
	return bytes('{{ ' . pick(@EDGES) . ' }}') if $CLOCK{$name};
	my $least = grep { !/[*?]$/ } @types;
	my $count = chance(85) && $least ? $least : roll(4);
	$count += roll(3) if grep { /\*$/ } @types;
	my @given = map { pick(@EDGES, $COUNTS{$name} ? () : @LARGE) } 1 .. $count;
	# Half of the arguments of what several take are what it expects: the others get their turn.
	for my $i (0 .. $#types) {
		next unless $i < @given && $count > 1 && chance(45);
		$given[$i] = CompatGrammar::constant($types[$i] =~ s/[*?!]$//r);
	}
	# What one program changes, the next must not see.
	s/^(\.Values\S+)\z/(deepCopy $1)/ for $name =~ /set|[mM]erge/ ? @given : ();
	my $last = @given && chance(15) ? pop(@given) . ' | ' : '';
	my $call = $last . join ' ', $name, @given;
	return bytes("{{ $call" . pick('', '', '', ' | typeOf', ' | toJson', ' | printf "%T %v"', ' | printf "%#v"', ' | toYaml', ' | kindOf', ' | quote') . " }}");
}

1;
