package Docs;

# The manual's examples: every ```sh block of a page is run, in order, in one folder; where a ```text block follows, it is
# what comes out ("..." on a line of its own stands for any lines, at the end of a line for any text). A line that ends in
# "# exits with N" does, every other one exits with 0.
use strict;
use warnings;
use Cli;
use Exporter 'import';
use Test::More;

our @EXPORT = qw(blocks run_page);

# [language, text, line] of each block.
sub blocks
{
	my ($markdown) = @_;
	my (@blocks, $open);
	my $number = 0;
	for (split /\n/, $markdown) {
		$number++;
		if (/^```(\w*)$/) {
			if ($open) { push @blocks, $open; $open = undef }
			else { $open = [$1, '', $number] }
		} elsif ($open) {
			$open->[1] .= "$_\n";
		}
	}
	return @blocks;
}

sub matches
{
	my ($got, $want) = @_;
	my $pattern = join '', map { /^\.\.\.$/ ? '(?:.*\n)*?' : /^(.*)\.\.\.$/ ? quotemeta($1) . '.*\n' : quotemeta("$_\n") } split /\n/, $want;
	return $got =~ /\A$pattern\z/;
}

# Commands as a shell takes them: lines, but for here-documents and lines that go on.
sub commands
{
	my ($text) = @_;
	my (@commands, $end);
	for (split /\n/, $text) {
		if (defined $end || (@commands && $commands[-1] =~ /\\\n\z/)) { $commands[-1] .= "$_\n" }
		else { push @commands, "$_\n" }
		if (defined $end) { undef $end if $_ eq $end }
		elsif (/<<'?(\w+)'?/) { $end = $1 }
	}
	return @commands;
}

# run_page(page, folder, skip): runs the page's blocks; `skip` may give a reason to leave a command out.
sub run_page
{
	my ($page, $folder, $skip) = @_;
	my @blocks = blocks(slurp($page));
	my $name = $page =~ s{^\Q$repository\E/}{}r;
	while (my $block = shift @blocks) {
		my ($language, $text, $line) = @$block;
		next unless $language eq 'sh';
		my ($output, $skipped) = ('');
		for my $command (commands($text)) {
			my ($first) = split /\n/, $command;
			my $want = $first =~ /# exits with (\d+)$/ ? $1 : 0;
			next if $command =~ /^\s*(#|$)/;
			SKIP: {
				my $reason = $skip ? $skip->(\$command, \$want) : undef;
				$skipped = $reason if defined $reason;
				skip "$name: $first: $reason", 1 if defined $reason;
				my ($out, $err, $code) = run("cd '$folder' || exit 99\n${command}code=\$?\npwd >'$folder/../.where'\nexit \$code");
				chomp($folder = slurp("$folder/../.where")) if $command =~ /^cd /;
				ok($want eq 'any' ? $code < 2 : $code == $want, "$name:$line: $first") or diag("exit code $code\n$out$err");
				$output .= $out;
			}
		}
		next unless @blocks && $blocks[0][0] eq 'text';
		my $want = shift @blocks;
		SKIP: {
			skip "$name:$want->[2]: $skipped", 1 if defined $skipped;
			ok(matches($output, $want->[1]), "$name:$want->[2]: and this is what comes out") or diag("got:\n$output\nwant:\n$want->[1]");
		}
	}
}

1;
