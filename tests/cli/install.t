#!/usr/bin/perl
# What `make install` and `make deb` put where, the manual pages, and what a static build needs.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cli;
use Test::More;

my $root  = folder();
my $build = folder();
run("cp '$cleat' $build/cleat");
chdir $repository;
my ($out, $err, $code) = run("make -s -o $build/cleat BUILD=$build DESTDIR=$root PREFIX=/usr install");
is($code, 0, 'make install') or diag($err);
for my $file (qw(bin/cleat bin/render bin/kubectl-cleat share/man/man1/cleat.1 share/man/man1/cleat-render.1
	share/bash-completion/completions/cleat share/zsh/site-functions/_cleat share/fish/vendor_completions.d/cleat.fish)) {
	ok(-s "$root/usr/$file", "puts $file there");
}
is((run("$root/usr/bin/render flts ."))[0], (run('cleat render flts .'))[0], '`render` is `cleat render`');
is((run("cd values && $root/usr/bin/render .. -f external-backend.yaml"))[2], 0, 'from any folder');
is((run("PATH=$root/usr/bin:\$PATH kubectl-cleat --version"))[0], (run('cleat --version'))[0], 'kubectl-cleat finds cleat');

SKIP: {
	skip 'man is not there', 2 unless find_program('man');
	($out, $err, $code) = run("for page in $root/usr/share/man/man1/*.1; do man --warnings -l \$page >/dev/null; done");
	is($err, '', 'the manual pages have no faults');
	($out) = run("MANWIDTH=100 man -l $root/usr/share/man/man1/cleat-diff.1 | col -b");
	like($out, qr/SYNOPSIS.*OPTIONS.*--ignore-cluster-defaults.*EXAMPLES.*cleat diff values\/dev\.yaml/s, 'and say what the commands do');
}
for my $command (qw(render build why lint golden diff watch package graph dependency completion man)) {
	my ($help) = run("cleat $command --help");
	my ($page) = run("cleat man $command");
	$page =~ s/\\//g;
	my @missing = grep { index($page, $_) < 0 } $help =~ /(--[a-z][a-z-]+)/g;
	is_deeply(\@missing, [], "the page of $command has every option");
}
is((run('cleat man nope'))[2], 2, 'there is no page of what is no command');
# Every command there is says what it does, and refuses what it does not know.
for my $command (((run('cleat --help'))[0] =~ /^  (\w+)  /mg), 'manual', 'eval') {
	($out, $err, $code) = run("cleat $command --help");
	like("$code $err$out", qr/^0 Usage: cleat $command/, "$command --help");
	is((run("cleat help $command"))[0], $out, "help $command");
	is((() = $out =~ /^.{110,}$/mg), 0, 'fits a screen');
	($out, $err, $code) = run("cleat $command --nope");
	like("$code $out$err", qr/^2 error: unknown flag: --nope[^\n]*\n\z|^2 cleat \w+ takes.*\n\z/i, "$command refuses an unknown option");
}
# What can't be written is no success, and no finding.
SKIP: {
	skip 'there is no /dev/full', 3 unless -c '/dev/full';
	for (['render flts .', 1], ['lint .', 2], ['diff values/dev.yaml values/teams.yaml', 2]) {
		($out, $err, $code) = run("cleat $_->[0] >/dev/full");
		like("$code $err", qr/^$_->[1] cleat: standard output can't be written/, "cleat $_->[0]: a full disk");
	}
}
like((run('cleat rendr'))[1], qr/^cleat: there is no command "rendr" \(did you mean "render"\?\); `cleat --help` lists them$/, 'a misspelt command');
is((run('cleat manual'))[2], 2, 'cleat manual wants a folder');

($out, $err, $code) = run("make -s -o $build/cleat BUILD=$build DESTDIR=$root PREFIX=/usr uninstall; find $root -type f -o -type l");
is($out, '', 'make uninstall takes all of it away');

SKIP: {
	skip 'dpkg-deb is not there', 6 unless find_program('dpkg-deb');
	($out, $err, $code) = run("make -s -o $build/cleat BUILD=$build deb");
	is($code, 0, 'make deb') or diag($err);
	chomp(my $deb = $out);
	like($deb, qr/cleat_\d+\.\d+\.\d+_\w+\.deb$/, 'names the package');
	like((run("dpkg-deb -f $deb"))[0], qr/^Package: cleat\n.*^Depends: libc6$/ms, 'which depends on the C library');
	($out) = run("dpkg-deb -c $deb");
	like($out, qr/root\/root .* \.\/usr\/bin\/cleat\n/, 'and is owned by root');
	like($out, qr/\.\/usr\/share\/man\/man1\/cleat\.1\.gz\n/, 'with its manual');
	my $unpacked = folder();
	is((run("dpkg-deb -x $deb $unpacked && $unpacked/usr/bin/cleat --version"))[0], (run('cleat --version'))[0], 'and runs');
}

# A static build has no dlsym: its table must name what is looked up.
my $table = slurp("$repository/src/base/lib_symbols.h");
my @lacking;
for my $source (split /\n/, (run("grep -rl 'lib_load(' src --include=*.c | grep -v src/base/"))[0]) {
	my $text = slurp($source);
	while ($text =~ /static const char \*const (?!sonames|SONAMES)(?:symbols|NAMES)\[\] = \{(.*?)NULL/gs) {
		my $names = $1;
		push @lacking, map { "$source: $_" } grep { $table !~ /^SYMBOL\($_\)$/m } $names =~ /"(\w+)"/g;
	}
}
is_deeply(\@lacking, [], 'src/base/lib_symbols.h names every function that is loaded');
SKIP: {
	skip 'build/static/cleat is not built (make static)', 2 unless -x 'build/static/cleat';
	like((run('ldd build/static/cleat 2>&1'))[0], qr/not a dynamic executable|statically linked/, 'the static build loads nothing');
	is((run('build/static/cleat render flts .'))[0], (run('cleat render flts .'))[0], 'and renders the same');
}
chdir '/';
done_testing();
