package ChartCases;

# Cases for whole charts: files, a command line, and what Helm 4 made of it.
#
#     ### a subchart takes its values from the parent
#     --- file c/templates/a.yaml
#     a: {{ .Values.a }}
#     --- args
#     rel c --set a=1
#     --- stdout
#     ...
#     --- stderr
#     ...
#     --- exit
#     0
#
# `args` are words of a shell, after `helm template` or `cleat render`; the command runs in the folder that holds the
# files, which is DIR in the texts. c/Chart.yaml is there where no `file` says otherwise. `link NAME` makes a symbolic link
# to its text. `stdin` is standard input. Every part but `args` ends with a newline; a line that begins with a backslash is
# read as C reads it, so \--- is a line that looks like a head, and a last line that ends in \c ends the part without one.
# stdout, stderr and exit are written by tests/compat/record-charts, which asks the real Helm. Log lines of stderr are
# kept in order of their text, since Helm's order is chance.

use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);

our @EXPORT_OK = qw(cases_read cases_write case_run sorted_log);

my %C = (n => "\n", t => "\t", r => "\r", '\\' => '\\', '-' => '-', '#' => '#');

sub unescape {
	my ($text) = @_;
	$text =~ s{^\\(.*)$}{ my $line = $1; $line =~ s/\\(x([0-9a-f]{2})|.)/defined $2 ? chr hex $2 : $C{$1} \/\/ "\\$1"/ge; $line }gme;
	$text =~ s/\\c\n\z//;
	return $text;
}

sub escape {
	my ($text) = @_;
	my @lines = split /^/m, $text;
	for my $line (@lines) {
		next unless $line =~ /^(?:---\s|### |\\)|[\x00-\x08\x0b-\x1f\x7f]|[ \t]$/;
		$line =~ s/\\/\\\\/g;
		$line =~ s/([\x00-\x08\x0b-\x1f\x7f])/sprintf '\\x%02x', ord $1/ge;
		$line =~ s/ $/\\x20/;
		$line = "\\$line";
	}
	$text = join '', @lines;
	$text .= "\\c\n" if $text ne '' && $text !~ /\n\z/;
	return $text;
}

sub cases_read {
	my ($file) = @_;
	open my $in, '<:raw', $file or die "$file: $!\n";
	my (@cases, $part);
	while (my $line = <$in>) {
		if ($line =~ /^### (.+)/) {
			push @cases, { name => $1, line => $., parts => [] };
			undef $part;
		} elsif (@cases && $line =~ /^--- (args|stdin|stdout|stderr|exit|(?:file|link) \S.*)\n/) {
			$part = [ $1, '' ];
			push @{ $cases[-1]{parts} }, $part;
		} elsif ($part) {
			$part->[1] .= $line;
		}
	}
	for my $case (@cases) {
		# The empty line before the next case is layout.
		$case->{parts}[-1][1] =~ s/\n\z// if @{ $case->{parts} };
		$case->{parts}[-1][1] =~ s/([^\n])\z/$1\n/ if @{ $case->{parts} };
		$_->[1] = unescape($_->[1]) for @{ $case->{parts} };
	}
	return @cases;
}

sub cases_write {
	my ($file, @cases) = @_;
	open my $in, '<:raw', $file or die "$file: $!\n";
	my $head = '';
	while (<$in>) { last if /^### /; $head .= $_ }
	open my $out, '>:raw', "$file.new" or die "$file.new: $!\n";
	print $out $head;
	for my $case (@cases) {
		print $out "### $case->{name}\n";
		print $out "--- $_->[0]\n", escape($_->[1]) for @{ $case->{parts} };
		print $out "\n";
	}
	close $out or die "$file.new: $!\n";
	rename "$file.new", $file or die "$file: $!\n";
}

sub put {
	my ($path, $text) = @_;
	make_path(dirname($path));
	open my $out, '>:raw', $path or die "$path: $!\n";
	print $out $text;
}

sub get { open my $in, '<:raw', $_[0] or return ''; local $/; return scalar(<$in>) // '' }

sub sorted_log {
	my ($text) = @_;
	my ($log, $rest) = $text =~ /\A((?:level=[^\n]*\n)*)(.*)\z/s;
	return join('', sort split /^/m, $log) . $rest;
}

# Runs `command`, a string for the shell, on the case. Returns stdout, stderr and the exit code.
sub case_run {
	my ($case, $command) = @_;
	my $dir = tempdir(CLEANUP => 1);
	my %part = map { $_->[0] => $_->[1] } @{ $case->{parts} };
	put("$dir/w/c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n") unless exists $part{'file c/Chart.yaml'};
	for (@{ $case->{parts} }) {
		my ($head, $text) = @$_;
		put("$dir/w/$1", $text) if $head =~ /^file (.*)/;
		if ($head =~ /^link (.*)/) {
			my $to = "$dir/w/$1";
			make_path(dirname($to));
			$text =~ s/\n\z//;
			symlink $text, $to or die "$to: $!\n";
		}
	}
	put("$dir/in", $part{stdin} // '');
	my $args = $part{args} // 'rel c';
	$args =~ s/\n\z//;
	local %ENV = (%ENV, HOME => $dir, HELM_CACHE_HOME => $dir, HELM_CONFIG_HOME => $dir, HELM_DATA_HOME => $dir);
	delete @ENV{ grep { /^KUBE|^HELM_NAMESPACE/ } keys %ENV };
	system '/bin/sh', '-c', "cd '$dir/w' && $command $args <'$dir/in' >'$dir/out' 2>'$dir/err'";
	my $code = $? >> 8 || $? & 127;
	my ($out, $err) = (get("$dir/out"), get("$dir/err"));
	s{\Q$dir\E/w}{DIR}g for $out, $err;
	return ($out, sorted_log($err), $code);
}

1;
