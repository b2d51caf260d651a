#!/usr/bin/perl
# Every rule against planted faults: tests/lint/RULE.test holds charts and manifests where the rule must speak and where it
# must stay silent. tests/lint/README.md tells the format.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lint";
use LintCases;
use Test::More;

my $cleat = $ENV{CLEAT} || "$FindBin::Bin/../../build/cleat";
my @files = @ARGV ? @ARGV : sort glob("$FindBin::Bin/../lint/*.test");

for my $file (@files) {
	my ($rule) = $file =~ m{([^/]+)\.test$};
	my ($bad, $good) = (0, 0);
	my $mend = LintCases::mending_hint($cleat, $rule);
	for my $case (LintCases::read_cases($file)) {
		my ($found, $hints) = LintCases::run($cleat, $rule, $case);
		is($found, $case->{expect}, "$rule: $case->{kind}: $case->{name}");
		is_deeply([grep { $_ ne $mend } @$hints], [], "$rule: $case->{name}: says how to mend it")
			if $case->{kind} eq 'bad';
		$case->{kind} eq 'bad' ? $bad++ : $good++;
	}
	cmp_ok($bad, '>=', 5, "$rule: at least five bad variants");
	cmp_ok($good, '>=', 5, "$rule: at least five good variants");
}
done_testing();
