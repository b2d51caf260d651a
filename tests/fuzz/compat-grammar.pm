package CompatGrammar;

# Random templates and the values they get, for tests/fuzz/compat. Everything follows from the seed.
#
# A world is what many programs share: values, --set lines, helpers, files. A program is one template. Expressions
# are made for a type (str, int, list ...), now and then for the wrong one. What is random in Helm (order of `keys`,
# generated keys, the clock, addresses) is either left out or made to say only what is not.

use strict;
use warnings;
use utf8;
use CompatOdd;
no warnings 'portable';

# --- chance ---

# xorshift64*, so that a seed means the same with every perl.
my ($state, $wrong, $world, $id, $loops);
our $defines = [];

sub seed { $state = ($_[0] * 2654435769 + 88172645463325252) & 0xffffffffffffffff || 1; roll(1) for 1 .. 4 }

sub roll {
	$state ^= $state >> 12;
	$state ^= ($state << 25) & 0xffffffffffffffff;
	$state ^= $state >> 27;
	return ($state >> 11) % $_[0];
}

sub pick { return $_[roll(scalar @_)] }
sub chance { return roll(1000) < 10 * $_[0] }    # percent

# --- constants ---

my @WORDS = ('', 'a', 'b', 'A', 'abc', 'foo bar', 'Foo-Bar_baz', 'hello world', '1', '0', '-1', '1.5', '007', 'true', 'nil', 'x=y',
	'a,b,c', 'a:b', 'a: b', ' lead', 'trail ', "tab\there", "line\nbreak", "two\n\nlines\n", "\r\n", "cr\rlf", 'é', 'ÉCOLE',
	'straße', '日本語', 'ǆ', 'Σίσυφος', '𝒳', "\x{301}", "\x{200b}", "\x{feff}bom", "\x{a0}", "\x{2028}", '"quoted"', "it's", '\\back\\',
	'<b>&amp;</b>', '#comment', '- item', '{a: 1}', '[1, 2]', '%d%s', '${1}', '$', 'null', '~', '1e3', '0x1F', '1_000', '.5', 'Inf', 'yes',
	'2020-01-02', '2020-01-02T03:04:05Z', '12:30:45', 'a/b/../c.tar.gz', '/etc//x/', '../', '.', 'v1.2.3', 'http://u:p@h:80/p?q=1#f',
	'YWJj', 'MFRGG===', "\x00nul", "\x7f", "a\x{f7ff}b", "\x{f7c3}", 'a' x 40, 'The quick brown fox jumps', '<no value>', '{{', '}}', '{{ .Values.s1 }}', '%!d(', 'template: x',
	' template: y', '>: z', 'x: y: z', "--- \n", "---\n");
# What YAML, JSON and TOML writers must quote, fold or escape.
my @ODD = ('long ' x 25, "a\n b\n\nc ", " x\ny", "x\n\n", "\n", "\ttab", 'a: |', '? x', '! x', '&a', '*a', '@', '`', '%', '- ', '-', '---', '...', '=', '<<', '0o7', '1:20', '12e3', '+1', '.inf', '-.Inf', 'NaN', 'Null', 'TRUE', 'n', 'off',
	'2020-01-01T00:00:00', '0b1', '1.', '1_0.5', "\x{85}", "\x{2029}a", "\x{fffd}", "\x{e000}", "\x{10ffff}", 'a ', ' ', "a\x{a0}b", '#', 'a #b', 'a:', ':a', ',', '[', ']', '}', '>', "'", '"', "''", "a'b", 'a"b', '\\', "\x1b[0m", "\x{ad}", "x" x 130, 'a.b', "\x{200d}", "\x{1f468}\x{200d}\x{1f469}", "e\x{301}", 'I', "\x{130}", "\x{df}", "\x{fb01}", "\x{1c5}",
	"\x08\x0c", "\x{f7ff}\x{f7fe}", "\x{f7e2}\x{f780}", '-1e5', '1e', '0.0', '-0', '00', '1,000', '1 2', "a\\\nb", "\r", "a\rb\n", "\n\n a", "  \n", "key: 'v'\nk2: \"w\"\n");
my @INTS = (0, 0, 1, 1, 2, 3, 4, 5, 7, 10, -1, -2, -3, 12, 42, 100, 127, 255, 256, 1000, 65536);
my @NUMBERS = (@INTS, 1.5, 0.5, -2.5, '1e3', '1.0', '.5', '5.', '0x1F', '0b101', '0o17', '017', '1_000', '0x1p4', "'a'", "'\\n'", "'é'", "'\\''",
	'2147483648', '-2147483649', '9223372036854775807', '-9223372036854775808', '1e20', '1e-7', '123456789.125', '+5', '0.1', '1e21', '1e100',
	'3.0e0', '0xFFp-2', '1E5', '100000000');
my @WRONG_NUMBERS = ('9223372036854775808', '1e400', '1i', '2+3i', '1_', '0x', '08', "''", "'ab'", '1..2', '1.2.3', '0b2', '18446744073709551616', '5i',
	'1e', '-', '0x1p', '18446744073709551615');
my @PATTERNS = ('a', 'a+', '[a-z]+', '\d+', '(\w+) (\w+)', '^a|b$', '(?i)FOO', '(?P<n>o+)', '', '.', '.*', 'a*?', '\bb', '[^a]', '(?s).+', 'x{2,3}',
	'\pL+', '[[:alpha:]]+', '(a)(b)?', '\s+', '(?m)^.', '\x{e9}', '[é-ü]', '\Qa.b\E', '$', '\.', '(?U)a+', '-', '[\w.]+', 'o|oo', '()', '(?:ab)+');
my @WRONG_PATTERNS = ('(', ')', '[', '*', 'a**', '(?=a)', '\1', 'a{2,1}', 'x{1001}', '(?P<n', '[z-a]', '\8', '(?<a>b)', '\p{Foo}', '(?z)', '[[:foo:]]',
	"\x{f7ff}", '\\', '+', 'a++', '(?P<n>a)(?P<n>b)', '\C');
my @LAYOUTS = ('2006-01-02', '2006-01-02T15:04:05Z07:00', 'Mon Jan 2 15:04:05 MST 2006', '02 Jan 06 15:04 -0700', 'Monday, January _2', '3:04PM', '.000',
	'15:04:05.999999', '002 __2', '', 'pm PM', 'Z0700 Z07 -07 -07:00:00', '20060102150405', '05,000', '1/2/06', 'x', 'January', 'Jan', '_2');
my @TIMES = ([ '2006-01-02', '2020-02-29' ], [ '2006-01-02', '1999-12-31' ], [ '2006-01-02T15:04:05Z07:00', '2021-03-04T05:06:07+02:00' ],
	[ '2006-01-02 15:04:05.999', '2010-10-10 10:10:10.123' ], [ '02 Jan 06 15:04 MST', '01 Feb 03 04:05 CET' ], [ '2006', '0001' ],
	[ '15:04', '23:59' ], [ '2006-01-02', '9999-12-31' ], [ '2006-01-02', 'no date' ], [ 'Jan _2 2006', 'Feb  3 1980' ],
	[ '2006-01-02', '2021-13-01' ], [ '2006-01-02', '2021-02-30' ], [ '3PM', '13PM' ], [ '2006-01-02Z07:00', '2020-01-01Q' ], [ 'Mon', 'Tuesday' ],
	[ '2006-01-02T15:04:05Z07:00', '1883-05-05T05:05:05-00:30' ], [ '2006-01-02', '2020-06-15x' ]);
my @ZONES = ('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Nowhere/At', '', 'Local', 'Australia/Lord_Howe', 'EST', 'Pacific/Apia');
my @DURATIONS = ('1h', '-1.5h', '90m', '2h45m30.5s', '100ms', '1us', '1µs', '3ns', '24h', '0', '720h', '+5s', '1d', 'x', '', '.5s', '1', '-0s', '9999999h', '1h 2m');
my @VERSIONS = ('1.2.3', 'v1.2.3', '1.2', '1', '1.2.3-alpha.1', '1.2.3-rc.1+build.5', '0.0.0', '10.20.30', '1.2.3-beta', '2.0.0', 'v0.1', '1.2.3+b', '1.35.0');
my @WRONG_VERSIONS = ('', 'x', '1.2.3.4', '01.2.3', '1.2.3-', '1.2.3-01', '-1.0.0', '1.2.x', '1.2.3-é', ' 1.2.3', '1.2.99999999999999999999', 'vv1');
my @CONSTRAINTS = ('^1.2', '~1.2.3', '>=1.0 <2', '1.x', '*', '>1.2.3-0', '1.2.3', '!=1.2.3', '1.2 - 2.0', '^0.0.1 || >=2', '>= 1.2.3-alpha', '=1.2', '~0',
	'^1.2.x', '<=1', '1.2.* || 2.*', '>1.x', ',', '', '=>1', '><1', '1.2.3.4', 'foo', '^', '>=1.35.0-0', '~>1.2', '1 ,2', '< 1.2.3 , > 1', '!=1.x', '=v1.2');
my @URLS = ('http://h/p', 'https://user:pass@host.example:8443/a%20b/c?q=1&r=%2F#frag', 'mailto:a@b', '//h/p', '/p?q', '?q=1', '#f', '', 'a:b:c', 'http://[::1]:80/',
	'http://h:port/', '%zz', 'http://h/ü?ü#ü', 'ftp://h', 'a b', "http://h/\n", '://x', 'http://a b/', 'x://u@h?', 'http://[::1', 'HTTP://H', '1x://h',
	'http://u:@h/#%41', '/a:b', 'http:opaque?q', '*');
