package HelmCases;

# Template cases (tests/template/README.md): reading and writing .test files, and what the real Helm makes of a case.
#
# A case is a hash: name, line (of its head), parts (list of [head, text], in file order; head is "template",
# "values", "set", "file PATH", "output" or "error").

use strict;
use warnings;
use Errno;
use Exporter 'import';
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);

our @EXPORT_OK = qw(cases_read cases_write case_alike case_part case_set helm_batch helm_find helm_run
	each_in_parallel);

my $HEAD = qr/^(?:--- |### )/;
my %UNESCAPE = (n => "\n", t => "\t", r => "\r", '\\' => '\\');
my %ESCAPE = ("\n" => '\\n', "\t" => '\\t', "\r" => '\\r', '\\' => '\\\\');

# Texts that are files end with a newline that the part does not show.
sub is_file { return $_[0] =~ /^(?:values|file )/ }

sub unescape_line {
	my ($line, $where) = @_;
	return $line unless $line =~ s/^\\//;
	$line =~ s{\\(x([0-9A-Fa-f]{2})|.|$)}{
		defined $2 ? chr hex $2 : $UNESCAPE{$1} // die "$where: unknown escape \\$1\n"
	}ge;
	return $line;
}

# Reads all cases of a file. Dies with FILE:LINE where the file breaks the format.
sub cases_read {
	my ($file) = @_;
	open my $in, '<:raw', $file or die "$file: $!\n";
	my @lines = do { local $/; split /\n/, (<$in> // ''), -1 };
	die "$file: no newline at the end\n" if @lines && pop @lines ne '';

	my (@cases, $part, %seen);
	my $close = sub {
		return unless $part;
		my @text = @{ $part->[1] };
		$part->[1] = join "\n", @text;
		$part->[1] .= "\n" if @text && is_file($part->[0]);
		undef $part;
	};
	my $end_case = sub {
		my ($number) = @_;
		return unless @cases;
		die "$file:$number: a case ends with an empty line\n"
			unless $part && @{ $part->[1] } && pop @{ $part->[1] } eq '';
		$close->();
	};
	for my $i (0 .. $#lines) {
		my ($line, $number) = ($lines[$i], $i + 1);
		if ($line =~ /^### (.*)/) {
			$end_case->($number);
			die "$file:$number: the name '$1' is taken\n" if $seen{$1}++;
			push @cases, { name => $1, line => $number, parts => [] };
		} elsif (!@cases) {
			next;
		} elsif ($line =~ /^--- (template|values|set|output|error|file \S+)$/) {
			my $head = $1;
			$close->();
			my $parts = $cases[-1]{parts};
			die "$file:$number: a second '$head' part\n" if grep { $_->[0] eq $head } @$parts;
			die "$file:$number: '$head' after the expectation\n"
				if grep { $_->[0] =~ /^(?:output|error)$/ } @$parts;
			$part = [ $head, [] ];
			push @$parts, $part;
		} elsif ($line =~ $HEAD) {
			die "$file:$number: unknown part '$line'\n";
		} elsif (!$part) {
			die "$file:$number: text before the first part\n";
		} else {
			push @{ $part->[1] }, unescape_line($line, "$file:$number");
		}
	}
	$end_case->(scalar @lines);
	return @cases;
}

# The lines of a part, in canonical form.
sub part_lines {
	my ($head, $text) = @_;
	return () if $text eq '';
	$text =~ s/\n\z// if is_file($head);
	my @lines = length $text ? split(/\n/, $text, -1) : ('');
	my $final = '';
	if (!is_file($head) && $lines[-1] eq '') {
		pop @lines;
		$final = '\\n';
	}
	for my $i (0 .. $#lines) {
		my $end = $i == $#lines ? $final : '';
		my $line = $lines[$i];
		my $utf8 = $line;
		next if $end eq '' && utf8::decode($utf8) && $line !~ /$HEAD|^\\|[ \t]\z|[\x00-\x08\x0b-\x1f\x7f]/
			&& $utf8 !~ /[\x{80}-\x{9f}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{feff}]|[\p{Zs}]\z/;
		if ($line =~ /[^\x00-\x7f]/ && !utf8::decode(my $copy = $line)) {
			$line = join '', map { /[\\\x00-\x1f\x7f-\xff]/ ? $ESCAPE{$_} // sprintf('\\x%02x', ord) : $_ } split //, $line;
		} else {
			utf8::decode($line);
			$line = join '', map { escape_char($_) } split //, $line;
			utf8::encode($line);
		}
		$line =~ s/ \z/\\x20/;
		$lines[$i] = '\\' . $line . $end;
	}
	return @lines;
}

sub escape_char {
	my ($char) = @_;
	return $ESCAPE{$char} if exists $ESCAPE{$char};
	return $char if $char !~ /[\x00-\x1f\x7f-\x{9f}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{feff}]/
		&& $char !~ /[^\P{Zs} ]/;
	utf8::encode($char);
	return join '', map { sprintf '\\x%02x', ord } split //, $char;
}

# Writes cases in canonical form after $comment, the text before the first case.
sub cases_write {
	my ($file, $comment, @cases) = @_;
	my $out = $comment;
	for my $case (@cases) {
		$out .= "### $case->{name}\n";
		for my $part (@{ $case->{parts} }) {
			$out .= "--- $part->[0]\n" . join '', map { "$_\n" } part_lines(@$part);
		}
		$out .= "\n";
	}
	open my $fh, '>:raw', "$file.new" or die "$file.new: $!\n";
	print $fh $out;
	close $fh or die "$file.new: $!\n";
	rename "$file.new", $file or die "$file: $!\n";
}

sub case_part {
	my ($case, $head) = @_;
	my ($part) = grep { $_->[0] eq $head } @{ $case->{parts} };
	return $part && $part->[1];
}

# Replaces the expectation of a case.
sub case_set {
	my ($case, $head, $text) = @_;
	$case->{parts} = [ (grep { $_->[0] !~ /^(?:output|error)$/ } @{ $case->{parts} }), [ $head, $text ] ];
}

# The path of Helm 4. Ends the program with 77 where there is none.
sub helm_find {
	my ($fetch) = __FILE__ =~ m{^(.*)/} ? "$1/fetch.sh" : './fetch.sh';
	my $bin = qx('$fetch');
	exit $? >> 8 if $?;
	chomp $bin;
	return "$bin/helm4";
}

# How many templates that are no YAML stand beside the case. They make Helm fail after rendering, when
# --debug has it print every rendered file, raw, in random order; many, so that the case is seldom the last,
# whose trailing white space Helm trims.
my $BROKEN = 7;

# A template that keeps Helm busy for longer counts as one that it can't render.
my $HELM_SECONDS = 60;

sub spew {
	my ($file, $text) = @_;
	make_path($1) if $file =~ m{^(.*)/};
	open my $fh, '>:raw', $file or die "$file: $!\n";
	print $fh $text;
	close $fh or die "$file: $!\n";
}

sub slurp {
	my ($file) = @_;
	open my $fh, '<:raw', $file or die "$file: $!\n";
	local $/;
	return <$fh> // '';
}

# helm_chart(HELM, PARTS): runs Helm on the chart made of PARTS, and returns its standard output and error.
sub helm_chart {
	my ($helm, @parts) = @_;
	my $dir = tempdir('cleat-case-XXXXXX', TMPDIR => 1);
	my @args = ($helm, 'template', 'rel', "$dir/t", '--namespace', 'default', '--debug');

	spew("$dir/t/Chart.yaml", "apiVersion: v2\nname: t\nversion: 0.1.0\n");
	spew("$dir/t/templates/zz$_.yaml", "broken: [\n") for 1 .. $BROKEN;
	for my $part (@parts) {
		my ($head, $text) = @$part;
		if ($head eq 'values') {
			spew("$dir/values.yaml", $text);
			push @args, '--values', "$dir/values.yaml";
		} elsif ($head eq 'set') {
			push @args, map { ('--set', $_) } split /\n/, $text;
		} elsif ($head =~ /^file (.*)/) {
			spew("$dir/t/$1", $text);
		}
	}
	my $pid = fork() // die "fork: $!\n";
	if (!$pid) {
		open STDOUT, '>', "$dir/out" or die;
		open STDERR, '>', "$dir/err" or die;
		%ENV = (PATH => '/usr/bin:/bin', HOME => $dir, TZ => 'UTC', GOMAXPROCS => 1);
		exec @args or die;
	}
	local $SIG{ALRM} = sub { kill KILL => $pid };
	alarm $HELM_SECONDS;
	1 while waitpid($pid, 0) == -1 && $!{EINTR};
	alarm 0;
	my ($out, $err) = (slurp("$dir/out"), slurp("$dir/err"));
	remove_tree($dir);
	$err =~ s/\Q$dir\E\///g;
	return ($out, $err);
}

# helm_once(HELM, CASE, TAIL): runs the case with TAIL added to its template. Returns ("error", text),
# ("output", text), or nothing where Helm did not show the output whole.
sub helm_once {
	my ($helm, $case, $tail) = @_;
	my ($out, $err) = helm_chart($helm, map {
		$_->[0] eq 'template' ? [ 'file templates/t.yaml', $_->[1] . $tail ] : $_
	} @{ $case->{parts} });

	if ($out !~ m{^---\n# Source: t/templates/zz\d\.yaml\n}m) {
		$err =~ s/^level=DEBUG .*\n//mg;
		$err =~ s/\n\z//;
		$err =~ s/^.*?^Error: //ms or die "case '$case->{name}': Helm printed neither output nor error:\n$err\n";
		return (error => $err);
	}
	my ($text, $next) = $out =~ m{(?:\A|\n)---\n# Source: t/templates/t\.yaml\n(.*?)\n(---\n# Source: t/templates/(?:(?!t\.yaml)[^\n]+)\n|\z)}s;
	return unless defined $text && $next ne '';
	return (output => $text);
}

my $MARK = '<<<END>>>'; # where an output ends, so that Helm neither trims nor leaves out what is white space

# case_alike(CASE): cases of the same, non-empty text may stand in one chart: they have the same files and values, and
# neither definitions, nor the name of the one template that a case alone has, nor an expected error that would end the
# whole run.
sub case_alike {
	my ($case) = @_;
	return '' if case_part($case, 'template') =~ /define|block|t\.yaml/ || $case->{parts}[-1][0] ne 'output';
	return join "\0", '-', map { @$_ } grep { $_->[0] !~ /^(?:template|output)$/ } @{ $case->{parts} };
}

# helm_batch(HELM, CASES...): which of the cases, all alike, give what they expect when they are rendered in one
# run. The others prove nothing by that: they may have disturbed each other, and want a run of their own.
sub helm_batch {
	my ($helm, @cases) = @_;
	my @parts = grep { $_->[0] !~ /^(?:template|output)$/ } @{ $cases[0]{parts} };
	push @parts, map { [ "file templates/case$_.yaml", case_part($cases[$_], 'template') . $MARK ] } 0 .. $#cases;
	my ($out) = helm_chart($helm, @parts);
	return map {
		my $want = "---\n# Source: t/templates/case$_.yaml\n" . case_part($cases[$_], 'output') . "$MARK\n";
		index($out, $want) >= 0 ? 1 : 0
	} 0 .. $#cases;
}

# helm_run(HELM, CASE): what Helm makes of a case, as ("output" or "error", text).
sub helm_run {
	my ($helm, $case) = @_;
	my @got = helm_once($helm, $case, '');
	return @got if @got;
	# White space only, which Helm does not print, or the last file: mark the end, so that it is neither. A template
	# that runs itself by its name prints the mark more than once.
	for (1 .. 40) {
		@got = helm_once($helm, $case, $MARK) or next;
		die "case '$case->{name}': cannot read its output\n" unless $got[0] eq 'output' && $got[1] =~ s/\Q$MARK\E//g;
		return @got;
	}
	die "case '$case->{name}': Helm never shows its output\n";
}

# each_in_parallel(N, WORK, ITEMS...): calls WORK(item) for every item in N processes and returns the lists it
# returns, as references, in the order of the items. A WORK that dies gives ["died", message].
sub each_in_parallel {
	my ($processes, $work, @items) = @_;
	my $dir = tempdir('cleat-work-XXXXXX', TMPDIR => 1, CLEANUP => 1);
	my @pids;
	for my $p (0 .. $processes - 1) {
		my $pid = fork() // die "fork: $!\n";
		if ($pid) {
			push @pids, $pid;
			next;
		}
		open my $fh, '>:raw', "$dir/$p" or die;
		for (my $i = $p; $i < @items; $i += $processes) {
			my @result = eval { $work->($items[$i]) };
			@result = (died => $@) if $@;
			print $fh pack('N N (N/a)*', $i, scalar @result, map { $_ // '' } @result);
		}
		close $fh;
		require POSIX;
		POSIX::_exit(0);
	}
	waitpid $_, 0 for @pids;
	my @results;
	for my $p (0 .. $processes - 1) {
		my $all = slurp("$dir/$p");
		while (length $all) {
			my ($i, $n) = unpack 'N N', $all;
			my @result = unpack "x8 (N/a)$n", $all;
			$results[$i] = \@result;
			substr $all, 0, 8 + 4 * $n + length(join '', @result), '';
		}
	}
	return @results;
}

1;
