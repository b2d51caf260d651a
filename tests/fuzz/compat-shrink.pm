package CompatShrink;

# Makes a case on which cleat and Helm differ smaller while they go on differing.

use strict;
use warnings;
use CompatRun qw(cleat_run helm_single same);
use HelmCases qw(case_part);

my $TOKEN = qr/\{\{-?|-?\}\}|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'|\s+|[\w.\$\x80-\xff]+|./s;

sub tokens { return $_[0] =~ /$TOKEN/g }

# Pairs of positions: of parentheses, of `{{` and `}}`, of an opening action and its end.
sub pairs {
	my (@tokens) = @_;
	my (@pairs, @parens, @blocks, $open, @actions);
	for my $i (0 .. $#tokens) {
		if ($tokens[$i] =~ /^\{\{/) {
			$open = $i;
		} elsif ($tokens[$i] =~ /\}\}$/ && defined $open) {
			push @pairs, [ $open, $i ];
			my ($word) = grep { /\S/ } @tokens[ $open + 1 .. $i - 1 ];
			if (($word // '') =~ /^(?:if|with|range|define|block)$/) {
				push @blocks, [ $open, $i ];
			} elsif (($word // '') eq 'end' && @blocks) {
				my $from = pop @blocks;
				push @pairs, [ $from->[0], $i ];
				push @actions, [ @$from, $open, $i ];
			}
			undef $open;
		} elsif ($tokens[$i] eq '(') {
			push @parens, $i;
		} elsif ($tokens[$i] eq ')' && @parens) {
			push @pairs, [ pop @parens, $i ];
		}
	}
	return (\@pairs, \@actions);
}

# Smaller texts, the smallest first.
sub smaller {
	my ($text) = @_;
	my @tokens = tokens($text);
	my ($pairs, $blocks) = pairs(@tokens);
	my (@out, %seen);
	my $without = sub {
		my %drop = map { $_ => 1 } @_;
		push @out, join '', @tokens[ grep { !$drop{$_} } 0 .. $#tokens ];
	};
	for (my $size = int(@tokens / 2); $size > 2; $size = int($size / 2)) {
		$without->($_ .. $_ + $size - 1) for map { $_ * $size } 0 .. int(@tokens / $size);
	}
	for (sort { $b->[1] - $b->[0] <=> $a->[1] - $a->[0] } @$pairs) {
		my ($from, $to) = @$_;
		$without->($from .. $to);
		push @out, join '', @tokens[ 0 .. $from - 1 ], $_, @tokens[ $to + 1 .. $#tokens ] for $tokens[$from] eq '(' ? ('1', '"a"', '(list)') : ();
		$without->($from, $to) if $tokens[$from] eq '(';
	}
	$without->($_->[0] .. $_->[1], $_->[2] .. $_->[3]) for @$blocks;
	for my $i (0 .. $#tokens) {
		$without->($i);
		$without->($i, $i + 1) if $i < $#tokens;
		$without->($i .. $i + 2) if $i + 1 < $#tokens;
		my $t = $tokens[$i];
		push @out, join '', @tokens[ 0 .. $i - 1 ], $_, @tokens[ $i + 1 .. $#tokens ]
			for $t =~ /^(["`])(.+)["`]$/s && length $2 > 1 ? ("$1$1", '"' . substr($2, 0, int(length($2) / 2)) . '"', '"' . substr($2, int(length($2) / 2)) . '"', $1 . substr($2, 1) . $1, $1 . substr($2, 0, -1) . $1)
			: $t =~ /^\{\{-$/ ? '{{' : $t =~ /^-\}\}$/ ? '}}' : $t =~ /^\s{2,}$/ ? ' ' : $t =~ /^\d\d+$/ ? (substr($t, 1), 1) : ();
	}
	return grep { length $_ < length $text && !$seen{$_}++ } @out;
}

sub kind_of_error { return $_[0][1] =~ /parse error/ ? 'parse' : $_[0][0] }

# shrink(CLEAT, HELM, CASE, CLEAT'S, HELM'S): the smaller case with the two results it gives.
sub shrink {
	my ($cleat, $helm, $case, $got, $want) = @_;
	my ($tries, $until) = (0, time + 15);
	my $try_all = sub {
		my (@cases) = @_;
		while (my @some = splice @cases, 0, 60) {
			my @results = cleat_run($cleat, @some);
			for my $i (0 .. $#some) {
				return if time > $until;
				next unless kind_of_error($results[$i]) eq kind_of_error($got);
				my $other = helm_single($helm, $some[$i]);
				$tries++;
				next unless kind_of_error($other) eq kind_of_error($want) && !same($results[$i], $other);
				($case, $got, $want) = ($some[$i], $results[$i], $other);
				return 1;
			}
		}
		return;
	};
	my $with = sub {
		my ($head, $text) = @_;
		return { %$case, parts => [ map { $_->[0] eq $head ? (defined $text ? [ $head, $text ] : ()) : $_ } @{ $case->{parts} } ] };
	};
	my $changed = 1;
	while ($changed && time < $until) {
		$changed = 0;
		for my $head (map { $_->[0] } @{ $case->{parts} }) {
			if ($head ne 'template') {
				$changed = 1, next if $try_all->($with->($head, undef));
			}
			next if $head eq 'file Chart.yaml';
			if ($head ne 'template') {
				1 while length case_part($case, $head) && $try_all->(map { $with->($head, $_) } without_lines(case_part($case, $head))) && ($changed = 1);
			}
			1 while defined case_part($case, $head) && $try_all->(map { $with->($head, $_) } smaller(case_part($case, $head))) && ($changed = 1);
		}
	}
	return ($case, $got, $want);
}

sub without_lines {
	my ($text) = @_;
	my @lines = split /(?<=\n)/, $text;
	my @out;
	for (my $size = int(@lines / 2) || 1; $size >= 1; $size = int($size / 2)) {
		for (my $i = 0; $i < @lines; $i += $size) {
			my $end = $i + $size - 1;
			push @out, join '', @lines[ grep { $_ < $i || $_ > $end } 0 .. $#lines ];
		}
	}
	return @out;
}

1;
