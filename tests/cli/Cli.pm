package Cli;

# What the command-line tests share: running a program, a folder of files that goes when the test ends, a copy of this
# repository.
use strict;
use warnings;
use Cwd qw(abs_path getcwd);
use Exporter 'import';
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);

our @EXPORT = qw($cleat $repository run folder slurp spew find_program reference checkout);

our $repository = abs_path(dirname(abs_path(__FILE__)) . '/../..');
our $cleat      = abs_path($ENV{CLEAT} // "$repository/build/cleat");

# What a developer's machine says must not change what the tests see.
delete @ENV{qw(HELM_NAMESPACE NO_COLOR SOURCE_DATE_EPOCH)};
$ENV{KUBECONFIG} = '/dev/null';
$ENV{PATH}       = folder(cleat => undef) . ":$ENV{PATH}";

# run(command, stdin): a shell's command line, in which `cleat` is the binary under test. Gives (output, errors, code).
sub run
{
	my ($command, $stdin) = @_;
	my $dir = tempdir(CLEANUP => 1);
	spew("$dir/in", $stdin // '');
	system('/bin/sh', '-c', "{ $command\n} <'$dir/in' >'$dir/out' 2>'$dir/err'");
	my $code = $? & 127 ? 128 + ($? & 127) : $? >> 8;
	return (slurp("$dir/out"), slurp("$dir/err"), $code);
}

sub slurp
{
	my ($path) = @_;
	open my $file, '<', $path or die "$path: $!\n";
	local $/;
	return scalar(<$file>) // '';
}

sub spew
{
	my ($path, $text) = @_;
	make_path(dirname($path));
	open my $file, '>', $path or die "$path: $!\n";
	print $file $text;
	close $file or die "$path: $!\n";
}

# folder(name => text, ...): a new folder with these files. The name `cleat` without text is a link to the binary.
sub folder
{
	my %files = @_;
	my $dir = tempdir(CLEANUP => 1);
	for my $name (keys %files) {
		if (defined $files{$name}) { spew("$dir/$name", $files{$name}) }
		else { symlink $cleat, "$dir/$name" or die "$dir/$name: $!\n" }
	}
	return $dir;
}

sub find_program
{
	my ($name) = @_;
	for (split /:/, $ENV{PATH}) { return "$_/$name" if -x "$_/$name" && -f _ }
	return undef;
}

# A reference (kubectl, helm4) where tests/compat/fetch.sh has put it; undef where it is not there. Fetches nothing.
sub reference
{
	my ($name) = @_;
	for ($ENV{CLEAT_REF} // '', ($ENV{HOME} // '') . '/.cache/cleat-ref', "$repository/../ref") {
		return abs_path("$_/bin/$name") if length && -x "$_/bin/$name";
	}
	return undef;
}

# A copy of this repository without what is built and what git keeps; some folders can be left out too.
sub checkout
{
	my %without = map { $_ => 1 } ".git", "build", @_;
	my $dir = tempdir(CLEANUP => 1) . '/cleat';
	make_path($dir);
	opendir my $handle, $repository or die "$repository: $!\n";
	my @names = grep { !/^\.\.?$/ && !$without{$_} && !/^build-/ } readdir $handle;
	system('cp', '-a', (map { "$repository/$_" } @names), $dir) == 0 or die "the repository can't be copied\n";
	return $dir;
}

1;
