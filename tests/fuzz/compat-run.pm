package CompatRun;

# Both sides of tests/fuzz/compat: what cleat and Helm make of cases (HelmCases), many at once. A result is
# ["output" or "error", text].

use strict;
use warnings;
use Errno;
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use HelmCases qw(cases_write helm_run);
use Exporter 'import';

our @EXPORT_OK = qw(cleat_run helm_lint helm_single helm_joined same runs);

my $work = tempdir('cleat-fuzz-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my %runs = (cleat => 0, helm => 0);

sub runs { return %runs }

# Addresses differ from run to run, everything else must not.
sub plain { return $_[0] =~ s/0xc[0-9a-f]{6,11}/0xADDRESS/gir }

sub same {
	my ($a, $b) = @_;
	return $a->[0] eq $b->[0] && plain($a->[1]) eq plain($b->[1]);
}

sub spew {
	my ($file, $text) = @_;
	make_path($1) if $file =~ m{^(.*)/};
	open my $fh, '>:raw', $file or die "$file: $!\n";
	print $fh $text;
	close $fh or die "$file: $!\n";
}

# Runs a command with its output in a file and returns it with the state it ended in.
sub output_of {
	my ($seconds, @command) = @_;
	my $pid = fork() // die "fork: $!\n";
	if (!$pid) {
		open STDOUT, '>', "$work/out" or die;
		open STDERR, '>', "$work/err" or die;
		%ENV = (PATH => '/usr/bin:/bin', HOME => $work, TZ => 'UTC', GOMAXPROCS => 1, ASAN_OPTIONS => 'detect_leaks=0');
		exec @command or die;
	}
	# Go programs ignore the alarm, so it is this one's.
	local $SIG{ALRM} = sub { kill KILL => $pid };
	alarm $seconds;
	1 while waitpid($pid, 0) == -1 && $!{EINTR};
	alarm 0;
	my $state = $?;
	open my $in, '<:raw', "$work/out" or die;
	local $/;
	return (scalar(<$in>) // '', $state);
}

my %UNESCAPE = (n => "\n", t => "\t", r => "\r", a => "\a", b => "\b", f => "\f", v => "\x0b");

sub unquote {
	my ($text) = @_;
	$text =~ s{\\(x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|.)}{
		if (defined $2) { chr hex $2 }
		elsif (defined($3 // $4)) { my $c = chr hex($3 // $4); utf8::encode($c); $c }
		else { $UNESCAPE{$1} // $1 }
	}ge;
	return $text;
}

# cleat_run(CLEAT, CASES...): the result of each, in one process. ["crash", state] where that died.
sub cleat_run {
	my ($cleat, @cases) = @_;
	return () unless @cases;
	my @asked;
	for my $i (0 .. $#cases) {
		# An expectation that none meets, so that every result is shown.
		push @asked, { name => $i, parts => [ (grep { $_->[0] !~ /^(?:output|error)$/ } @{ $cases[$i]{parts} }), [ error => "\x01" ] ] };
	}
	cases_write("$work/all.test", '', @asked);
	$runs{cleat}++;
	my ($out, $state) = output_of(20 + @cases, $cleat, 'eval', '--test', "$work/all.test");
	my @results;
	while ($out =~ /^FAIL \S+: (\d+)\n(?:expected error: .*\ngot (output|error): "(.*)"|(out of memory))$/mg) {
		$results[$1] = defined $4 ? [ crash => $4 ] : [ $2, unquote($3) ];
	}
	if (($state & 127) || $state >> 8 > 1) {
		return [ crash => "state $state: " . ($state >> 8 == 2 ? first_line() : '') ] if @cases == 1;
		my $half = int(@cases / 2);
		return (cleat_run($cleat, @cases[ 0 .. $half - 1 ]), cleat_run($cleat, @cases[ $half .. $#cases ]));
	}
	$_ //= [ crash => 'no result' ] for @results[ 0 .. $#cases ];
	return @results;
}

sub first_line {
	open my $in, '<:raw', "$work/err" or return '';
	return scalar(<$in>) // '';
}

sub helm_single {
	my ($helm, $case) = @_;
	$runs{helm}++;
	my @got = eval { helm_run($helm, $case) };
	return @got ? \@got : [ died => $@ ];
}

# helm_lint(HELM, CASES...): the error of each, all in one run of `helm lint`, whose words for templates are those of
# `helm template`; undef where it reports none. The cases share all parts but the template.
sub helm_lint {
	my ($helm, @cases) = @_;
	return () unless @cases;
	my (@flags, %number, @errors);
	my @folders = map { "$work/lint/$_/t" } 0 .. $#cases;
	for my $i (0 .. $#cases) {
		spew("$folders[$i]/Chart.yaml", "apiVersion: v2\nname: t\nversion: 0.1.0\n");
		for my $part (@{ $cases[$i]{parts} }) {
			my ($head, $text) = @$part;
			spew("$folders[$i]/templates/t.yaml", $text) if $head eq 'template';
			spew("$folders[$i]/$1", $text) if $head =~ /^file (.*)/;
		}
	}
	for my $part (@{ $cases[0]{parts} }) {
		my ($head, $text) = @$part;
		spew("$work/lint/values.yaml", $text), push @flags, '--values', "$work/lint/values.yaml" if $head eq 'values';
		push @flags, map { ('--set', $_) } split /\n/, $text if $head eq 'set';
	}
	$runs{helm}++;
	my ($out, $state) = output_of(60, $helm, 'lint', '--namespace', 'default', @flags, @folders);
	remove_tree("$work/lint");
	# One of them keeps Helm busy without end.
	if ($state & 127) {
		return (undef) if @cases == 1;
		my $half = int(@cases / 2);
		return (helm_lint($helm, @cases[ 0 .. $half - 1 ]), helm_lint($helm, @cases[ $half .. $#cases ]));
	}
	for (split /^==> Linting /m, $out) {
		next unless m{\A\Q$work\E/lint/(\d+)/t\n(.*)}s;
		my ($i, $text) = ($1, $2);
		$text =~ s/\n+Error: \d+ chart\(s\) linted.*\z//s;
		$text =~ s/\n\n\z//;
		$text =~ s/\n\[ERROR\] \S+: chart metadata is missing these dependencies: \w+\z//; # no word of a template's
		next unless $text =~ m{^\[ERROR\] templates/: (.*)}ms;
		$errors[$i] = [ error => $1 ];
	}
	$#errors = $#cases;
	return @errors;
}

# One case of many: their templates one after the other, with marks between them.
sub helm_joined {
	my (@cases) = @_;
	my $text = '';
	for my $i (0 .. $#cases) {
		my ($template) = grep { $_->[0] eq 'template' } @{ $cases[$i]{parts} };
		$text .= "\@\@$i\@\@$template->[1]";
	}
	return { name => 'joined', parts => [ (grep { $_->[0] ne 'template' } @{ $cases[0]{parts} }), [ template => $text . '@@end@@' ] ] };
}

1;