my @PATHS = ('a/b/c.txt', '/a/../b/./c', '', '.', '..', '/', '//', 'a.tar.gz', './x/', 'a//b', '/..', 'é/ü.md', '.hidden', 'x.', 'a/../..');
my @YAML = ('a: 1', "a: 1\nb:\n- x\n- y: z\n", '[1, 2.5, "x", null, true]', "- a\n- b: c\n", '{}', '', 'a: &x {b: 1}' . "\nc: *x", "a: |\n  text\n  more\n", "a: >-\n  f\n  g\n",
	'a: [', 'a: b: c', "\ta: 1", '"str"', '12', 'a: 0x1F', 'a: 0777', 'a: 1_000', 'a: yes', 'a: ~', '? x', "a: 1\na: 2", '%YAML 1.2', "---\na: 1\n---\nb: 2", '!!str 1',
	'a: !!binary aGk=', 'a: !x y', '*y', 'a: 2020-01-01', 'a: .inf', 'a: .nan', 'a: 12345678901234567890', 'a: 1e3', '1: x', 'true: x', '~: x', '1.5: x', "? [a]\n: b",
	"a:\n  <<: {x: 1}\n  y: 2", "'a': 'it''s'", 'a: "\\u00e9\\n\\x41"', 'a: "\\q"', "a:\n b: 1\n   c: 2", '- [a, b', 'a: @x', '`x`', "# only\n", '{a, b: }', '[a: 1]', "a: 'x", "\x{feff}a: 1");
my @JSON = ('{"a":1}', '[1,"x",null,{"b":[true]}]', '{}', '[]', 'null', '1', '"s"', '{"a":{"b":{"c":1.5e10}}}', '{"a":"\\u00e9\\n"}', '{', '{"a":}', '[1,]', '{"a":1}x', '',
	'{"a":1,"a":2}', 'nul', '"\\x"', '{"é":"\\ud800"}', '12345678901234567890', '{"a":01}', "{\"a\":\"\t\"}", ' [ ] ', '{a:1}', '-', '1e999', 'true', '[[[[]]]]');
my @TOML = ('a = 1', "a = 1\n[b]\nc = 'x'", "[[t]]\nx = 1\n[[t]]\ny = 2.5", 'a = [1, 2]', 'a = 2020-01-01T00:00:00Z', 'a = {b = true}', '', 'a', 'a = ', 'a = 1 b = 2', "a = 1\na = 2",
	'a = "\\u00e9"', 'a.b.c = 1', '[a', 'a = 2020-01-01', 'a = 07:30:00', 'a = 0x1F', 'a = 1_000', 'a = inf', "a = '''\nx'''", 'a = [1, "x"]', '"" = 1', 'a = nan', 'a = 1e3', '= 1', 'a = tru');
my @CHARTS_KEYS = qw(Name Version AppVersion APIVersion Description Type Home Icon Keywords Sources Maintainers Annotations Dependencies Deprecated KubeVersion Condition Tags IsRoot);
my @KINDS = qw(string int int64 float64 bool slice map invalid ptr struct func uint8 nil);
my @TYPES = ('string', 'int', 'int64', 'float64', 'bool', '[]interface {}', 'map[string]interface {}', '[]string', '*semver.Version', 'time.Time', '<nil>', 'common.Values', 'interface {}');
my @KEYS = ('a', 'b', 'c', 'a', 'b', 'x-y', 'x.y', '1', '', 'é', 'A', 'a b', 'true', 'zz', '_', 'null', "n\nl");

