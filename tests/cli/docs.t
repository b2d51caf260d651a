#!/usr/bin/perl
# The manual can not lie: every command in docs/ is run in a copy of this repository, what a page shows is what comes out,
# the reference is what the tables say now, and no link leads nowhere.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Docs;
use File::Basename qw(dirname);
use File::Find;
use Test::More;

my $git = find_program('git');

# A copy with one commit, so that --rev has something to look at, and one change after it.
sub copy
{
	my $dir = checkout('tests', 'src', 'tools');
	run("mkdir -p '$dir/tests' && cp -a '$repository/tests/golden' '$dir/tests/'");
	run("cd '$dir' && git init -q -b main && git add -A && git -c user.name=t -c user.email=t\@example.com commit -qm all") if $git;
	return $dir;
}

# A revision needs git, and so does what reads the file that comes of it.
sub without_git { my ($command) = @_; return $$command =~ /--rev|diff\.md/ && !$git ? 'git is not there' : undef }

for my $page (grep { !/design\.md$/ } glob "$repository/docs/*.md") {
	run_page($page, copy(), \&without_git);
}
my $dir = copy();
for my $page (sort glob "$repository/docs/reference/commands/*.md") { run_page($page, $dir, \&without_git) }
for my $page (sort glob "$repository/docs/reference/rules/*.md") { run_page($page, $dir) }
# The examples of functions are run by tests/unit/test_funcs.c, from the same rows.

my $now = folder();
run("cleat manual '$now/reference'");
my ($out) = run("diff -r '$repository/docs/reference' '$now/reference'");
is($out, '', 'docs/reference is what the tables say: `make docs` writes it anew');

my @lost;
find(sub {
	return unless /\.md$/;
	my $text = slurp($_);
	while ($text =~ /\]\(([^)#:]+)(?:#[^)]*)?\)/g) {
		push @lost, "$File::Find::name: $1" unless -e "$File::Find::dir/$1";
	}
}, "$repository/docs");
for my $link (slurp("$repository/README.md") =~ /\]\(([^)#:]+)(?:#[^)]*)?\)/g) { push @lost, "README.md: $link" unless -e "$repository/$link" }
is_deeply(\@lost, [], 'every link leads to a file');
done_testing();
