#!/usr/bin/perl
# The cases of tests/charts/: what cleat prints must be what Helm printed. Behind an error cleat may say more.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use lib dirname(abs_path(__FILE__));
use ChartCases qw(cases_read case_run sorted_log);
use Test::More;

my $here = dirname(abs_path(__FILE__));
my $cleat = abs_path($ENV{CLEAT} // "$here/../../build/cleat");
for my $file (@ARGV ? @ARGV : glob "$here/../charts/*.case") {
	for my $case (cases_read($file)) {
		my %want = map { $_->[0] => $_->[1] } @{ $case->{parts} };
		my ($out, $err, $code) = case_run($case, "'$cleat' render");
		my $ok = $out eq ($want{stdout} // '') && $code == ($want{exit} // 0);
		my $want_err = $want{stderr} // '';
		$ok &&= $code ? index($err, $want_err =~ s/\n\z//r) == 0 : $err eq $want_err;
		ok($ok, $case->{name}) or diag("$file:$case->{line}\nexit $code, want ", $want{exit} // 0, "stdout:\n$out", "want:\n",
			$want{stdout} // '', "stderr:\n$err", "want:\n$want_err");
	}
}
done_testing();
