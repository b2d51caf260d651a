#!/usr/bin/perl
# Packaged charts: good ones, broken ones, and those that lie. What Helm 4 says was asked once (HELM=... asks again).
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use IO::Compress::Gzip qw(gzip $GzipError);
use Test::More;

my $here = dirname(abs_path(__FILE__));
my $cleat = abs_path($ENV{CLEAT} // "$here/../../build/cleat");
my $helm = $ENV{HELM};
my $dir = tempdir(CLEANUP => 1) . '/w';
mkdir $dir;

# One entry of a tar archive; `size` may lie.
sub entry {
	my ($name, $data, %o) = @_;
	my $header = pack 'a100a8a8a8a12a12a8a1a100a6a2a32a32a8a8a155x12', substr($name, 0, 100), '0000644', '0000000', '0000000',
		sprintf('%011o', $o{size} // length $data), '00000000000', '        ', $o{type} // '0', $o{link} // '', 'ustar', '00', '', '', '', '', '';
	substr($header, 148, 8) = sprintf "%06o\0 ", unpack '%32C*', $header;
	return $header . $data . "\0" x (-length($data) % 512);
}

sub tgz {
	my ($file, @entries) = @_;
	my $tar = join('', @entries) . "\0" x 1024;
	my $packed;
	gzip(\$tar => \$packed) or die $GzipError;
	put($file, $packed);
	return $packed;
}

sub put { open my $out, '>:raw', "$dir/$_[0]" or die "$_[0]: $!"; print $out $_[1] }
sub get { open my $in, '<:raw', $_[0] or return ''; local $/; return scalar(<$in>) // '' }

sub run {
	my ($program, @args) = @_;
	my $quoted = join ' ', map { "'$_'" } @args;
	system "cd '$dir' && HOME='$dir' '$program' $quoted >out 2>err </dev/null";
	my ($code, $out, $err) = ($? >> 8 || $? & 127, get("$dir/out"), get("$dir/err"));
	$err =~ s{\Q$dir\E}{DIR}g;
	return ($code, $out, $err);
}

# Renders FILE; `want` is the output, or the error's text.
sub is_rendered {
	my ($file, $want, $name) = @_;
	for my $program ($cleat, $helm // ()) {
		my ($code, $out, $err) = run($program, 'template', 'rel', $file);
		is("$code|$out|$err", "0|$want|", "$name" . ($program eq $cleat ? '' : ' (helm)'));
	}
}

sub is_refused {
	my ($file, $want, $name) = @_;
	for my $program ($cleat, $helm // ()) {
		my ($code, $out, $err) = run($program, 'template', 'rel', $file);
		is($code, 1, "$name: exit code");
		is($out, '', "$name: nothing on standard output");
		is(substr($err, 0, length $want), $want, "$name: message" . ($program eq $cleat ? '' : ' (helm)'));
	}
}

my $chart = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
my @good = (entry('c/Chart.yaml', $chart), entry('c/values.yaml', "a: 1\n"), entry('c/templates/a.yaml', "a: {{ .Values.a }} {{ .Files.Get \"x.txt\" }}\n"), entry('c/x.txt', 'x'));
my $shown = "---\n# Source: c/templates/a.yaml\na: 1 x\n";

tgz('good.tgz', @good);
is_rendered('good.tgz', $shown, 'a packaged chart');
tgz('dirs.tgz', entry('c/', '', type => '5'), entry('c/templates/', '', type => '5'), @good);
is_rendered('dirs.tgz', $shown, 'folders in the archive');
tgz('dot.tgz', map { s/^c/./r } @good);
tgz('windows.tgz', entry('c\\Chart.yaml', $chart), entry('c\\templates\\a.yaml', "a: 1\n"));
is_rendered('windows.tgz', "---\n# Source: c/templates/a.yaml\na: 1\n", 'backslashes');
tgz('bom.tgz', entry('c/Chart.yaml', "\xEF\xBB\xBF$chart"), entry('c/templates/a.yaml', "\xEF\xBB\xBFa: 1\n"));
is_rendered('bom.tgz', "---\n# Source: c/templates/a.yaml\na: 1\n", 'byte order marks');
tgz('ignore.tgz', @good, entry('c/.helmignore', "templates/\n"));
is_rendered('ignore.tgz', $shown, '.helmignore does not count in an archive');
tgz('pax.tgz', entry('x', "28 path=c/templates/\xC3\xBC.yaml\n", type => 'x'), entry('c/u', "u: 1\n"), @good);
is_rendered('pax.tgz', "$shown---\n# Source: c/templates/\xC3\xBC.yaml\nu: 1\n", 'a name beyond ASCII');
tgz('link.tgz', @good, entry('c/templates/l.yaml', '', type => '2', link => '/etc/passwd'));
is_rendered('link.tgz', $shown, 'a link in the archive is an empty file');

my $inner = tgz('inner.tgz', entry('s/Chart.yaml', $chart =~ s/name: c/name: s/r), entry('s/templates/s.yaml', "s: {{ .Values.a }}\n"));
tgz('nested.tgz', entry('c/Chart.yaml', $chart), entry('c/values.yaml', "s: {a: 5}\n"), entry('c/charts/s-1.0.0.tgz', $inner));
is_rendered('nested.tgz', "---\n# Source: c/charts/s/templates/s.yaml\ns: 5\n", 'an archive in an archive');

put('text.tgz', "just text\n");
is_refused('text.tgz', "Error: file 'DIR/text.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'\n", 'text');
put('long.tgz', "just text\n" x 100);
is_refused('long.tgz', "Error: file 'DIR/long.tgz' does not appear to be a gzipped archive; got 'text/plain; charset=utf-8'\n", 'long text');
put('values.yaml', "a: 1\n");
is_refused('values.yaml', "Error: file 'DIR/values.yaml' seems to be a YAML file, but expected a gzipped archive\n", 'a values file');
put('empty.tgz', '');
is_refused('empty.tgz', "Error: file 'DIR/empty.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'\n", 'an empty file');
put('header.tgz', "\x1F\x8B\x08\0\0");
is_refused('header.tgz', "Error: unable to load chart archive\n", 'only a header');
put('cut.tgz', substr(get("$dir/good.tgz"), 0, 120));
is_refused('cut.tgz', "Error: unable to load chart archive\n", 'cut short');
tgz('none.tgz');
is_refused('none.tgz', "Error: unable to load chart archive\n", 'no files');
tgz('nochart.tgz', entry('c/values.yaml', "a: 1\n"));
is_refused('nochart.tgz', "Error: unable to detect chart version, no Chart.yaml found\n", 'no Chart.yaml');
for (['../../x', 'a parent step'], ['c/../../x', 'a parent step inside'], ['/c/x', 'an absolute path'], ['c//x', 'a double slash'], ['Chart.yaml', 'no folder'],
	['c/C:/x', 'a drive'], ['c', 'only the folder'], ['c/..\\..\\x', 'a parent step with backslashes']) {
	tgz('trick.tgz', @good, entry($_->[0], 'x'));
	my ($code, $out, $err) = run($cleat, 'template', 'rel', 'trick.tgz');
	if ($helm) {
		my ($hcode, $hout, $herr) = run($helm, 'template', 'rel', 'trick.tgz');
		is("$code|$out", "$hcode|$hout", "$_->[1] (helm)");
		is(substr($err, 0, length $herr), $herr, "$_->[1]: message (helm)");
	}
	like("$code|$err", qr/^(?:1\|Error: unable to load chart archive\n|0\|)/, $_->[1]);
	ok(!-e "$dir/../x", "$_->[1]: nothing is written");
}
tgz('lies.tgz', @good, entry('c/big', 'x', size => 6 << 20));
is_refused('lies.tgz', "Error: unable to load chart archive\n", 'a file over the limit');
tgz('huge.tgz', @good, entry('c/big', 'x', size => 8 ** 11 - 1));
is_refused('huge.tgz', "Error: unable to load chart archive\n", 'a size that lies');
my $five = 'x' x (5 << 20);
tgz('bomb.tgz', @good, map { entry("c/f$_", $five) } 1 .. 20);
is_refused('bomb.tgz', "Error: unable to load chart archive\n", 'more than 100 MiB in all');
my $bad = tgz('bad.tgz', entry('s/values.yaml', "a: 1\n"));
tgz('nested-bad.tgz', entry('c/Chart.yaml', $chart), entry('c/charts/s-1.0.0.tgz', $bad));
is_refused('nested-bad.tgz', "Error: error unpacking subchart s-1.0.0.tgz in c: Chart.yaml file is missing\n", 'a subchart without Chart.yaml');
tgz('nested-text.tgz', entry('c/Chart.yaml', $chart), entry('c/charts/s-1.0.0.tgz', "text"));
is_refused('nested-text.tgz', "Error: error unpacking subchart s-1.0.0.tgz in c: ", 'a subchart that is text');
my $abs = tgz('abs.tgz', entry('s/Chart.yaml', $chart), entry('s/../../x', 'x'));
tgz('nested-trick.tgz', entry('c/Chart.yaml', $chart), entry('c/charts/s-1.0.0.tgz', $abs));
is_refused('nested-trick.tgz', "Error: error unpacking subchart s-1.0.0.tgz in c: chart illegally references parent directory\n", 'a subchart with a trick');
my $deep = $inner;
$deep = tgz("deep.tgz", entry('d/Chart.yaml', $chart =~ s/name: c/name: d$_/r), entry("d/charts/x.tgz", $deep)) for 1 .. 80;
my ($code, $out, $err) = run($cleat, 'template', 'rel', 'deep.tgz');
is($code, 1, 'charts without end: exit code');
like($err, qr/nested more than 64 deep/, 'charts without end: message');
done_testing();