# A Go string constant. Characters beyond ASCII go in as they are or escaped; U+F780 to U+F7FF stand for single
# bytes that are no UTF-8.
sub quoted {
	my ($text) = @_;
	return "`$text`" if $text !~ /[`\r]/ && chance(12);
	my $out = '';
	for my $c (split //, $text) {
		my $o = ord $c;
		$out .= $c eq '"' || $c eq '\\' ? "\\$c"
			: $c eq "\n" ? '\\n' : $c eq "\t" ? '\\t' : $c eq "\r" ? '\\r'
			: $o < 32 || $o == 127 ? sprintf('\\x%02x', $o)
			: $o >= 0xf780 && $o <= 0xf7ff ? sprintf('\\x%02x', $o - 0xf700)
			: $o == 0xfeff || $o > 127 && chance(10) ? ($o > 0xffff ? sprintf('\\U%08x', $o) : sprintf('\\u%04x', $o))
			: $c;
	}
	return "\"$out\"";
}

# A text of some notation, now and then with an edit or two in it.
my @EDITS = split //, qq({}[]:,"'#&*!|>-?%@\n\t =.~0a1_\$()+\\/é^<T2Z9);

sub edited {
	my ($text) = @_;
	return $text unless chance(35);
	for (1 .. 1 + roll(2)) {
		my $at = roll(1 + length $text);
		my $kind = roll(4);
		substr($text, $at, 1) = '' if $kind == 0 && $at < length $text;
		substr($text, $at, 0) = pick(@EDITS) if $kind == 1 || $kind == 2;
		substr($text, $at, 0) = substr $text, roll(1 + length $text), 1 + roll(4) if $kind == 3;
	}
	return $text;
}

sub joined { my ($most, @from) = @_; return join '', map { pick(@from) } 1 .. 1 + roll($most) }

my @ATOMS = ('a', 'b', '.', '\\d', '\\w', '\\s', '[a-c]', '[^x]', 'é', '\\.', '(a|b)', '(?:x)', '(?i:F)', '^', '$', '\\b', '[[:digit:]]', '\\pN', '(?P<k>o)', '-', ' ', '\\x41', '\\B', '\\A', '\\z', '[\\d_]', '|',
	'\\D', '\\W', '\\S', '[^\\d]', '[[:^alpha:]]', '[[:word:]-]', '\\p{Greek}', '\\P{L}', '\\p{^Lu}', '[\\pL\\d]', '(?s:.)', '(?i)', '(?-i)', '(?i-s:é)', '(?m)', '(?U)', '\\x{1F600}', '\\t', '\\07', '\\Q*\\E', '[]a]', '[a-]', '[^\\n]', '((a)|(b))', '(', ')', '(?<m>x)', 'ß', 'K', '[a-\\x{ff}]', '\\/', '\\-', '\\_', '[\\b]', '\\a', '\\C', '\\Z');

sub pattern {
	return edited(pick(@PATTERNS)) if chance(60);
	return join '', map { pick(@ATOMS) . pick('', '', '', '', '*', '+', '?', '{2}', '{0,1}', '{1,}', '*?', '+?', '??', '{0}', '{,2}', '{', '{1,2}?') . (chance(2) ? pick('{2,1}', '**', '{1001}', '{x}', '*+', '{1}{2}') : '') } 1 .. 1 + roll(5);
}

sub layout { return chance(60) ? pick(@LAYOUTS) : joined(8, qw(2006 06 01 1 Jan January 02 2 _2 002 15 03 3 04 4 05 5 PM pm MST Z0700 Z07:00 -07 -0700 -07:00 -07:00:00 .000 .999 Mon Monday), ',00', ' ', ' ', ':', '-', '/', 'T', '.', 'x') }
# A layout and a text that it may well read.
my @TIME_PIECES = ([ '2006', '2020', '0001', '9999', '20', '1970' ], [ '06', '20', '68', '69' ], [ '01', '02', '12', '13', '1' ], [ '1', '2', '12', '0' ], [ 'Jan', 'Feb', 'mar', 'Foo' ], [ 'January', 'May', 'may', 'Jan' ], [ '02', '28', '29', '31', '00', ' 5' ], [ '2', '3', '30', '32' ],
	[ '_2', ' 3', '13', '3' ], [ '002', '001', '060', '366', '367' ], [ '15', '00', '23', '24' ], [ '03', '12', '01', '13' ], [ '3', '1', '12', '0' ], [ '04', '05', '59', '60' ], [ '5', '0', '59' ], [ '05', '07', '59', '07.25', '60' ], [ 'PM', 'AM', 'PM', 'pm' ], [ 'pm', 'am', 'PM' ],
	[ 'MST', 'CET', 'UTC', 'GMT+3', 'WITA', 'X', '+03' ], [ 'Z07:00', 'Z', '+02:00', '-0030', '+2' ], [ '-0700', '+0130', '-1200', 'Z' ], [ '-07', '+05', '5' ], [ '-07:00:00', '+01:02:03' ], [ 'Z0700', 'Z', '+0100' ], [ '.000', '.123', '.1', ',999' ], [ '.999', '.1234', '' ], [ ',00', ',25', '.25' ],
	[ 'Mon', 'Tue', 'tue', 'Xyz' ], [ 'Monday', 'Friday', 'Fri' ], map { [ $_, $_ ] } ' ', ' ', ' ', '-', '-', ':', ':', '/', 'T', '.', 'at', 'é');

sub time_pair {
	my ($layout, $text) = ('', '');
	for (1 .. 2 + roll(6)) {
		my ($piece, @texts) = @{ pick(@TIME_PIECES) };
		my $mark = pick('', ' ', '-', ':');
		$layout .= $piece . $mark;
		$text .= pick(@texts) . $mark;
	}
	return [ $layout, edited($text) ];
}

sub constraint { return chance(50) ? edited(pick(@CONSTRAINTS)) : join pick(' ', ', ', ' || ', ','), map { pick('', '=', '!=', '>', '<', '>=', '=>', '<=', '~', '~>', '^') . pick('', '', ' ', 'v') . pick(@VERSIONS, '1', '1.2', '1.x', '1.2.*', '*', 'X', '0', '0.1') . pick('', '', '', '-0', '-alpha', '+b') } 1 .. 1 + roll(3) }
sub duration_text { return chance(50) ? edited(pick(@DURATIONS)) : pick('', '', '-', '+') . join '', map { pick(1, 2, 30, '1.5', '.5', 100) . pick(qw(h m s ms us ns µs)) } 1 .. 1 + roll(3) }
sub url_text { return chance(60) ? edited(pick(@URLS)) : pick('', 'http:', 'https:', 'a+b:', 'X:') . pick('', '//', '//u@', '//u:p@', '/') . pick('', 'host', 'h.example', '[::1]', '1.2.3.4', 'H%41') . pick('', ':80', ':', ':x') . pick('', '/', '/a/b', '/a%2Fb', '/é', '/a b', 'x') . pick('', '?', '?a=b&c', '?%zz', '? ') . pick('', '#', '#f', '#%41#', '#a b') }

# --- YAML in blocks ---

my @PLAIN = ('a', 'b c', '1', '1.5', 'true', 'no', '~', '', '"q\\n"', "'s'", '0x1', '0o7', '1e3', '.inf', '-', '- x', 'a: b', '2020-01-01', '!!str 1', '!!int "3"', '&x y', '*x', '[a, b]', '{a: 1, b: [c]}', '[', '{a',
	'# c', 'a #c', 'a#c', '@a', '`', '%a', '|', '>', '"a', "'a''b'", 'é', "\x{1f600}", ':', 'a:', '? a', '!t x', '=', '<<', '1_0', '-1', '+1', '0b1', '1:30', 'null', 'NULL', 'Yes', 'y', '[a, {b: c}, ]', '{a, b: }', '""', "''", '[]', '{}', '"\\x41\\u00e9"', 'a  b', '- - a', '12345678901234567890', '0.1e-5', '.5', '1.', '08', '!!binary aGk=', '!!null x', '!!float 1', '!!bool "true"', '!!map {a: 1}', '!!seq [a]', "!!timestamp 2020-01-01");

sub yaml_block {
	my ($depth, $indent) = @_;
	my $pad = ' ' x $indent;
	return pick(@PLAIN) . "\n" if $depth <= 0 || chance(30);
	if (chance(12)) {
		return pick('|', '>') . pick('', '-', '+', '2', '1-', '+2') . pick('', '', ' # c', ' x') . "\n" . join '', map { pick($pad, "$pad ", "$pad  ", '') . pick('text', 'more text', '', '  in', '# no', '- x', 'a: b', "\t") . "\n" } 1 .. 1 + roll(4);
	}
	if (chance(10)) {
		my $q = pick('"', "'", '');
		return $q . join("\n$pad" . pick('', ' ', '  '), map { pick('word', 'two words', '', 'é', 'end ') } 1 .. 2 + roll(2)) . "$q\n";
	}
	my $more = pick(2, 2, 2, 1, 4, 0);
	my $head = pick('', '', '', '', '&a ', '!!map ', '!t ', '# c') . "\n";
	if (chance(40)) {
		return $head . join '', map { $pad . '-' . pick(' ', ' ', ' ', '  ', '') . yaml_block($depth - 1, $indent + 2) } 1 .. 1 + roll(3);
	}
	my $n = 0;
	return $head . join '', map { $pad . pick('a', 'b', 'c', '"k"', "'k'", 'k k', '1', 'true', '~', '? x', '<<', 'é', 'k' . $n++, 'k' . $n++, 'k' . $n++, 'k' . $n++, '!!str k', '&b k') . pick(': ', ': ', ': ', ':', ' : ', ":\t") . yaml_block($depth - 1, $indent + $more)
		. pick('', '', '', '', '', "\n", "$pad# c\n", "# c\n", "---\n", "...\n") } 1 .. 1 + roll(4);
}

sub yaml_text {
	my $text = yaml_block(3, 0);
	$text =~ s/\A\n//;
	return $text;
}

# --- JSON and TOML ---

my @JSON_LEAVES = ('1', '-0', '1.50', '1e2', '1E+400', '12345678901234567890', '0.1e-7', 'true', 'false', 'null', '""', '"a"', '"\\u00e9\\ud83d\\ude00"', '"\\/\\b\\t"', '"<&>"', '"é"', '{}', '[]', '01', '.5', '1.', '+1', 'NaN', '"\\x"', '"\\ud800"', "'a'", 'tru', '"a', '-', '"\\u12"', '1e', '"\x{1}"', '"\x{2028}"');

sub json_text {
	my ($depth) = @_;
	my $space = sub { pick('', '', '', ' ', "\n", "\t") };
	return $space->() . pick(@JSON_LEAVES[ chance(90) ? 0 .. 17 : 18 .. $#JSON_LEAVES ]) . $space->() if $depth <= 0 || chance(25);
	return '[' . join(pick(',', ',', ',', ', '), map { json_text($depth - 1) } 1 .. roll(4)) . (chance(3) ? pick(',', ';') : '') . ']' if chance(40);
	return '{' . join(',', map { $space->() . pick('"a"', '"b"', '"a"', '"é"', '""', '"\\u0061"', '"k"', '"A"', chance(3) ? 'a' : '"z"') . $space->() . (chance(98) ? ':' : pick('=', '', '::')) . json_text($depth - 1) } 1 .. roll(4)) . '}' . (chance(2) ? pick('x', '}', ' 1') : '');
}

my @TOML_KEYS = ('a', 'b', 'c', 'a.b', 'a.c', '"q k"', "'lit'", '1', '1.2', 'a-b', '_', '""', 'b . c', 'é', 'A', '"\\u00e9"', 'a b', '', '.a', 'a.', '"a');
my @TOML_LEAVES = ('1', '+1', '-0', '1_000', '0x1F', '0o17', '0b11', '1.5', '-1e3', '6.2_2e-3', 'inf', '-nan', 'true', 'false', '"s"', '"\\t\\u00e9\\U0001F600"', "'l\\'", qq("""m\nl"""), qq("""\na \\\n  b"""), "'''\nx'y'''", '2020-01-02', '2020-01-02T03:04:05Z', '2020-01-02 03:04:05.123+01:00', '2020-01-02T03:04:05', '03:04:05.5', '[]', '{}',
	'01', '1__0', '1.', '.5', '1e', '0X1', '+0x1', 'True', '"\\q"', '"a', "'a", '2020-13-01', '2020-02-30', '25:00:00', '9223372036854775808', '', '@', '1 2', 'nul', "\"a\nb\"", '{a = 1,}', '{a = 1, a = 2}', '[1,,2]', '"\\ud800"', "\"\x{1}\"", '1_', '_1', '1._0', '1e_1', '2020-01-02T');

sub toml_leaf {
	my ($depth) = @_;
	return '[' . join(pick(', ', ',', ",\n "), map { toml_leaf($depth - 1) } 1 .. roll(4)) . pick('', '', ',', "\n", '# c') . ']' if $depth > 0 && chance(15);
	return '{' . join(', ', map { pick(@TOML_KEYS[ 0 .. 12 ]) . ' = ' . toml_leaf($depth - 1) } 1 .. roll(3)) . pick('', '', '', ',', "\n") . '}' if $depth > 0 && chance(12);
	return pick(@TOML_LEAVES[ chance(92) ? 0 .. 26 : 27 .. $#TOML_LEAVES ]);
}

sub toml_text {
	return join '', map {
		my $key = pick(@TOML_KEYS[ chance(93) ? 0 .. 12 : 13 .. $#TOML_KEYS ]);
		my $end = pick("\n", "\n", "\n", "\r\n", " # c\n", "\n\n", " \n") . (chance(2) ? pick('x', "\x{0}", ' ]', "\r") : '');
		my $kind = roll(10);
		$kind < 6 ? pick('', '', '  ') . $key . pick(' = ', '=', ' =', '= ') . toml_leaf(2) . $end : $kind < 8 ? "[$key]$end" : $kind < 9 ? "[[$key]]$end" : pick("# c\n", "\n", "[ a . b ]\n", "[a]]\n", "[]\n")
	} 1 .. 1 + roll(6);
}

# --- leaves ---

sub paths { return @{ $world->{paths}{ $_[0] } // [] } }

sub root { return $_[0]{root} ? pick('', '', '$') : $_[0]{dollar_root} ? '$' : undef }

sub variables {
	my ($scope, $type) = @_;
	return map { $_->[0] } grep { $_->[1] eq $type } @{ $scope->{vars} };
}

sub value_leaf {
	my ($scope, $type) = @_;
	my @vars = variables($scope, $type);
	return pick(@vars) if @vars && chance(40);
	my $root = root($scope);
	my @paths = paths($type);
	return "$root.Values" . pick(@paths) if defined $root && @paths;
	return;
}

my %LEAF = (
	str => sub { quoted(chance(15) ? joined(3, @ODD) : chance(20) ? joined(6, @WORDS[ 1 .. 30 ]) : edited(pick(@WORDS))) },
	word => sub { quoted(pick(@WORDS)) },
	int => sub { pick(@INTS) },
	small => sub { pick(0, 1, 2, 3, 4, 5, 8, 10, -1, -2) },
	num => sub { chance(1) ? pick(@WRONG_NUMBERS) : pick(@NUMBERS) },
	bool => sub { pick('true', 'false') },
	list => sub { '(list' . join('', map { ' ' . leaf($_[0], pick(qw(str int num any))) } 1 .. roll(4)) . ')' },
	ints => sub { '(until ' . roll(5) . ')' },
	strs => sub { pick('(splitList "," "a,b,,c")', '(list "b" "a" "c")', '(splitList "" "xyz")', '(sortAlpha (list 3 1 "a"))', '(regexFindAll "." "héy" -1)') },
	dict => sub { '(dict' . join('', map { ' ' . key() . ' ' . leaf($_[0], pick(qw(str int num any))) } 1 .. roll(4)) . ')' },
	key => sub { key() },
	timetext => sub { my $t = time_pair(); quoted($t->[0]) . ' ' . quoted($t->[1]) },
	when => sub { chance(70) ? strict($_[0], 'time') : pick(0, 1, 86400, 1600000000, -1, 253402300800, '(int64 5)', '(int 1e9)', '(unixEpoch (toDate "2006" "1999") | int64)') },
	repl => sub { quoted(joined(3, '$1', '${1}', '$1x', '$$', '${n}', '$0', '$', '${', '$10', '${2}', 'x', '-', '$n', '${1}1', 'é')) },
	sdict => sub { '(split "." ' . quoted(pick('a.b', 'x', '1.2.3', '')) . ')' },
	time => sub { my $t = chance(20) ? time_pair() : pick(@TIMES); '(toDate ' . quoted($t->[0]) . ' ' . quoted($t->[1]) . ')' },
	ver => sub { '(semver ' . quoted(pick(@VERSIONS)) . ')' },
	dur => sub { '((toDate "2006-01-02" "2020-01-0' . pick(1, 2, 9) . '").Sub (toDate "2006-01-02 15:04:05" "2020-01-02 03:04:0' . pick(0, 5) . '"))' },
	any => sub { leaf($_[0], pick(qw(str str int num bool list dict nil strs ints time ver))) },
	nil => sub { chance(80) ? pick('.Values.nope', '(index (list nil) 0)', '(get (dict "a" nil) "a")', '(dict).x', '(first (list))') : 'nil' },
	pattern => sub { quoted(chance(5) ? pick(@WRONG_PATTERNS) : pattern()) },
	layout => sub { quoted(layout()) },
	zone => sub { quoted(pick(@ZONES)) },
	span => sub { quoted(duration_text()) },
	verstr => sub { quoted(chance(5) ? pick(@WRONG_VERSIONS) : chance(15) ? edited(pick(@VERSIONS)) : pick(@VERSIONS)) },
	range => sub { quoted(constraint()) },
	url => sub { quoted(url_text()) },
	path => sub { quoted(edited(pick(@PATHS))) },
	yaml => sub { quoted(chance(30) ? yaml_text() : edited(pick(@YAML))) },
	json => sub { quoted(chance(50) ? json_text(3) : edited(pick(@JSON))) },
	toml => sub { quoted(chance(60) ? toml_text() : edited(pick(@TOML))) },
	b64 => sub { quoted(pick('YWJj', 'w6k=', '', 'YQ', '====', '!!', 'YWJj ZGVm', "YWJj\nZGVm", 'AP8=')) },
	kind => sub { quoted(pick(@KINDS)) },
	type => sub { quoted(pick(@TYPES)) },
	sep => sub { quoted(pick('', ',', ' ', '-', '/', '.', 'a', 'é', "\n", ', ')) },
	tplstr => sub { tpl_text($_[0], 0) },
	files => sub { my $root = root($_[0]); defined $root ? "$root.Files" : '(dict)' },
);

sub key { return quoted(pick(@KEYS)) }

# A constant of the type, without variables and values.
sub constant { my ($type) = @_; return ($LEAF{$type} // $LEAF{str})->({ dot => 'root', root => 0, vars => [] }) }

sub leaf {
	my ($scope, $type) = @_;
	my $dot = $scope->{dot};
	if ($dot eq $type || $dot ne 'root' && $type eq 'any') {
		return pick('.', '.', '($)') if chance(25) && !($type eq 'any' && $scope->{dollar_root});
		return '.' if chance(30);
	}
	if (chance(45)) {
		my $value = value_leaf($scope, $type);
		return $value if defined $value;
	}
	$type = 'any' unless $LEAF{$type};
	my $leaf = $LEAF{$type}->($scope);
	$leaf =~ s/\A\.Values/(dict)/ unless $scope->{root};
	return $leaf;
}

# --- printf ---

sub printf_call {
	my ($scope, $depth) = @_;
	my ($format, @args) = ('');
	for (1 .. 1 + roll(3)) {
		$format .= pick('', '', ' ', '|', 'x', '%%', 'é');
		my $verb = pick(qw(v v d s s q x X f g e E G F b o O c U t T), 'v', '#v', '+v');
		my $width = pick('', '', '', '', roll(12), '*', '0' . roll(10), '-' . roll(9), '+', '#', ' ', '-#10', '+08', ' 5', '# ', '[1]*', '[2]3');
		my $precision = pick('', '', '', '.' . roll(6), '.', '.*');
		my $index = chance(6) ? '[' . pick(1, 2, 3, 0, 'x', -1) . ']' : '';
		my $arg = expr($scope, $verb =~ /[dxXboOcU]/ && chance(70) ? 'int' : $verb =~ /[sq]/ && chance(50) ? 'str' : $verb =~ /[feEgGF]/ && chance(70) ? 'num' : 'any', $depth - 1);
		# Other verbs show the inside of a time's location.
		$verb = pick('v', 's', 'q', 'x', 'T', '+v') if $arg =~ /[dD]ate/;
		push @args, leaf($scope, 'small') if $width =~ /\*/;
		push @args, leaf($scope, 'small') if $precision eq '.*';
		$format .= '%' . $width . $precision . $index . $verb;
		push @args, $arg;
	}
	$format .= pick('%', '%z', '%!', '%-', '%.', '%*', '%k', '%y', '%5') if chance(6);
	pop @args if @args && chance(5);
	push @args, leaf($scope, 'any') if chance(5);
	return join ' ', 'printf', quoted($format), @args;
}

# --- functions: the type they give, and those they take ---

# A `?` behind a type: may be left out. `*`: any number. `!`: never of the wrong type (the clock would show).
my @FUNCTIONS = (
	'str abbrev small str', 'str abbrevboth small small str', 'int add num*', 'int add1 num', 'num add1f num', 'num addf num*', 'str adler32sum str',
	'bool all any*', 'any and any any*', 'bool any any*', 'list append list any', 'int atoi str', 'str b32dec str', 'str b32enc str',
	'str b64dec b64', 'str b64enc str', 'str base path', 'int biggest num num*', 'str camelcase str', 'str cat any*', 'num ceil num',
	'list chunk small list', 'str clean path', 'any coalesce any*', 'list compact list', 'list concat list list*', 'bool contains str str',
	'str date layout when!', 'str durationRound span!', 'str durationRound small!', 'str date layout time!', 'str dateInZone layout time! zone', 'str date_in_zone layout time! zone', 'time dateModify span time!', 'time date_modify span time!',
	'any deepCopy any', 'bool deepEqual any any', 'any default any any', 'str dir path', 'int div num num', 'num divf num num', 'str duration num',
	'str durationRound dur!', 'bool empty any', 'bool eq any any', 'bool eq str str', 'bool eq int int', 'bool eq num int', 'bool eq str str str*', 'str ext path',
	'any first list', 'num float64 any', 'num floor num', 'dict fromJson json', 'list fromJsonArray json', 'dict fromToml toml', 'dict fromYaml yaml',
	'list fromYamlArray yaml', 'bool ge num num', 'any get dict key', 'str getHostByName str', 'bool gt int int', 'bool gt str str', 'bool has any list', 'bool hasKey dict key',
	'bool hasPrefix str str', 'bool hasSuffix str str', 'str hello', 'str html any any?', 'str htmlDate when!', 'str htmlDateInZone time! zone',
	'str indent small str', 'any index list small', 'any index dict key', 'any index strs small', 'any index any any any?', 'int index str small', 'list initial list', 'str initials str',
	'int int any', 'int int64 any', 'bool isAbs path', 'str join sep list', 'str join sep any', 'str js str', 'str kebabcase str', 'bool kindIs kind any',
	'str kindOf any', 'any last list', 'bool le num num', 'int len str', 'int len list', 'int len dict', 'int len any', 'list list any*', 'dict lookup str str str str', 'str lower str',
	'bool lt int int', 'bool lt num num', 'int max num num*', 'num maxf num num*', 'dict merge dict dict*', 'dict mergeOverwrite dict dict*', 'int min num num*', 'num minf num num*',
	'int mod num num', 'int mul num num*', 'num mulf num num*', 'list mustAppend list any', 'list mustChunk small list', 'list mustCompact list',
	'time mustDateModify span time!', 'any mustDeepCopy any', 'any mustFirst list', 'any mustFromJson json', 'bool mustHas any list', 'list mustInitial list',
	'any mustLast list', 'dict mustMerge dict dict*', 'dict mustMergeOverwrite dict dict*', 'list mustPrepend list any', 'list mustPush list any',
	'str mustRegexFind pattern str', 'strs mustRegexFindAll pattern str small', 'bool mustRegexMatch pattern str', 'str mustRegexReplaceAll pattern str repl',
	'str mustRegexReplaceAllLiteral pattern str repl', 'strs mustRegexSplit pattern str small', 'list mustRest list', 'list mustReverse list', 'list mustSlice list small? small?',
	'time mustToDate layout str', 'time mustToDate timetext!', 'time toDate timetext!', 'str mustToJson any', 'str mustToPrettyJson any', 'str mustToRawJson any', 'str mustToYaml any', 'list mustUniq list',
	'list mustWithout list any*', 'time must_date_modify span time!', 'bool ne any any', 'bool ne str str', 'str nindent small str', 'str nospace str', 'bool not any',
	'dict omit dict key*', 'any or any any*', 'str osBase path', 'str osClean path', 'str osDir path', 'str osExt path', 'bool osIsAbs path', 'dict pick dict key*',
	'list pluck key dict dict*', 'str plural str str int', 'list prepend list any', 'list push list any', 'str print any*', 'str println any*', 'str quote any*',
	'str regexFind pattern str', 'strs regexFindAll pattern str small', 'bool regexMatch pattern str', 'str regexQuoteMeta str', 'str regexReplaceAll pattern str repl',
	'str regexReplaceAllLiteral pattern str repl', 'strs regexSplit pattern str small', 'str repeat small str', 'str replace str str str', 'any required str any',
	'list rest list', 'list reverse list', 'num round num small', 'ver semver verstr', 'bool semverCompare range verstr', 'str seq small small? small?', 'dict set dict key any',
	'str sha1sum str', 'str sha256sum str', 'str sha512sum str', 'list slice list small? small?', 'str snakecase str', 'strs sortAlpha list',
	'sdict split sep str', 'strs splitList sep str', 'sdict splitn sep small str', 'str squote any*', 'int sub num num', 'num subf num num', 'str substr small small str',
	'str swapcase str', 'any ternary any any bool', 'str title str', 'time toDate layout str', 'int toDecimal any', 'str toJson any', 'str toPrettyJson any',
	'str toRawJson any', 'str toString any', 'strs toStrings any', 'str toToml any', 'str toYaml any', 'str toYamlPretty any', 'str trim str', 'str trimAll str str',
	'str trimPrefix str str', 'str trimSuffix str str', 'str trimall str str', 'str trunc small str', 'list tuple any*', 'bool typeIs type any', 'bool typeIsLike type any',
	'str typeOf any', 'list uniq list', 'str unixEpoch time!', 'dict unset dict key', 'ints until small', 'ints untilStep small small small', 'str untitle str', 'str upper str',
	'str urlJoin dict', 'dict urlParse url', 'str urlquery any any?', 'list without list any*', 'str wrap small str', 'str wrapWith small str str',
	'any dig key any dict', 'any dig key key any dict', 'str derivePassword small str str str str', 'any call any any?', 'str buildCustomCert str str', 'str decryptAES str b64',
	'dict dict', 'str tpl tplstr any',
);
# What is made by hand (below), and what can't be compared at all.
my %BY_HAND = map { $_ => 1 } qw(printf include keys values now ago bcrypt htpasswd fail shuffle uuidv4 encryptAES genCA genCAWithKey genPrivateKey
	genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey randAlpha randAlphaNum randAscii randBytes randInt randNumeric);
# Slow ones, and those whose wrong use gives nothing but one error.
my %SELDOM = map { $_ => 1 } qw(derivePassword call buildCustomCert decryptAES getHostByName hello lookup);
my (%BY_RESULT, @ROWS);

for (@FUNCTIONS) {
	my ($result, $name, @args) = split / /;
	my $row = [ $name, $result, @args ];
	push @ROWS, $row;
	push @{ $BY_RESULT{$result} }, $row;
	push @{ $BY_RESULT{any} }, $row if $result ne 'any';
}

# The names in NAMES that the grammar does not know.
sub unknown_functions {
	my %known = (%BY_HAND, map { $_->[0] => 1 } @ROWS);
	return grep { !$known{$_} } @_;
}

# Methods and fields: of the type, the name, what it gives, what it takes.
my @METHODS = map { [ split / / ] } (
	(map { "time $_ int" } qw(Year Day Hour Minute Second Nanosecond YearDay Unix UnixMilli UnixMicro UnixNano)), 'time Month any', 'time Weekday any', 'time UTC time', 'time IsZero bool',
	'time Format str layout', 'time Sub dur time', 'time After bool time', 'time Before bool time', 'time Equal bool time', 'time Compare int time', 'time AddDate time small small small',
	'time String str', 'time Add time dur', 'time Truncate time dur', 'time Round time dur', 'time Date any', 'time IsDST bool', 'time GoString str', 'time Local time', 'time nope any', 'time Location any',
	'dur Hours num', 'dur Minutes num', 'dur Seconds num', 'dur String str', 'dur Milliseconds int', 'dur Round dur dur', 'dur Truncate dur dur', 'dur Abs dur', 'dur Nope any',
	'ver Major int', 'ver Minor int', 'ver Patch int', 'ver Prerelease str', 'ver Metadata str', 'ver Original str', 'ver String str', 'ver Compare int ver', 'ver LessThan bool ver', 'ver GreaterThan bool ver',
	'ver Equal bool ver', 'ver IncMajor any', 'ver IncMinor any', 'ver IncPatch any', 'ver SetPrerelease any str', 'ver SetMetadata any str', 'ver nope any', 'ver GreaterThanEqual bool ver', 'ver LessThanEqual bool ver',
	'sdict _0 str', 'sdict _1 str', 'dict a any', 'dict b any', 'dict zz any', 'str x any', 'list x any', 'num x any', 'dict a.b any', 'any a any', 'bool b any', 'ints x any', 'strs x any',
	'files Get str file', 'files Glob.AsConfig str glob', 'files Lines strs file', 'files GetBytes any file', 'files AsConfig str', 'files AsSecrets str', 'files Glob any glob', 'files nope any',
);
my %METHODS;
push @{ $METHODS{ $_->[2] } }, $_ for @METHODS;
push @{ $METHODS{any} }, grep { $_->[2] ne 'any' } @METHODS;

$LEAF{file} = sub { quoted(pick('config/a.txt', 'config/b.yaml', 'config/empty', 'nope', 'Chart.yaml', 'config/é.txt', 'bin', '')) };
$LEAF{glob} = sub { quoted(pick('config/*', '**', '*.txt', 'config/**.yaml', '[', '{config,bin}/*', 'nope', 'config/?.txt', 'bin', 'config/[ab].*')) };

# Fields of the objects that every template gets.
sub object_expr {
	my ($scope) = @_;
	my $root = root($scope);
	return quoted('x') unless defined $root;
	return $root . pick(
		(map { ".Chart.$_" } pick(@CHARTS_KEYS)), '.Chart.Nope', '.Chart.name', '.Chart.Maintainers', '.Release.Namespace', '.Release.IsInstall', '.Release.Revision',
		'.Release.Service', '.Release.nope', '.Release.Time', '.Template.Name', '.Template.BasePath', '.Template.Nope', '.Capabilities.KubeVersion.Version', '.Capabilities.KubeVersion.Major', '.Capabilities.KubeVersion',
		'.Capabilities.KubeVersion.GitVersion', '.Capabilities.KubeVersion.Nope', '.Capabilities.HelmVersion.Version', '.Capabilities.HelmVersion.GoVersion',
		'.Capabilities.HelmVersion', '.Capabilities.Nope', '.Capabilities.APIVersions.Nope', '.Subcharts', '.Subcharts.x', '.Nope', '.Nope.x', '.Values.nope.x', '.Files.nope', '.Files',
		'.Capabilities.APIVersions.Has', '.Values', '.Chart', '.Template', '.Chart.Dependencies', '.Chart.Annotations.k');
}

# Methods and fields with arguments that they take, or not.
sub object_call {
	my ($scope) = @_;
	my $root = root($scope);
	return 'list' unless defined $root;
	my $argument = leaf($scope, pick(qw(str int nil list)));
	return pick((map { "$root.Capabilities.APIVersions.Has $_" } '"v1"', '"nope/v1"', '"apps/v1/Deployment"', $argument), (map { "$root$_ $argument" } '.Release.Name', '.Values.s1', '.Values.d1.a', '.Chart.Name', '.Files.Get', '.Files.Glob', '.Files.Lines', '.Files.GetBytes', '.Capabilities.KubeVersion.String',
		'.Capabilities.KubeVersion', '.Chart.Validate', '.Capabilities.APIVersions.Has 1', '.Template', '.Nope'), "$argument | $root.Values.s1", "$argument | $root.Files.Get", "$root.Chart.Validate", "$root.Files.Get", "$root.Capabilities.Has 1", "(index $root.Chart.Maintainers 0).Name",
		"range $root.Capabilities.APIVersions", "len $root.Capabilities.APIVersions", "has \"v1\" $root.Capabilities.APIVersions", "first $root.Capabilities.APIVersions", "$root.Capabilities.KubeVersion.String", "$root.Capabilities.KubeVersion.Version | semver | toJson", "$root.Chart.Metadata.Name",
		"semverCompare \">=1.20-0\" $root.Capabilities.KubeVersion.Version", "$root.Subcharts.sub.Chart.Name", "$root.Subcharts.sub.Values | toJson", "$root.Values.sub | toYaml", "$root.Values.global | toYaml", "$root.Subcharts.sub.Files.Get \"x\"", "$root.Subcharts.sub.Release.Name", "$root.Subcharts.sub.Values.a.b");
}

sub argument {
	my ($scope, $type, $depth) = @_;
	return leaf($scope, 'time') if $type eq 'time!' && $depth <= 1;
	$type =~ s/!\z// and return strict($scope, $type);
	return expr($scope, $type, $depth);
}

# Of that type and no other: what takes anything else shows the clock.
sub strict {
	my ($scope, $type) = @_;
	my $leaf = $LEAF{$type}->($scope);
	return $type eq 'time' && chance(30) ? "($leaf.AddDate " . join(' ', map { roll(40) - 20 } 1 .. 3) . ')' : $leaf;
}

# A call of a function or method that gives `type`, without parentheses.
sub call {
	my ($scope, $type, $depth) = @_;
	return printf_call($scope, $depth) if $type =~ /^(?:str|any)$/ && chance(12);
	return by_hand($scope, $type, $depth) if chance(4);
	if ($METHODS{$type} && chance($type eq 'any' ? 8 : $type =~ /^(?:time|ver|dur)$/ ? 50 : 12)) {
		my ($of, $name, undef, @args) = @{ pick(@{ $METHODS{$type} }) };
		my $self = expr($scope, $of, $depth - 1);
		$self = "($self)" unless $self =~ /^[\$.(]/;
		my @given = map { argument($scope, $_, $depth - 1) } @args;
		return "($self.Glob $given[0]).AsConfig" if $name eq 'Glob.AsConfig';
		return join ' ', "$self.$name", @given;
	}
	my $rows = $BY_RESULT{$type} or return leaf($scope, $type);
	my $row;
	do { $row = pick(@$rows) } while $SELDOM{ $row->[0] } && !chance(5);
	my ($name, undef, @types) = @$row;
	my @args;
	for my $arg (@types) {
		if ($arg =~ s/\*\z//) {
			push @args, map { argument($scope, $arg, $depth - 1) } 1 .. roll(3);
		} elsif ($arg =~ s/\?\z//) {
			last if chance(50);
			push @args, argument($scope, $arg, $depth - 1);
		} else {
			push @args, argument($scope, $arg, $depth - 1);
		}
	}
	if (chance($wrong) && !grep { /!/ } @types) {
		chance(50) ? pop @args : push @args, leaf($scope, 'any');
	}
	($args[0], $args[-1]) = tpl_arguments($scope) if $name eq 'tpl' && @args > 1;
	if (@args && chance(30) && !grep { $_ eq "timetext!" } @types) {
		my $last = pop @args;
		$last = $1 if $last =~ /\A\(((?:[^()"'`]|"(?:[^"\\]|\\.)*")*)\)\z/ && chance(70);
		return join ' ', $last, '|', $name, @args;
	}
	return join ' ', $name, @args;
}

sub tpl_arguments {
	my ($scope) = @_;
	my $root = root($scope);
	return (tpl_text($scope, 1), $root || '.') if defined $root && chance(50);
	return (tpl_text($scope, 0), chance(80) ? '(dict "a" ' . pick(1, '(list 1 2)', '"{{ .b }}"') . ' "b" "x")' : leaf($scope, 'any'));
}

sub by_hand {
	my ($scope, $type, $depth) = @_;
	my $dict = sub { expr($scope, 'dict', $depth - 1) };
	return 'keys ' . $dict->() . ' ' . (chance(20) ? $dict->() : '') . ' | sortAlpha' if $type =~ /^(?:strs|any|list)$/ && chance(60);
	return 'values ' . $dict->() . ' | len' if $type eq 'int' || chance(20);
	return 'fail ' . expr($scope, 'str', 1) if chance(6);
	return pick('randAlpha 5', 'randAlphaNum 3', 'randAscii 2', 'randNumeric 4', 'randBytes 6', 'uuidv4', 'shuffle "abc"', 'bcrypt "a"') . ' | len' if chance(3);
	return 'randInt 3 4' if chance(5);
	return object_call($scope) if chance(20);
	return pick('genPrivateKey "x"', 'genCA "a" "b"', 'genSignedCert "a" nil nil 1', 'htpasswd "a:b" "c"', 'genSelfSignedCert "a" (list "x") nil 1', 'encryptAES 1 2', 'ago', 'genCAWithKey "a" 1 "x"') if chance(2);
	return include_call($scope, $depth, $type);
}

# Whether the template does not print its whole dot, which holds an address.
sub takes_root { return $_[0] eq 'nope' || $world->{takes_root}{ $_[0] } }

sub include_call {
	my ($scope, $depth, $type) = @_;
	my @names = (@{ $world->{helpers} }, @$defines);
	my $name = chance(3) || !@names ? 'nope' : pick(@names);
	my $dot = $scope->{root} && takes_root($name) && chance(70) ? pick('.', '$') : $scope->{dollar_root} && takes_root($name) && chance(50) ? '$' : expr($scope, chance(60) ? 'dict' : 'any', $depth - 1);
	my $call = 'include "' . $name . '" ' . $dot;
	return $call . ' ' . pick('| nindent 2', '| trim', '| quote', '| indent 1', '| upper', '| toYaml', ($type // '') eq 'str' ? () : ('| fromYaml', '| len')) if chance(30);
	return $call;
}

# An argument of the type: a constant, a value, a variable, or a call in parentheses.
sub expr {
	my ($scope, $type, $depth) = @_;
	$type = pick(qw(str int num bool list dict any nil time ver)) if chance($wrong);
	return leaf($scope, $type) if $depth <= 0 || chance(35);
	if ($type eq 'any' && chance(8)) {
		return object_expr($scope);
	}
	return leaf($scope, $type) if $type =~ /^(?:key|kind|type|sep|small|zone|layout|range|file|glob|tplstr)$/ && chance(95);
	my %as = (word => 'str', key => 'str', small => 'int', pattern => 'str', layout => 'str', zone => 'str', span => 'str', verstr => 'str', range => 'str', url => 'str', path => 'str',
		yaml => 'str', json => 'str', toml => 'str', b64 => 'str', kind => 'str', type => 'str', sep => 'str', tplstr => 'str', repl => 'str', file => 'str', glob => 'str');
	return leaf($scope, $type) if $as{$type} && chance(80);
	return '(' . call($scope, $as{$type} // $type, $depth) . ')';
}

sub pipeline {
	my ($scope, $type, $depth) = @_;
	my $out = chance(75) ? call($scope, $type, $depth) : expr($scope, $type, $depth);
	$out .= ' | ' . pick('quote', 'toJson', 'toYaml', 'upper', 'len', 'default "d"', 'toString', 'typeOf', 'indent 2', 'trim', 'print', 'printf "%v"', 'printf "%q"', 'list | first', 'not', 'squote', 'kindOf', 'b64enc')
			while chance(18);
	$out .= ' | ' . pick('upper', 'indent 2', 'trim', 'b64enc', 'trunc 3', 'nindent 1', 'splitList "," | first') if $type eq 'str' && chance(15);
	return $out;
}

# --- statements ---

sub text {
	return pick("\n", "\n", ' ', '', 'x', "a: ", "\n  ", "- ", "\r\n", " \t\n", "\n\n", 'é', '}', '{ ', ' - ', "#", "\x{2003}", "text here\n", '"', "\x0b", "\x{85}", '<no value>', "\x{a0}\n", '-');
}

sub left { return chance(25) ? '{{-' . pick(' ', ' ', "\n", "\t") : '{{' . pick('', ' ', ' ', "\n ") }
sub right { return chance(25) ? pick(' ', "\t", "\r\n") . '-}}' : pick('', ' ', '  ') . '}}' }
sub action { my ($code) = @_; return (my $l = left()) . $code . right() }

sub trivia {
	return '{{/* ' . pick('c', '', '}}', "two\nlines", '{{ x }}') . ' */}}' if chance(50);
	return '{{- /* c */ -}}' if $id eq 'h' || chance(80);
	return pick('{{/*c*/ -}}', '{{- /*c*/}}', '{{ /* c */ }}', '{{/* open', '{{}}', '{{ end }}', '{{else}}', '{{"x}}', '{{`x}}', '{{.}', '{{ .a.}}', '{{ | }}', '{{ 1 | 2 }}', '{{(1}}', '{{1)}}', '{{$}}x{{ .1 }}',
		'{{ nope }}', '{{ $nope }}', '{{ 1 2 }}', '{{ nil }}', '{{ "a" "b" }}', '{{template}}', '{{template "x" 1 2}}', '{{define}}', '{{break}}', '{{continue}}', '{{if}}x{{end}}', '{{ .a := 1 }}', '{{ $x := }}',
		'{{ 1.x }}', '{{ "a".x }}', '{{ true.x }}', '{{ nil.x }}', '{{ @ }}', '{{ a, b }}', '{{ . . }}', '{{ (.).x }}', '{{ -}}', '{{- -}}', '{{range $a, $b, $c := .}}{{end}}', '{{range $a, 1 := .}}{{end}}', '{{$a, $b := .}}',
		'{{else if true}}', '{{if 1}}{{else}}{{else}}{{end}}', '{{if 1}}{{else if}}{{end}}', '{{with 1}}{{else with}}{{end}}', '{{block "x"}}{{end}}', '{{ "\\q" }}', "{{ 'ab' }}", '{{ 1_ }}', '{{ .é }}', '{{ é }}', '{{ $é := 1 }}{{ $é }}',
		'{{ len | quote }}', '{{ (len "a") . }}', '{{ $x.y }}', '{{ . | .x }}', '{{ 1 | nope }}', '{{ "a" | "b" }}', '{{-1}}', '{{- 1}}', '{{1 -}}', '{{1-}}', '{{ .Values.s1.x.y }}', '{{ (index .Values "s1").x }}', '{{ /**/ }}', '{{if 1 }}');
}

# A scope for what is inside a block.
sub inside { my ($scope, %over) = @_; return { %$scope, vars => [ @{ $scope->{vars} } ], %over } }

sub declare {
	my ($scope, $type) = @_;
	my $name = '$' . pick(qw(a b c x y _ v1 é));
	@{ $scope->{vars} } = grep { $_->[0] ne $name } @{ $scope->{vars} };
	push @{ $scope->{vars} }, [ $name, $type ];
	return $name;
}

sub some_type { return pick(qw(str str int num bool list dict any strs ints dict list time ver)) }

sub without_root { my ($type) = @_; return (dot => $type, root => 0) }

sub if_statement {
	my ($scope, $depth) = @_;
	my $inner = inside($scope);
	my $type = some_type();
	my $head = pipeline($inner, $type, 2);
	$head = declare($inner, $type) . ' := ' . $head if chance(15);
	my $out = action("if $head") . block($inner, $depth - 1);
	$out .= action('else if ' . pipeline($inner, 'any', 2)) . block(inside($inner), $depth - 1) while chance(20);
	$out .= action('else') . block(inside($inner), $depth - 1) if chance(35);
	return $out . action('end');
}

sub with_statement {
	my ($scope, $depth) = @_;
	my $inner = inside($scope);
	my $type = some_type();
	my $head = pipeline($inner, $type, 2);
	$head = declare($inner, $type) . ' := ' . $head if chance(20);
	my $out = action("with $head") . block(inside($inner, without_root($type)), $depth - 1);
	$out .= action('else with ' . pipeline($inner, 'dict', 2)) . block(inside($inner, without_root('dict')), $depth - 1) if chance(12);
	$out .= action('else') . block(inside($inner), $depth - 1) if chance(35);
	return $out . action('end');
}

sub range_statement {
	my ($scope, $depth) = @_;
	my $inner = inside($scope);
	my $over = pick(qw(list list dict strs ints any), 'small');
	my $head = pipeline($inner, $over, 2);
	$head = pick(3, 2, 0, '(int 2)') if $over eq 'small';
	# A duration is a number, of nanoseconds: Helm would count them all.
	$head = 'list 1 "a"' if $head =~ /\.(?:Sub|Abs|Round|Truncate)\b|_000|1e|\d{5}|unixEpoch|Unix/;
	my $item = $over eq 'strs' ? 'str' : $over =~ /^(?:ints|small)$/ ? 'int' : 'any';
	if (chance($over eq 'small' ? 15 : 45)) {
		my $key = $over eq 'dict' ? 'str' : 'int';
		my $op = ':=';
		if (chance(12) && (my @old = map { $_->[0] } @{ $scope->{vars} })) {
			$head = pick(@old) . (chance(40) ? ', ' . pick(@old) : '') . " = $head";
		} elsif (chance(60)) {
			my $k = declare($inner, $key);
			my $v = declare($inner, $item);
			$head = "$k, $v := $head";
		} else {
			$head = declare($inner, $item) . " := $head";
		}
	}
	$loops++;
	my $out = action("range $head") . block(inside($inner, without_root($item)), $depth - 1);
	$loops--;
	$out .= action('else') . block(inside($inner), $depth - 1) if chance(25);
	return $out . action('end');
}

my $count;

# A define's name is the program's own, since many programs share one file.
sub define_statement {
	my ($depth) = @_;
	my $name = @$defines && $id ne 'h' && chance(30) ? pick(@$defines) : "p$id." . pick('a', 'b', 'c') . $count++;
	my $old = $loops;
	$loops = 0;
	# What is defined anew must not call what calls it.
	local $defines = [] if grep { $_ eq $name } @$defines;
	my $dot = pick('root', 'any', 'dict', 'str');
	my $out = action("define \"$name\"") . block({ dot => $dot, root => $dot eq 'root', dollar => $dot eq 'root', dollar_root => $dot eq 'root', vars => [] }, $depth - 1) . action('end');
	$loops = $old;
	push @$defines, $name;
	$world->{takes_root}{$name} = $dot eq 'root';
	return $out;
}

sub template_statement {
	my ($scope, $depth) = @_;
	my @names = (@{ $world->{helpers} }, @$defines);
	if (chance(25)) {
		my $name = "p$id.k" . $count++;
		my $old = $loops;
		$loops = 0;
		my $type = some_type();
		my $out = action("block \"$name\" " . pipeline($scope, $type, 2)) . block({ dot => $type, root => 0, dollar => 0, vars => [] }, $depth - 1) . action('end');
		$loops = $old;
		return $out;
	}
	my $name = chance(3) || !@names ? 'nope' : pick(@names);
	return action("template \"$name\"") if chance(15);
	my $dot = $scope->{root} && takes_root($name) && chance(70) ? pick('.', '$') : pipeline($scope, 'any', 2);
	return action("template \"$name\" $dot");
}

sub statement {
	my ($scope, $depth) = @_;
	my $kind = roll(100);
	return text() if $kind < 22;
	if ($kind < 55 || $depth <= 0) {
		return trivia() if chance($wrong < 1 ? 3 : 5);
		return action(pipeline($scope, some_type(), 1 + roll(3)));
	}
	if ($kind < 66) {
		my @old = @{ $scope->{vars} };
		return action(do { my $v = pick(@old); "$v->[0] = " . pipeline($scope, $v->[1], 2) }) if @old && chance(40);
		my $type = some_type();
		my $code = pipeline($scope, $type, 2);
		return action(declare($scope, $type) . pick(' := ', ':=', " :=\n") . $code);
	}
	return if_statement($scope, $depth) if $kind < 74;
	return with_statement($scope, $depth) if $kind < 81;
	return range_statement($scope, $depth) if $kind < 89;
	return action(pick('break', 'continue')) if $loops && $kind < 91;
	return template_statement($scope, $depth) if $kind < 95;
	return action(include_call($scope, 2));
}

sub block {
	my ($scope, $depth) = @_;
	$scope = inside($scope);
	return join '', map { statement($scope, $depth) } 1 .. 1 + roll(3);
}

# A template in a string, which gets the whole dot or a dictionary.
sub tpl_text {
	my ($scope, $root) = @_;
	my $old = $loops;
	$loops = 0;
	return quoted(pick('{{ . }}', '{{ .a }}', '{{ .b.c }}', '{{ define "in" }}[{{ . }}]{{ end }}{{ include "in" .a }}', '{{ template "in2" }}', '{{ range .a }}{{ . }},{{ end }}', '{{ tpl "{{ .a }}" . }}', '{{ nope }}', '{{ .a', '{{ fail "x" }}',
		'{{ .Values.s1 }}', '{{ index .a 5 }}', '{{ tpl (index . "b") . }}', '{{ required "r" .zz }}', "{{- 1 -}}\n", 'plain', '{{ $ }}', '{{ .a | quote }}', '{{ include "h0" . }}', '{{ tpl "{{ include \"h1\" . }}" . }}',
		'{{ define "h0" }}new{{ end }}{{ include "h0" . }}', '{{ block "bl" . }}{{ .a }}{{ end }}', "\n{{ .a.x }}", '{{ with .a }}{{ . }}{{ else }}none{{ end }}', '{{ tpl "{{ .a" . }}', '{{ .Template.Name }}', '{{ .Chart.Name.x }}')) unless chance(50);
	my $text = block({ dot => $root ? 'root' : 'dict', root => $root, dollar => $root, dollar_root => $root, vars => [] }, 1);
	$loops = $old;
	return quoted($text);
}

# --- programs and worlds ---

# program(N, WRONGNESS): the Nth template of the present world.
sub program {
	my ($number) = @_;
	return wild_program($number) if $world->{kind} eq 'wild';
	return CompatOdd::heap_of_tokens() if $world->{kind} eq 'tokens';
	return CompatOdd::edge_call(@ROWS) if $world->{kind} eq 'edges';
	my $text = plain_program($number);
	return chance(6) ? CompatOdd::mutated($text) : $text;
}

sub plain_program {
	my ($number) = @_;
	($id, $defines, $loops, $count) = ($number, [], 0, 0);
	$wrong = pick(0, 0, 0.3, 0.6, 3);
	my $scope = { dot => 'root', root => 1, dollar => 1, dollar_root => 1, vars => [] };
	my $out = '';
	$out .= define_statement(2) . text() while chance(25);
	$out .= statement($scope, 3) for 1 .. 1 + roll(5);
	$out .= define_statement(2) if chance(10);
	utf8::encode($out);
	return $out;
}

# Values: [YAML text, type] for one key.
my @SCALARS = ([ 'abc', 'str' ], [ '"q \"x\" \u00e9\n"', 'str' ], [ "'it''s'", 'str' ], [ '12', 'num' ], [ '-7', 'num' ], [ '3.25', 'num' ], [ '1e3', 'num' ], [ '0x1F', 'num' ], [ '0o17', 'num' ], [ '0777', 'num' ], [ '1_000', 'num' ],
	[ '12345678901234567890', 'num' ], [ '1000000', 'num' ], [ '9007199254740993', 'num' ], [ '-0.0', 'num' ], [ 'true', 'bool' ], [ 'no', 'bool' ], [ 'on', 'bool' ], [ 'False', 'bool' ],
	[ '~', 'nil' ], [ 'null', 'nil' ], [ '', 'nil' ], [ '2001-12-14t21:59:43.10-05:00', 'str' ], [ '2020-01-02', 'str' ], [ '!!str 12', 'str' ], [ '!!float 3', 'num' ], [ '!!binary aGVsbG8=', 'str' ], [ '0b11', 'num' ], [ '1:30', 'str' ],
	[ '"{{ .Values.n1 }}"', 'str' ], [ '" pad "', 'str' ], [ '"é日本"', 'str' ], [ 'a b # c', 'str' ], [ '"a,b,c"', 'str' ], [ '""', 'str' ], [ '"1.5"', 'str' ], [ '"\x00\x7f\u2028"', 'str' ], [ '1.0', 'num' ], [ '5', 'num' ], [ '3', 'num' ], [ 'y', 'bool' ],
	[ '"{{ tpl .Values.s1 . }}"', 'str' ], [ '+12', 'num' ], [ '0x', 'str' ], [ '08', 'any' ], [ '=', 'any' ], [ '1.5e-9', 'num' ], [ '!!int "3"', 'num' ]);

sub flow {
	my ($depth) = @_;
	my $kind = $depth > 0 ? roll(5) : 0;
	if ($kind < 3) {
		my $s = pick(@SCALARS)->[0];
		return $s eq '' ? 'null' : $s =~ /[#:,]|^[!=]/ && $s !~ /^"/ ? 'x' : $s;
	}
	return '[' . join(', ', map { flow($depth - 1) } 1 .. roll(4)) . ']' if $kind == 3;
	my %seen;
	return '{' . join(', ', map { "$_: " . flow($depth - 1) } grep { !$seen{$_}++ } map { pick('a', 'b', 'c', 'x', '"x-y"', '"é"', '"1"', '"n\nl"', '"A"', '""') } 1 .. roll(4)) . '}';
}

sub world_values {
	my (%paths, @lines);
	my %count;
	my $put = sub {
		my ($type, $prefix, $yaml) = @_;
		my $name = $prefix . ++$count{$prefix};
		push @lines, "$name: $yaml";
		push @{ $paths{$type} }, ".$name";
		push @{ $paths{any} }, ".$name";
		return $name;
	};
	my %prefix = (str => 's', num => 'n', bool => 'b', nil => 'z', any => 'o');
	$put->('str', 's', pick('abc', '"x y"', '"é"'));
	$put->('num', 'n', roll(9));
	for (1 .. 8) {
		my $s = pick(@SCALARS);
		$put->($s->[1], $prefix{ $s->[1] }, $s->[0]);
	}
	$put->('list', 'l', '[' . join(', ', map { flow(2) } 1 .. roll(5)) . ']') for 1 .. 3;
	$put->('list', 'l', '[' . join(', ', map { pick('a', 'b', '"c d"', 'é', '""') } 1 .. 3) . ']');
	for (1 .. 3) {
		my $name = $put->('dict', 'd', '{' . join(', ', map { "$_: " . flow(2) } qw(a b c)) . '}');
		push @{ $paths{any} }, ".$name.a", ".$name.b", ".$name.b";
	}
	$put->('num', 'n', pick('.inf', '-.inf', '.nan', '1e400')) if chance(2);
	my $block = pick("|\n  one\n  two\n", ">-\n  folded\n  text\n\n  more", "|+\n  keep\n\n", "|2-\n    in\n  out", "|\n  {{ .Values.s1 }}\n");
	$put->('str', 's', $block);
	if (chance(30)) {
		push @lines, 'base: &anchor {a: 1, b: [x]}', 'copy: *anchor', 'merged: {<<: *anchor, c: 3}';
		push @{ $paths{dict} }, '.base', '.copy', '.merged';
	}
	push @lines, pick('1: one', '"a.b": dotted', 'n: norway', '"": empty', '"é": e', 'true: t', '1.5: f') if chance(30);
	push @lines, pick('~: nothing', '? [a]', "\tx: y", 'x: [', 's1: again') if chance(2);
	return (join("\n", @lines) . "\n", \%paths);
}

# Values and --set lines that may well be wrong: few programs need to see them.
my @SET_PARTS = ('a', 'b', 'c.d', 'a[0]', 'a[1].b', 'x\\.y', '=', '=', '=', ',', '{', '}', '1', 'true', 'null', '\\,', '\\', '[', ']', '.', ' ', 'é', '"', '{a,b}', '-1', '007', '1.5', '{{', 'a.b', '[-1]', '[99999]', '\\=', '\\[', "'");

sub wild_parts {
	my ($values, $set) = @_;
	my $text = chance(60) ? yaml_text() : $values;
	$text = edited($text) for 1 .. 3;
	$set = join "\n", map { (my $line = chance(50) ? 'k=' . joined(5, @SET_PARTS) : joined(8, @SET_PARTS)) =~ s/\n//gr } 1 .. 1 + roll(2) if chance(60);
	return ($text =~ /\n\z/ ? $text : "$text\n", $set);
}

# What a world is for: values and --set lines that may be wrong, tokens in any order, functions with any arguments, or
# programs as people write them.
sub world_kind { return (qw(wild plain tokens wild plain edges))[ $_[0] % 6 ] }

sub wild_program { return ('{{ toJson .Values }}', '{{ toYaml .Values }}', '{{ range $k, $v := .Values }}{{ $k }}={{ printf "%T %v" $v $v }};{{ end }}', '{{ toToml .Values }}', '{{ toYamlPretty .Values }}', '{{ .Values.a.b }}{{ index .Values "k" }}{{ .Values.k0 }}')[ $_[0] - 1 ] }

sub world_set {
	my ($paths) = @_;
	my @lines;
	for my $i (1 .. roll(3)) {
		my $value = pick('1', 'x', 'true', 'null', '1.5', '', '{a,b}', '9999999999', 'a\,b', '007', '-1', '{1,x,}', '1e3', 'é', ' pad', '{}', '0', 'False');
		push @lines, pick("set$i", "set$i.a.b", "d1.new$i", "set${i}[1]", "l1[0]", "set$i\\.x", "d2.a", "set$i" . '[0].x', 'n1') . "=$value";
		push @{ $paths->{any} }, ".set$i", ".set$i.a" if $lines[-1] =~ /^set/;
	}
	return join "\n", @lines;
}

my @HELPERS = ('{{ . }}', '{{ .a }}-{{ .b }}', '{{ $.a }}', '{{ range $k, $v := . }}{{ $k }}={{ $v }};{{ end }}', '{{ toYaml . }}', '{{ . | quote }}', '{{ index . 0 }}', '{{ .a.b.c }}', "\n{{- if . }}\nyes\n{{- else }}\nno\n{{- end }}", '{{ len . }}',
	'{{ include "h0" . }}', '{{ template "h1" .a }}', '{{ tpl "{{ . }}" . }}', "a: 1\nb: {{ . | toJson }}\n", '{{ .Values.s1 }}', '{{ required "need a" .a }}', '{{ fail (print .) }}', '{{ printf "%v %T" . . }}', '{{ .Template.Name }}', '', ' ',
	'{{ with .a }}{{ template "h0" . }}{{ end }}', '{{ upper . }}', '{{ tpl . $ }}', '{{ set . "k" 1 | toJson }}', '{{ .x.y | default "d" }}', '{{ include (print "h" 1) . | indent 2 }}');

# Helpers in several files of the chart and of a subchart, which call one another in the order of their names; `dup` is
# defined anew in each, and the files' order says which counts.
my @LINKS = ('{{ include "h0" . }}', "\n  {{ tpl \"{{ include \\\"h1\\\" . }}\" . }}", '{{ range (list 1 2) }}{{ include "h0" $ }}{{ end }}', "{{- with .a }}\n {{ .b.c }}{{ end }}", '{{ tpl (printf "{{ %s }}" "upper .a") . }}', '{{ required "chain" .zz }}', '{{ tpl .a . }}', '{{ index .a 3 }}',
	'{{ toYaml . | nindent 2 }}', '{{ include "dup" . }}', '{{ .a.b }}', "{{ if .a }}\n{{ fail \"no\" }}{{ end }}", "{{ tpl \"\\n{{ tpl \\\"{{ .a.x }}\\\" . }}\" . }}", '{{ template "dup" .a }}', '{{ $x := .b }}{{ $x }}', '{{ range .a }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ . }}{{ end }}', '{{ .Template.Name }}');

sub link_helper { my ($n) = @_; return "{{- define \"c$n\" }}" . pick(@LINKS, map { ("{{ include \"c$_\" . }}", "\n{{ template \"c$_\" . }}", "{{ tpl \"{{ include \\\"c$_\\\" . }}\" . | indent 1 }}") } $n + 1 .. 3) . '{{ end }}' . pick('', "\n") }

sub chart_parts {
	my @files = ('templates/_a.tpl', 'templates/_z.tpl', 'templates/sub/_x.tpl', 'templates/sub.tpl', 'charts/sub/templates/_s.tpl', 'charts/sub/templates/sub.yaml');
	my %text = map { $_ => '' } @files;
	$text{ pick(@files) } .= link_helper($_) for 0 .. 3;
	$text{$_} .= "{{ define \"dup\" }}$_" . pick(' {{ . }}', '', ' {{ .a }}') . '{{ end }}' for grep { chance(40) } @files;
	$text{ $files[0] } .= '{{ define "dup" }}{{ end }}';
	push @{ $world->{helpers} }, map { ($_) x 2 } qw(c0 c1 c2 c3 dup);
	return ((map { [ "file $_" => "$text{$_}\n" ] } grep { $text{$_} ne '' } @files), [ 'file charts/sub/Chart.yaml' => "apiVersion: v2\nname: sub\nversion: 1.2.3\n" ], [ 'file charts/sub/values.yaml' => "a: " . flow(2) . "\nglobal: {g: 1}\n" ]);
}

# How many programs there are to make in the present world, where not any number of them.
sub world_size { return $world->{kind} eq 'wild' ? 6 : undef }

# Makes a new world of this seed: a list of parts, as those of a case.
sub world {
	my ($number) = @_;
	seed($number);
	my ($values, $paths) = world_values();
	$world = { paths => $paths, kind => 'plain', helpers => [ 'h0', 'h1', 'h2', 'h3' ] };
	($id, $defines, $loops, $count, $wrong) = ('h', [], 0, 0, 0.3);
	# The first two call no later ones: no helper calls itself without end.
	my @bodies = map { $_ } (pick(@HELPERS[ 0 .. 5, 8, 9, 13, 17 ]), pick(@HELPERS[ 0 .. 5, 8, 9, 10, 13, 17 ]), pick(@HELPERS), pick(@HELPERS));
	my $helpers = '';
	$world->{takes_root}{"h$_"} = $bodies[$_] !~ /\{\{ (?:\w+ )?\. |\. \}\}|\$v|\$ \}\}|\. \||\. \.|\(print \.|set \. / for 0 .. 3;
	$helpers .= "{{- define \"h$_\" -}}" . $bodies[$_] . "{{- end -}}\n" for 0 .. 3;
	if (chance(60)) {
		local $world->{helpers} = [ 'h0', 'h1' ];
		my $more = define_statement(2);
		$helpers .= "$more\n" if $more !~ /nope|trivia/;
		push @{ $world->{helpers} }, @$defines;
	}
	my $set = world_set($paths);
	$world->{kind} = world_kind($number);
	($values, $set) = wild_parts($values, $set) if $world->{kind} eq 'wild';
	my @parts = ([ chance(85) ? 'values' : 'file values.yaml' => $values ]);
	push @parts, [ set => $set ] if $set ne '';
	push @parts, [ 'file templates/_h.tpl' => $helpers ];
	push @parts, chart_parts() if $world->{kind} eq 'plain' && chance(60);
	push @parts, [ 'file config/a.txt' => pick("hello\n", "one\ntwo\n", "x: {{ 1 }}\n", "é\r\nb\n", "\n") ] if chance(60);
	push @parts, [ 'file config/b.yaml' => pick("a: 1\nb: [x, y]\n", "- 1\n- two\n", "a: |\n  t\n") ] if chance(60);
	push @parts, [ 'file bin' => pick("\x{1}\x{2}\n", "plain\n", "tab\t\n\ntrail  \n") ] if chance(40);
	push @parts, [ 'file Chart.yaml' => "apiVersion: v2\nname: t\nversion: 0.1.0\n" . join '', grep { chance(50) } "appVersion: 1.2\n", "description: some \"text\"\n", "keywords: [a, b]\n",
		"maintainers:\n- name: Ann\n  email: a\@example.com\n- name: Bo\n  url: http://b\n", "annotations: {k: v, x: \"1\"}\n", "sources: [http://s]\n", "home: http://h\n", "icon: http://i\n", "kubeVersion: \">=1.20\"\n", "deprecated: false\n", "type: application\n" ] if chance(50);
	utf8::encode($_->[1]) for @parts;
	return @parts;
}

1;
